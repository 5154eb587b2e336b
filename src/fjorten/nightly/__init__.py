"""The municipality's night: everything that must be looked after each day, in order, and the word that it was."""
