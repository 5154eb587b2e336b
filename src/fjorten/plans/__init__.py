"""Who follows the programme and where each of their steps stands: enrolment, planned steps, declined, done elsewhere, waived."""
