"""Servers on this machine that stand in for the outside world, and misbehave on purpose."""
