"""Barn som trenger noe nå: who lives here without a journal, whom nobody met, and who is due; picked, and acted on together."""
