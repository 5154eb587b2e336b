"""Kalender: the clinic's week, times for a child, who is away, and whether there are times enough."""
