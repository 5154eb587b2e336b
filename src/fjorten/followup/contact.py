"""
How a family was reached, with what interpreter, and what came of it: the closed lists a step is written with. Pure.

A child is never an interpreter, except in an emergency (tolkeloven § 4 [source]).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class How(StrEnum):
    """In what way a step was taken."""

    TELEPHONE = "telephone"
    SMS = "sms"
    LETTER = "letter"
    HOME_VISIT = "home_visit"
    IN_PERSON = "in_person"
    REGISTER = "register"
    DISCUSSION = "discussion"

    @property
    def words(self) -> str:
        """In Norwegian."""
        return _HOW[self]


class Interpreter(StrEnum):
    """Who interpreted."""

    NONE = "none"
    QUALIFIED = "qualified"
    STAFF = "staff"
    ADULT = "adult"
    CHILD = "child"
    CHILD_EMERGENCY = "child_emergency"

    @property
    def words(self) -> str:
        """In Norwegian."""
        return _INTERPRETER[self]


class Outcome(StrEnum):
    """What came of a step."""

    REACHED = "reached"
    NO_CONTACT = "no_contact"
    NEW_TIME = "new_time"
    DECLINES = "declines"
    FOUND_OUT = "found_out"
    DONE = "done"

    @property
    def words(self) -> str:
        """In Norwegian."""
        return _OUTCOME[self]


_HOW: Final = {
    How.TELEPHONE: "på telefon",
    How.SMS: "med SMS",
    How.LETTER: "med brev",
    How.HOME_VISIT: "på hjemmebesøk",
    How.IN_PERSON: "på helsestasjonen",
    How.REGISTER: "i registre og journal",
    How.DISCUSSION: "i drøfting",
}
_INTERPRETER: Final = {
    Interpreter.NONE: "uten tolk",
    Interpreter.QUALIFIED: "med kvalifisert tolk",
    Interpreter.STAFF: "en ansatt snakket språket",
    Interpreter.ADULT: "en voksen familien valgte, tolket",
    Interpreter.CHILD: "et barn tolket",
    Interpreter.CHILD_EMERGENCY: "et barn tolket i en nødssituasjon",
}
_OUTCOME: Final = {
    Outcome.REACHED: "fikk kontakt",
    Outcome.NO_CONTACT: "fikk ikke kontakt",
    Outcome.NEW_TIME: "ny time avtalt",
    Outcome.DECLINES: "familien takker nei",
    Outcome.FOUND_OUT: "avklart",
    Outcome.DONE: "gjort",
}
