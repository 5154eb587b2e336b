"""The search of the top bar: a child by name, birth date or identity number, or by a guardian's."""
