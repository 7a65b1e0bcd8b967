"""What a written sentence says, held against the words that are to prove it. Pure."""
