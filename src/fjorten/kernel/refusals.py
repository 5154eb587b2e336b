"""What an action says when it will not do as asked."""

from __future__ import annotations


class Refused(Exception):
    """
    An action that could not be carried out, with a sentence a member of staff can act upon.

    Subclasses are named as sentences (`AppointmentAlreadySettled`), stand beside the action that raises them and set `sentence` in
    Norwegian. What is passed to the exception (a primary key, a code) is for the log and never shown; a national number is never passed.
    """

    sentence: str = "Handlingen kan ikke utføres slik saken står nå."

    def __str__(self) -> str:
        return str(self.sentence)
