"""One reader for each form in which an article may come; `corpus.extracting` chooses. Pure."""
