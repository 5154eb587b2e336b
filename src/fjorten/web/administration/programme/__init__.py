"""The programme: which version applies, what it consists of, and what the municipality has decided about it."""
