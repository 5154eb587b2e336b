"""What a family would be told, and how, as strings: before anything leaves the house."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext, gettext_lazy, ngettext

from fjorten.messages.addressees import Manual
from fjorten.messages.languages import languages
from fjorten.messages.models import Way
from fjorten.messages.previews import Preview, Previewed
from fjorten.messages.tasks import BY_MANUAL, SENTENCES, TaskReason
from fjorten.web import words
from fjorten.web.asked import Words
from fjorten.web.words import capital

WAYS: Final[Mapping[str, Words]] = {Way.SMS: gettext_lazy("SMS"), Way.EMAIL: gettext_lazy("E-post"), Way.LETTER: gettext_lazy("Brev")}


@dataclass(frozen=True, slots=True)
class MessageShown:
    """One message as it would be sent."""

    to: str
    language: str
    lang: str
    dir: str
    channel: str
    parts: str
    text: str


def message_shown(one: Preview) -> MessageShown:
    """This function will turn one message that is not sent yet into what is shown of it."""
    known, composed = languages(), one.composed
    language = capital(words.on_screen(known[composed.language].norwegian))
    if composed.wanted != composed.language:
        wanted = words.on_screen(known[composed.wanted].norwegian) if composed.wanted in known else composed.wanted
        language = gettext("%(language)s (ingen godkjent tekst på %(wanted)s)") % {"language": language, "wanted": wanted}
    return MessageShown(
        to=one.told.reach.adult.name or gettext("Foresatt"),
        language=language,
        lang=composed.language,
        dir="rtl" if composed.is_right_to_left else "ltr",
        channel=str(WAYS[one.told.way]),
        parts=ngettext("%(n)d SMS", "%(n)d SMS-deler", one.parts) % {"n": one.parts} if one.parts else "",
        text=one.text,
    )


def note_on(previewed: Previewed) -> str:
    """This function will say why a family is told otherwise than by messages now, or later; "" when messages go out."""
    if previewed.cannot_be_written:
        return words.on_screen(SENTENCES[TaskReason.NO_TEXT][0])
    if isinstance(previewed.instead, Manual):
        return words.on_screen(SENTENCES[BY_MANUAL[previewed.instead]][0])
    if previewed.instead is not None:
        return gettext("Ingen melding går ut: barnet bor eller oppholder seg ikke her.")
    if previewed.waits_until is not None:
        return gettext("Familien skal være i fred til %(day)s. Meldingen går da.") % {"day": words.day(previewed.waits_until)}
    return ""
