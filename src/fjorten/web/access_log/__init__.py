"""Innsynslogg: who saw what, the odd first, each closed with a verdict; and what was given to whom, and blocked for whom."""
