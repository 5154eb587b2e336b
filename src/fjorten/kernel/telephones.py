"""Telephone numbers: read as people write them, kept in one form, shown without giving them away. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from fjorten.kernel.refusals import Refused

REGION: Final = "NO"
# Numbers of these kinds get text messages. What cannot be told from the number is tried: a message that does not arrive becomes a letter.
_GETS_SMS: Final = frozenset(
    {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.UNKNOWN, PhoneNumberType.PERSONAL_NUMBER}
)
_NO_BREAK: Final = "\u00a0"


class TelephoneNumberIsInvalid(Refused):
    """What was written is not a telephone number that can exist."""

    sentence = "Dette er ikke et gyldig telefonnummer. Skriv et norsk nummer med åtte sifre, eller et utenlandsk med + og landkode først."


class TelephoneNumberIsTooShort(TelephoneNumberIsInvalid):
    """Too few digits."""

    sentence = "Telefonnummeret har for få sifre. Skriv et norsk nummer med åtte sifre, eller et utenlandsk med + og landkode først."


class TelephoneNumberIsTooLong(TelephoneNumberIsInvalid):
    """Too many digits."""

    sentence = "Telefonnummeret har for mange sifre. Skriv et norsk nummer med åtte sifre, eller et utenlandsk med + og landkode først."


@dataclass(frozen=True, slots=True)
class Telephone:
    """A number in the one form it is kept in, E.164 ("+4700000001"), which shows in no repr; and whether a text message can reach it."""

    e164: str = field(repr=False)
    gets_sms: bool

    @property
    def masked(self) -> str:
        """The number for lists and logs: the country and the last two digits."""
        return mask(self.e164)


def read_telephone(written: str) -> Telephone:
    """
    This function will read a number as people write it: spaces, brackets, 00 or + before the country, digits of any script.

    Without a country it is Norwegian. A number need not be in use, only of a length and country that can be: a clinic must be able to keep
    what the family says. Raises TelephoneNumberIsInvalid, with what is wrong.
    """
    try:
        number = phonenumbers.parse(written, REGION)
    except NumberParseException as error:
        short = {NumberParseException.TOO_SHORT_AFTER_IDD, NumberParseException.TOO_SHORT_NSN}
        if error.error_type in short:
            raise TelephoneNumberIsTooShort from None
        raise (TelephoneNumberIsTooLong if error.error_type == NumberParseException.TOO_LONG else TelephoneNumberIsInvalid) from None
    match phonenumbers.is_possible_number_with_reason(number):
        case phonenumbers.ValidationResult.IS_POSSIBLE:
            pass
        case phonenumbers.ValidationResult.TOO_SHORT | phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            raise TelephoneNumberIsTooShort
        case phonenumbers.ValidationResult.TOO_LONG:
            raise TelephoneNumberIsTooLong
        case _:
            raise TelephoneNumberIsInvalid
    if number.extension:  # nothing can be sent to it
        raise TelephoneNumberIsInvalid
    kind = phonenumbers.number_type(number)
    return Telephone(phonenumbers.format_number(number, PhoneNumberFormat.E164), kind in _GETS_SMS)


def mask(number: str) -> str:
    """This function will show a number kept as E.164 without giving it away: "+47 ••• 01"; "•••" for anything else."""
    try:
        country = phonenumbers.parse(number, None).country_code
    except NumberParseException:
        return "•••"
    return f"+{country} ••• {number[-2:]}"


def as_read(number: str, *, is_right_to_left: bool = False) -> str:
    """
    This function will write a number kept as E.164 the way it is read out: a Norwegian one without its country, in groups.

    Between the groups stand spaces that do not break: with an ordinary space a line read from right to left would show the groups in the
    wrong order, since a space lets go of the digits on both sides and a no-break space holds them together (Unicode Bidirectional
    Algorithm, rule W4 [source]). In a text read from left to right the space is an ordinary one, which keeps an SMS in GSM-7.
    Raises TelephoneNumberIsInvalid.
    """
    try:
        parsed = phonenumbers.parse(number, REGION)
    except NumberParseException:
        raise TelephoneNumberIsInvalid from None
    form = PhoneNumberFormat.NATIONAL if parsed.country_code == 47 else PhoneNumberFormat.INTERNATIONAL
    shown = phonenumbers.format_number(parsed, form)
    # A plus sign would end up behind the number, so the country is called as it is dialled.
    return shown.replace("+", "00").replace(" ", _NO_BREAK) if is_right_to_left else shown
