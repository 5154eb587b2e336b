"""Folkeregisteravvik: where the register and the journals say different things, with both sides' evidence and one thing to do."""
