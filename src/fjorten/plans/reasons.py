"""The signed reason that goes with a change of a plan: that it is there, and that it fits."""

from typing import Final

from fjorten.kernel.refusals import Refused

REASON_LENGTH: Final = 500  # characters; what the tables hold


class ReasonIsMissing(Refused):
    """A signed reason was asked for and not given."""

    sentence = "Skriv en begrunnelse (minst ett ord). Den blir stående med navnet ditt."


class ReasonIsTooLong(Refused):
    """The reason does not fit; what belongs in the journal should not be written here either."""

    sentence = f"Begrunnelsen er for lang. Skriv den med høyst {REASON_LENGTH} tegn, og resten i journalen."


def refuse_without_reason(reason: str) -> None:
    """Make sure that there is a reason, and that it fits. Raises ReasonIsMissing or ReasonIsTooLong."""
    if not reason.strip():
        raise ReasonIsMissing
    refuse_too_long(reason)


def refuse_too_long(reason: str) -> None:
    """Make sure that a reason fits. Raises ReasonIsTooLong."""
    if len(reason) > REASON_LENGTH:
        raise ReasonIsTooLong
