"""
What a family's text message means. Pure.

Only what can be nothing else is understood: a wrong guess would tell the clinic that a family comes who does not. Everything in doubt is
free text, which a person reads.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final


class Meaning(StrEnum):
    """What becomes of a message that came in."""

    COMING = "coming"
    OTHER_TIME = "other_time"
    STOP = "stop"
    FREE_TEXT = "free_text"


class IncomingEffect(StrEnum):
    """What a person did about a message that came from a number nobody here uses."""

    ANSWERED = "answered"
    WRONG_NUMBER = "wrong_number"
    NOTHING_TO_DO = "nothing_to_do"


# Words that say the same as the digit they stand beside, and nothing else, in the languages of the texts. [default] The drafts' words are
# not proof-read: an unknown word only means that a person reads the message.
_WITH_ONE: Final = frozenset(
    {"ja", "jo", "ok", "okay", "takk", "yes", "coming", "kommer", "kjem", "vi", "så", "tak", "так", "да", "نعم", "haa", "eeyo", "እወ"}
)
_WITH_TWO: Final = frozenset({"takk", "please", "annen", "anna", "tid", "ny", "time", "another", "other", "new"})
_STOP: Final = frozenset({"stopp", "stop", "stoppen", "stans", "avmeld"})
_AROUND_STOP: Final = frozenset({"sms", "meldinger", "takk", "please"})


def meaning_of(text: str) -> Meaning:
    """
    This function will tell what a message means: 1 is coming, 2 is another time, STOPP is no more messages. Digits of any script count.

    A message with anything else beside it, another digit, a question mark, a "no", a word that is not on the short list, is FREE_TEXT.
    """
    folded = "".join(_plain(letter) for letter in unicodedata.normalize("NFKC", text).casefold())
    if "?" in folded or "؟" in text or "՞" in text:
        return Meaning.FREE_TEXT
    words = re.findall(r"[^\W_]+", folded)
    rest = frozenset(words)
    if words.count("1") == 1 and rest - {"1"} <= _WITH_ONE and _has_no_sign(folded):
        return Meaning.COMING
    if words.count("2") == 1 and rest - {"2"} <= _WITH_TWO and _has_no_sign(folded):
        return Meaning.OTHER_TIME
    if rest & _STOP and rest <= _STOP | _AROUND_STOP:
        return Meaning.STOP
    return Meaning.FREE_TEXT


def _plain(letter: str) -> str:
    """Digits of every script as those of ours; marks that only say which way a line is read, as nothing."""
    digit = unicodedata.digit(letter, None) if unicodedata.category(letter) == "Nd" else None
    if digit is not None:
        return str(digit)
    return "" if unicodedata.category(letter) in {"Cf", "Mn", "Me"} else letter


def _has_no_sign(folded: str) -> bool:
    # "1/2", "1-2", "-1" and ":1" are not plain answers; a full stop, a comma and an exclamation mark are how people end a sentence.
    return not re.search(r"[^\w\s.,!)\"'«»“”]", folded) or _is_pictures(folded)


def _is_pictures(folded: str) -> bool:
    signs = re.findall(r"[^\w\s.,!)\"'«»“”]", folded)
    return all(sign in _GLAD for sign in signs)


_GLAD: Final = frozenset("👍🙂😊❤🙏👌😀😃")
