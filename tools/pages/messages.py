"""docs/reference/messages.md: the texts families are sent, who has approved them, and how many SMS parts they take."""

from __future__ import annotations

from tools.markdown import Pages, escape, markdown_table, page

from fjorten.messages.direction import for_sms
from fjorten.messages.languages import languages
from fjorten.messages.sms_parts import sms_parts
from fjorten.messages.texts import LONGEST_VALUES, PLACEHOLDERS, Channel, Message, State, Text, fill, messages

_STATES = {State.APPROVED: "godkjent", State.DRAFT: "utkast, sendes ikke"}
_CHANNELS = {Channel.SMS: "SMS", Channel.LETTER: "Brev"}


def messages_page() -> Pages:
    """Make the page from the files in `fjorten/messages/texts`."""
    paragraphs = [
        "Meldingene til familiene, ordrett. En tekst som ingen har godkjent, sendes aldri: da går kommunens bokmål eller nynorsk, med én "
        "linje på familiens språk under når den linja er godkjent.",
        "Ingen SMS sier noe om helse eller hva slags tjeneste det er, barnets fulle navn eller barnevern. Innholdet er vårt eget forslag "
        "[default]; oversettelsene er utkast til en som kan språket, har lest dem.",
        "Dette kan settes inn i en tekst, og ikke noe annet:",
        markdown_table(["navn", "hva det er"], [[f"{{{name}}}", meaning] for name, meaning in PLACEHOLDERS.items()]),
        *(part for message in messages().values() for part in _message(message)),
    ]
    return {"messages.md": page(title="Meldinger til familiene", paragraphs=paragraphs)}


def _message(message: Message) -> list[str]:
    parts = [f"## {message.kind}", f"Når: {message.when}."]
    for channel in message.channels:
        parts.append(f"### {_CHANNELS[channel]}")
        for code in languages():
            text = message.texts.get((channel, code))
            if text is not None:
                parts += _text(text)
    return parts


def _text(text: Text) -> list[str]:
    _, body = fill(text, {name: LONGEST_VALUES[name] for name in text.placeholders})
    travels = sms_parts(for_sms(body, is_right_to_left=languages()[text.language].is_right_to_left))
    in_parts = "1 del" if travels.parts == 1 else f"{travels.parts} deler"
    length = f", {in_parts} ({travels.alphabet})" if text.channel is Channel.SMS else ""
    words = [f"**{escape(text.title)}**"] if text.title else []
    words += [escape(" ".join(paragraph.split())) for paragraph in text.body.split("\n\n")]
    quoted = "\n>\n".join(f"> {paragraph}" for paragraph in words)
    return [f"{languages()[text.language].norwegian} ({_STATES[text.state]}{length}):", quoted]
