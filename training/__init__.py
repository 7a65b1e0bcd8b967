"""How the fitted parts of Newsdesk are made; never imported by the product."""
