"""The messages: what was owed, sent and received, what waits for a person, the letters on paper, and the texts."""
