"""Changes to persons: what the register says (`register`), and what we know of families ourselves (`families`)."""
