"""What one adult is sent, word for word: the text in their language or the fallback, filled with what is known now."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from fjorten.kernel.telephones import TelephoneNumberIsInvalid, as_read
from fjorten.messages.dates import clock_in, day_in
from fjorten.messages.direction import for_sms
from fjorten.messages.languages import languages
from fjorten.messages.letters.letter import Letter, Sender, Wording
from fjorten.messages.letters.printing import letter_as_pdf
from fjorten.messages.models import Message, Way
from fjorten.messages.postal_addresses import PostalAddress
from fjorten.messages.telling import Told
from fjorten.messages.texts import Channel, Chosen, Text, TextCannotBeFilled, choose, fill, messages
from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.models import Adult, Person


@dataclass(frozen=True, slots=True)
class Composed:
    """
    A finished text. `title` is the letter's, and the subject of an e-mail; `language` is what it is written in.

    `wanted` is the family's language: where it differs, they get the municipality's Norwegian, and `line` in their own when it is approved.
    """

    title: str
    body: str
    line: str
    language: str
    wanted: str
    is_right_to_left: bool

    @property
    def sms(self) -> str:
        """The text as one line, the line in the family's language behind it, laid out the way it is read."""
        return for_sms(f"{self.body} {self.line}".strip(), is_right_to_left=self.is_right_to_left)


def compose(message: Message, told: Told, *, approved: Collection[str] = ()) -> Composed:
    """
    Write what one adult is told by one message. Raises NoSuchText or TextCannotBeFilled, which are ours to mend and not the family's.

    `approved` are the texts the municipality has approved itself (`approved_texts`); without them only those that ship approved are used.
    A letter in the place of a short text says what the kind's letter says (`on_paper`).
    """
    municipality = message.clinic.municipality
    channel = Channel.LETTER if message.way == Way.LETTER else Channel.SMS
    kind = messages()[message.kind].on_paper or message.kind if channel is Channel.LETTER else message.kind
    wanted = told.language or municipality.norwegian
    chosen = choose(kind, channel, language=wanted, norwegian=municipality.norwegian, approved=approved)
    title, body = fill(chosen.text, values_of(chosen.text.placeholders, message, chosen.text.language))
    return Composed(
        title=title or brand_of(municipality),
        body=body,
        line=_line(chosen, message.clinic),
        language=chosen.text.language,
        wanted=wanted,
        is_right_to_left=languages()[chosen.text.language].is_right_to_left,
    )


def compose_letter(message: Message, told: Told, *, written_on: date, approved: Collection[str] = ()) -> Letter:
    """
    Write one letter: in the municipality's Norwegian, and after it in the family's language where that is approved, else with the approved
    line in it (messages.md: letters in nb or nn and the own language). Raises NoSuchText or TextCannotBeFilled.
    """
    municipality, clinic, adult = message.clinic.municipality, message.clinic, told.reach.adult
    kind = messages()[message.kind].on_paper or message.kind
    wanted = told.language or municipality.norwegian
    base = choose(kind, Channel.LETTER, language=municipality.norwegian, norwegian=municipality.norwegian, approved=approved)
    own = choose(kind, Channel.LETTER, language=wanted, norwegian=municipality.norwegian, approved=approved)
    texts = [base.text] if own.is_fallback or wanted == municipality.norwegian else [base.text, own.text]
    line = _line(own, clinic)
    return Letter(
        key=str(message.pk),
        sender=Sender(name=brand_of(municipality), address=(clinic.visiting_address,), telephone=_phone(clinic, municipality.norwegian)),
        recipient=_address_of(adult),
        written_on=written_on,
        wordings=tuple(_wording(text, message, approved) for text in texts),
        line=Wording(language=wanted, title="", body=line, is_approved=True) if line else None,
    )


@dataclass(frozen=True, slots=True)
class WrittenLetter:
    """A letter, and the accessible PDF of it."""

    letter: Letter
    pdf: bytes = field(repr=False)

    @property
    def title(self) -> str:
        """The title of its first page."""
        return self.letter.wordings[0].title

    @property
    def said(self) -> str:
        """All it says, word for word, in each of its languages."""
        return "\n\n".join(wording.body for wording in self.letter.wordings)

    @property
    def language(self) -> str:
        """What it is written in: the family's language where it stands in the letter, else the Norwegian."""
        return self.letter.wordings[-1].language


def write_letter(message: Message, told: Told, *, written_on: date, approved: Collection[str] = ()) -> WrittenLetter:
    """
    Write one letter and make it a file. Raises NoSuchText, TextCannotBeFilled, LetterHasLettersNobodyCanWrite, and LettersCannotBeMade when
    the machine lacks what letters need.
    """
    letter = compose_letter(message, told, written_on=written_on, approved=approved)
    return WrittenLetter(letter, letter_as_pdf(letter))


def _wording(text: Text, message: Message, approved: Collection[str]) -> Wording:
    title, body = fill(text, values_of(text.placeholders, message, text.language))
    return Wording(language=text.language, title=title, body=body, is_approved=text.is_approved(approved))


def _address_of(adult: Adult) -> PostalAddress:
    address = adult.postal_address
    country = "" if address.country == "NO" else address.country
    lines = tuple(address.lines.splitlines())
    return PostalAddress(name=adult.name, lines=lines, postcode=address.postal_code, place=address.place, country=country)


def brand_of(municipality: Municipality) -> str:
    """Tell the name families know the municipality by."""
    return municipality.brand or municipality.name


def _line(chosen: Chosen, clinic: Clinic) -> str:
    if chosen.line is None:
        return ""
    return fill(chosen.line, dict.fromkeys(chosen.line.placeholders, _phone(clinic, chosen.line.language)))[1]


def _phone(clinic: Clinic, language: str) -> str:
    try:
        return as_read(clinic.telephone, is_right_to_left=languages()[language].is_right_to_left)
    except TelephoneNumberIsInvalid as missing:
        raise TextCannotBeFilled("the clinic has no telephone number") from missing


def values_of(names: frozenset[str], message: Message, language: str) -> dict[str, str]:
    """Tell what is put into a text in a language, by the names it asks for. Raises TextCannotBeFilled."""
    clinic, values = message.clinic, message.values
    made = {
        "brand": lambda: brand_of(clinic.municipality),
        "given_name": lambda: given_name(message.person, language),
        "day": lambda: day_in(language, _instant(values["begins_at"])),
        "time": lambda: clock_in(language, _instant(values["begins_at"])),
        "place": lambda: clinic.visiting_address,
        "phone": lambda: _phone(clinic, language),
        "missed_day": lambda: day_in(language, _instant(values["missed_at"])),
    }
    try:
        return {name: made[name]() for name in names}
    except (KeyError, ValueError) as missing:  # what the obligation should have given
        raise TextCannotBeFilled(f"{message.kind}: a value is missing or cannot be read") from missing


def given_name(person: Person, language: str) -> str:
    """Tell what a child is called in a message: the first of the given names, or «barnet» while there is none (messages.md [default])."""
    names = [] if person.name_is_temporary else person.given_name.split()
    if not names:
        return languages()[language].child
    return re.sub(r"\w+", lambda part: part[0].capitalize(), names[0]) if names[0].isupper() else names[0]


def _instant(written: str) -> datetime:
    return datetime.fromisoformat(written)
