"""Oppfølgingssaken: the next step first, what was done, the measures of the guideline, and the assessment that only a person makes."""
