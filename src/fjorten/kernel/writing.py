"""What people write in fields: that it fits where it is kept, and that an e-mail address is one. Pure."""

import re
from typing import Final

from fjorten.kernel.refusals import Refused
from fjorten.kernel.spoken import spoken

# One @ with something before it and a name with a dot after it, without spaces: what a mail server will take or refuse better than we can.
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
LONGEST_EMAIL: Final = 254  # characters (RFC 5321 [source])


class TextIsTooLong(Refused):
    """What was written does not fit where it is kept. Nothing is cut off: it is written shorter by whoever wrote it."""

    def __init__(self, what: str, *, most: int) -> None:
        super().__init__(what)
        self.sentence = spoken("For langt: %(what)s kan ha høyst %(most)s tegn.", what=what, most=str(most))


class EmailIsInvalid(Refused):
    """What was written is no e-mail address."""

    sentence = "Dette er ikke en e-postadresse. Skriv den som navn@kommune.example."


def must_fit(what: str, text: str, *, most: int) -> None:
    """Make sure that a text has at most so many characters; `what` it is, in Norwegian, as `spoken`. Raises TextIsTooLong."""
    if len(text) > most:
        raise TextIsTooLong(what, most=most)


def read_email(text: str) -> str:
    """Read an e-mail address as people write it, without the spaces around it. Raises EmailIsInvalid or TextIsTooLong."""
    address = text.strip()
    must_fit(spoken("e-postadressen"), address, most=LONGEST_EMAIL)
    if _EMAIL.fullmatch(address) is None:
        raise EmailIsInvalid
    return address
