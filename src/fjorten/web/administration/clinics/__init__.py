"""Clinics and their rooms: opened, named, found by families, and closed when nothing hangs on them."""
