"""Innstillinger: who works here and as what, clinics and rooms, rosters, the programme and the ladder. Texts are under Meldinger."""
