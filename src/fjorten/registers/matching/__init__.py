"""
Scored candidates for journals without an identity number: who in the register each of them may belong to, with the evidence in words.

Nothing is merged here or anywhere else without a person. No Django: the reconciliation that uses it runs without a database.
"""

from fjorten.registers.matching.suggestions import candidates

__all__ = ["candidates"]
