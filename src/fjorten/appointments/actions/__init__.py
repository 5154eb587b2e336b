"""Changes to rosters, appointments and absences: one module for each noun."""
