"""The terminal: commands, and how their results are shown."""
