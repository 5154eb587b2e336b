"""What the population register writes down when it is told that something happened, and how it announces it."""
