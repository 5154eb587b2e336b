"""Rosters: who receives where on which weekday, and when nobody does."""
