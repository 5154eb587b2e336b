"""I dag: the day's appointments, who has come, drop-in, tasks, and what to make ready for tomorrow."""
