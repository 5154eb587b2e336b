"""
A synthetic municipality that lives day by day and speaks through the real inputs: register documents, event feed, extracts, journals.

Every person is invented and every identity number is synthetic (month + 80). Everything follows from a seed: the same seed gives the
same bytes. `town.Town` is the way in; `histories` makes single children for tests that need thousands of them.
"""
