"""The texts as strings: each message in all languages, which may be sent, and how it reads with example values."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from fjorten.kernel.telephones import as_read
from fjorten.kernel.times import OSLO
from fjorten.messages.dates import clock_in, day_in
from fjorten.messages.direction import for_sms
from fjorten.messages.languages import Language, languages
from fjorten.messages.models import TextApproval
from fjorten.messages.texts import LANGUAGE_LINE, Channel, Message, State, Text, fill, messages
from fjorten.web import words
from fjorten.web.messages.forms import ApproveForm
from fjorten.web.messages.naming import CHANNELS, direction_of, kind_called, language_called, length_of
from fjorten.web.shown import ByName, Heading

# What is put into a text that is only looked at: nobody's.
_EXAMPLE_TIME: Final = datetime(2026, 3, 30, 9, 0, tzinfo=OSLO)
_EXAMPLE_MISSED: Final = datetime(2026, 3, 23, 9, 0, tzinfo=OSLO)
_EXAMPLES: Final = {"brand": "Fjordvik kommune", "given_name": "Ida", "place": "Torget 1, Fjordvik"}
_EXAMPLE_PHONE: Final = "+4700000000"


@dataclass(frozen=True, slots=True)
class Cell(ByName):
    """Whether a message may be sent in one language: a sign, a word and a colour."""

    icon: str
    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class KindRow(ByName):
    """One message in one channel, with a cell for each language."""

    name: str
    address: str
    channel: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class TextsPage:
    """The whole page."""

    lead: str
    headings: tuple[Heading, ...]
    rows: tuple[KindRow, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `is_placeholder`: something is put in there."""

    text: str
    is_placeholder: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """
    One message in one language. `pieces` is the text with its placeholders marked, `example` how it reads. `approve` is a form where
    whoever looks may approve it, `withdraw` the address to take an approval back, "" where there is none to take.
    """

    id: str
    language: str
    own_name: str
    lang: str
    dir: str
    icon: str
    state: str
    tone: str
    said_by: str
    title: tuple[Piece, ...]
    pieces: tuple[Piece, ...]
    example_title: str
    example: str
    length: str
    digest: str
    approve: ApproveForm | None
    approve_at: str
    withdraw: str


@dataclass(frozen=True, slots=True)
class ChannelTexts:
    """A message's texts for one channel, and the languages it is missing in."""

    id: str
    heading: str
    wordings: tuple[Wording, ...]
    missing: str


@dataclass(frozen=True, slots=True)
class TextPage:
    """One message in all its channels and languages."""

    lead: str
    channels: tuple[ChannelTexts, ...]


def texts_page(approved: Collection[str]) -> TextsPage:
    """This function will tell of every message in which languages it may be sent; `approved`: by digest, what the municipality approves."""
    every = [(message, channel) for message in messages().values() for channel in message.channels]
    unsent = sum(not text.is_approved(approved) for message in messages().values() for text in message.texts.values())
    return TextsPage(
        lead=ngettext(
            "%(n)d tekst er utkast og sendes ikke. Familien får norsk i stedet.",
            "%(n)d tekster er utkast og sendes ikke. Familien får norsk i stedet.",
            unsent,
        )
        % {"n": unsent},
        headings=(
            Heading(gettext("Melding")),
            Heading(gettext("Måte")),
            *(Heading(language_called(code)) for code in languages()),
        ),
        rows=tuple(_kind_row(message, channel, approved) for message, channel in every),
    )


def text_page(
    message: Message,
    approvals: Mapping[tuple[str, str, str], TextApproval],
    *,
    names: Mapping[str, str],
    may_approve: bool,
    sent: Mapping[str, ApproveForm],
) -> TextPage:
    """This function will show one message in all its languages."""
    return TextPage(
        lead=gettext("Sendes %(when)s.") % {"when": words.on_screen(message.when)},
        channels=tuple(
            ChannelTexts(
                id=f"channel-{channel.value}",
                heading=str(CHANNELS[channel]),
                wordings=tuple(
                    _wording(text, approvals.get((text.kind, text.channel.value, text.language)), names, may_approve, sent)
                    for text in _in_order(message, channel)
                ),
                missing=_missing(message, channel),
            )
            for channel in message.channels
        ),
    )


def place_of(text: Text) -> str:
    """This function will name the place of a text on its page."""
    return f"{text.channel.value}-{text.language}"


def example_of(text: Text) -> tuple[str, str]:
    """This function will fill a text with example values, laid out as the family reads it: its title ("" for SMS) and body."""
    rtl = languages()[text.language].is_right_to_left
    made = {
        **_EXAMPLES,
        "day": day_in(text.language, _EXAMPLE_TIME),
        "time": clock_in(text.language, _EXAMPLE_TIME),
        "missed_day": day_in(text.language, _EXAMPLE_MISSED),
        "phone": as_read(_EXAMPLE_PHONE, is_right_to_left=rtl),
    }
    title, body = fill(text, {name: made[name] for name in text.placeholders})
    return title, for_sms(body, is_right_to_left=rtl) if text.channel is Channel.SMS else body


def _in_order(message: Message, channel: Channel) -> list[Text]:
    return [message.texts[channel, code] for code in languages() if (channel, code) in message.texts]


def _kind_row(message: Message, channel: Channel, approved: Collection[str]) -> KindRow:
    return KindRow(
        name=kind_called(message.kind),
        address=reverse("text", args=[message.kind]),
        channel=str(CHANNELS[channel]),
        cells=tuple(_cell(message, message.texts.get((channel, code)), language, approved) for code, language in languages().items()),
    )


def _cell(message: Message, text: Text | None, language: Language, approved: Collection[str]) -> Cell:
    if text is None:
        is_norwegian = language.code in {"nb", "nn"} and message.kind == LANGUAGE_LINE
        return Cell("minus", gettext("trengs ikke") if is_norwegian else gettext("mangler"), "" if is_norwegian else "late")
    if text.is_approved(approved):
        return Cell("checkmark", gettext("godkjent"), "ok")
    return Cell("pencil-line", gettext("utkast"), "")


def _wording(
    text: Text, approval: TextApproval | None, names: Mapping[str, str], may_approve: bool, sent: Mapping[str, ApproveForm]
) -> Wording:
    place, holds = place_of(text), approval is not None and approval.digest == text.digest
    ships = text.state is State.APPROVED
    title, body = example_of(text)
    args = [text.kind, text.channel.value, text.language]
    return Wording(
        id=place,
        language=language_called(text.language),
        own_name=languages()[text.language].name,
        lang=text.language,
        dir=direction_of(text.language),
        icon="checkmark" if ships or holds else "pencil-line",
        state=gettext("Godkjent") if ships or holds else gettext("Utkast, sendes ikke"),
        tone="ok" if ships or holds else "late",
        said_by=_said_by(text, approval, names),
        title=tuple(_pieces(text.title)),
        pieces=tuple(_pieces(text.body)),
        example_title=title,
        example=body,
        length=length_of(body) if text.channel is Channel.SMS else "",
        digest=text.digest,
        approve=sent.get(place) or (ApproveForm(place) if may_approve and not (ships or holds) else None),
        approve_at=reverse("approve_text", args=args),
        withdraw=reverse("withdraw_text", args=args) if may_approve and holds and not ships else "",
    )


def _said_by(text: Text, approval: TextApproval | None, names: Mapping[str, str]) -> str:
    if text.state is State.APPROVED:
        return gettext("Godkjent i fjorten.")
    if approval is None:
        return ""
    said = {
        "who": words.who(approval.approved_by, names),
        "when": words.when(approval.approved_at),
        "reader": approval.proof_read_by,
    }
    if approval.digest != text.digest:
        return gettext("En tidligere tekst ble godkjent %(when)s av %(who)s. Denne er ny og må leses på nytt.") % said
    return gettext("Godkjent %(when)s av %(who)s. Lest av %(reader)s.") % said


def _pieces(text: str) -> Iterator[Piece]:
    rest = text
    while rest:
        before, opened, after = rest.partition("{")
        if before:
            yield Piece(before, is_placeholder=False)
        name, _, rest = after.partition("}")
        if opened:
            yield Piece(f"{{{name}}}", is_placeholder=True)


def _missing(message: Message, channel: Channel) -> str:
    needed = [code for code in languages() if (channel, code) not in message.texts]
    if message.kind == LANGUAGE_LINE:
        needed = [code for code in needed if code not in {"nb", "nn"}]
    if not needed:
        return ""
    return gettext("Mangler på %(languages)s. De familiene får norsk.") % {
        "languages": ", ".join(words.within(language_called(code)) for code in needed)
    }
