"""What a municipality brings along from an earlier system: a file of children's histories in, plans, appointments and closed cases out."""
