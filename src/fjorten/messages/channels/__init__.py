"""Everything that carries a message out of the house, behind one interface (`interface.Channel`). Imported by the messages room only."""
