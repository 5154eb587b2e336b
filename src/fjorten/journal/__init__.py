"""The health record. So far only whether a child has one: consultations and measurements follow."""
