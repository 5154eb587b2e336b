"""
The texts families are sent: read from texts/*.toml, checked, chosen by language, and filled. Pure.

A text is data somebody has reviewed, never a template with a language of its own: what may be put into it is a short list of names, and
each is replaced once by plain text. A text that nobody has approved, neither where it ships nor in the municipality, is never chosen; what
is sent instead is the municipality's Norwegian, with one approved line in the family's language under it when there is one.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from fjorten.messages.languages import languages
from fjorten.programme.tables import LANGUAGES, Table, opened

# What may stand in braces in a text, and what it is. Nothing else may: no number, no full name, no kind of clinic, nothing about health.
PLACEHOLDERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "brand": "kommunens navn slik familiene kjenner det",
        "given_name": "barnets fornavn, aldri hele navnet",
        "day": "ukedag og dato på familiens språk",
        "time": "klokkeslett",
        "place": "navn og adresse på stedet; bare i brev",
        "phone": "telefonnummeret familien kan ringe",
        "missed_day": "dagen ingen kom; bare i brev",
    }
)
# As much as is ever put in: what the parts of a message are counted with.
LONGEST_VALUES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "brand": "Fjordvik kommune",
        "given_name": "Alexander",
        "day": "torsdag 24. september",
        "time": "09.30",
        "place": "Torget 1, Fjordvik",
        "phone": "00 00 00 00",
        "missed_day": "torsdag 24. september",
    }
)
_ONLY_IN_LETTERS: Final = frozenset({"place", "missed_day"})

# The line put under a message in Norwegian, in the family's language. It has no Norwegian of its own.
LANGUAGE_LINE: Final = "language_line"

_IN_BRACES: Final = re.compile(r"\{([^{}]*)\}")


class Channel(StrEnum):
    """How a text is meant to be sent."""

    SMS = "sms"
    LETTER = "letter"


class State(StrEnum):
    """Whether a person who knows the language has approved the text."""

    APPROVED = "approved"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Text:
    """One message in one language for one channel. `title` is "" for SMS; the paragraphs of a letter are parted by an empty line."""

    kind: str
    channel: Channel
    language: str
    state: State
    title: str
    body: str

    @property
    def placeholders(self) -> frozenset[str]:
        """The names that must be given to fill it."""
        return frozenset(_IN_BRACES.findall(self.title + self.body))

    @property
    def digest(self) -> str:
        """What these words are known by: a municipality approves them, and no others that come in their place."""
        return hashlib.sha256("\n".join((self.kind, self.channel, self.language, self.title, self.body)).encode()).hexdigest()

    def is_approved(self, approved: Collection[str] = ()) -> bool:
        """Whether it may be sent: approved where it ships, or among the texts (by digest) a municipality has approved."""
        return self.state is State.APPROVED or self.digest in approved


class WhenNotTold(StrEnum):
    """What is done when a message of a kind did not reach the family [default]."""

    LETTER_THEN_TASK = "letter_then_task"  # a letter where there is time and an address for one, else somebody calls
    TASK = "task"  # somebody calls
    NOTHING = "nothing"  # a word of thanks to somebody who wrote


@dataclass(frozen=True, slots=True)
class Message:
    """
    One kind of message: what it is called, when it is owed, and its texts by channel and language.

    `on_paper` is the kind of letter that says the same to those who are told on paper; "" when there is none.
    """

    kind: str
    when: str
    when_not_told: WhenNotTold
    on_paper: str
    texts: Mapping[tuple[Channel, str], Text]

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels the message has texts for."""
        return tuple(channel for channel in Channel if any(key[0] is channel for key in self.texts))

    @property
    def can_be_a_letter(self) -> bool:
        """Tell whether those who are told on paper are told this at all; a reminder would come too late."""
        return bool(self.on_paper) or Channel.LETTER in self.channels


@dataclass(frozen=True, slots=True)
class Chosen:
    """
    What a family is sent: the text, and the line under it when it is not in their language and the line is approved.

    `wanted` is the family's language: where it is not `text.language`, whoever looks at the message is shown that, and why.
    """

    text: Text
    wanted: str
    line: Text | None

    @property
    def is_fallback(self) -> bool:
        """Whether the family does not get their own language."""
        return self.text.language != self.wanted


class NoSuchText(LookupError):
    """No message of this kind is sent this way; a mistake in the program and not in the data."""


class TextCannotBeFilled(ValueError):
    """The values do not fit the text: one is missing, one is not asked for, or one has a line break or a brace in it."""


@cache
def messages() -> Mapping[str, Message]:
    """This function will read all messages that ship with fjorten, by their kind. Raises DefinitionIsInvalid."""
    folder = resources.files("fjorten.messages").joinpath("texts")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    found = [read_message(tomllib.loads(file.read_text(encoding="utf-8")), file=file.name) for file in files]
    return MappingProxyType({message.kind: message for message in found})


def read_message(content: Mapping[str, object], *, file: str) -> Message:
    """
    This function will make a message of the tables of its file, whose name without ending is its kind.

    Raises DefinitionIsInvalid with every mistake that can be found: a language that is missing or unknown, a placeholder that may not
    stand there or does not stand in every language, a state that is no state.
    """
    with opened(content, file=file) as top:
        kind = top.text("kind", example='"invitation"')
        if kind and f"{kind}.toml" != file:
            top.note("kind", f'"{kind}" is not the name of the file, {file}')
        when = top.text("when", example='"3 dager før timen"')
        when_not_told = top.choice("when_not_told", WhenNotTold) or WhenNotTold.TASK
        on_paper = top.optional_text("on_paper")
        texts: dict[tuple[Channel, str], Text] = {}
        for channel in Channel:
            table = top.optional_table(channel)
            if table is not None:
                for text in _texts_of(table, kind=kind, channel=channel):
                    texts[channel, text.language] = text
        if not texts:
            top.note("sms", "is missing, and so is letter; a message has texts for one of them at least")
    return Message(kind, when, when_not_told, on_paper, MappingProxyType(texts))


def _texts_of(table: Table, *, kind: str, channel: Channel) -> list[Text]:
    allowed = table.texts("placeholders")
    for name in allowed:
        if name not in PLACEHOLDERS or (channel is Channel.SMS and name in _ONLY_IN_LETTERS):
            table.note("placeholders", f'"{name}" may not stand in a text for {channel} (known: {", ".join(PLACEHOLDERS)})')
    found = []
    for language in languages():
        written = table.optional_table(language)
        if written is None:
            if language in LANGUAGES and kind != LANGUAGE_LINE:
                table.note(language, "is missing; every message is written in nb, nn and en")
            continue
        state = written.choice("state", State)
        text = Text(
            kind=kind,
            channel=channel,
            language=language,
            state=state or State.DRAFT,
            title=written.text("title", example='"Time til {given_name}"') if channel is Channel.LETTER else "",
            body=written.text("text", example='"{brand}: ..."').strip(),
        )
        _check_placeholders(text, allowed, written)
        written.close()
        found.append(text)
    table.close()
    return found


def _check_placeholders(text: Text, allowed: Sequence[str], table: Table) -> None:
    for name in sorted(text.placeholders - set(allowed)):
        table.note("text", f'has "{{{name}}}", which is not among the placeholders of the message ({", ".join(allowed)})')
    for name in sorted(set(allowed) - text.placeholders):
        table.note("text", f'lacks "{{{name}}}": every language says the same')
    if "{" in _IN_BRACES.sub("", text.title + text.body) or "}" in _IN_BRACES.sub("", text.title + text.body):
        table.note("text", "has a brace without its partner")
    if text.channel is Channel.SMS and "\n" in text.body:
        table.note("text", "has a line break; an SMS is one line")


def choose(kind: str, channel: Channel, *, language: str, norwegian: str, approved: Collection[str] = ()) -> Chosen:
    """
    This function will choose the text a family gets: their language when that is approved, else the municipality's Norwegian.

    `norwegian` is "nb" or "nn", `language` any code, also one we have no text in; `approved` are the texts the municipality has approved
    itself, by digest. Raises NoSuchText.
    """
    message = messages().get(kind)
    own = message.texts.get((channel, language)) if message else None
    if own is not None and own.is_approved(approved):
        return Chosen(own, language, None)
    base = message.texts.get((channel, norwegian)) if message else None
    if base is None or not base.is_approved(approved):
        raise NoSuchText(f"no approved text {kind} for {channel} in {norwegian}")
    lines = messages()[LANGUAGE_LINE].texts
    line = lines.get((Channel.SMS, language))
    return Chosen(base, language, line if line is not None and line.is_approved(approved) else None)


def fill(text: Text, values: Mapping[str, str]) -> tuple[str, str]:
    """
    This function will put values into a text, and give its title ("" for SMS) and body. Values are plain text, put in once and not read.

    Raises TextCannotBeFilled when a value is missing, not asked for, empty, or has a line break or a brace in it.
    """
    if values.keys() != text.placeholders:
        raise TextCannotBeFilled(f"{text.kind}: given {sorted(values)}, asked for {sorted(text.placeholders)}")
    for name, value in values.items():
        if not value.strip() or set(value) & set("\r\n{}"):
            raise TextCannotBeFilled(f"{text.kind}: the value of {name} is empty, or has a line break or a brace in it")
    title, body = (_IN_BRACES.sub(lambda found: values[found[1]], part) for part in (text.title, text.body))
    return title, body
