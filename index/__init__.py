"""How Newsdesk finds it: everything here is derived from the corpus and can be rebuilt from it."""
