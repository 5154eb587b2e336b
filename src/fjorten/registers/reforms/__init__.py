"""
Which municipality a code became when municipalities were merged, split or renumbered: dated data, and what it means on a given day.

A changed code is never a move. `municipalities.csv` holds the reforms of 2018 to 2024; later ones, and corrections, are importable.
"""
