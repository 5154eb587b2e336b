"""The ladder after a missed consultation: its steps, and the municipality's own days and words."""
