"""
What the registers tell: read through feeds and snapshots, kept as facts, and compared with our own journals.

`feeds/` reads a register and `reconcile/` compares files without a database. What differs becomes findings and work items for a person:
absence of data never deletes or closes anything.
"""
