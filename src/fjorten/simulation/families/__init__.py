"""How families are and what they do: how they are reached, whether they come, what they answer. Pure draws from a seed."""
