"""The command line: one module a command, each a thin edge that reads the clock, calls one action or query, and prints."""
