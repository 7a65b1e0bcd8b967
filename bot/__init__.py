"""How Newsdesk answers: the terminal, Discord, and the writing of answers."""
