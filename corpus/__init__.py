"""What Newsdesk knows: the articles, which are the only truth. Imports no other room."""
