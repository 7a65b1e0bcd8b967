"""From a question to an answer with proven citations. Knows nothing of Discord or the terminal."""
