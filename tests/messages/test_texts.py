"""The texts families are sent: complete, safe in every language, chosen and filled right."""

import re
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from fjorten.messages.direction import for_sms
from fjorten.messages.languages import languages
from fjorten.messages.sms_parts import Alphabet, sms_parts
from fjorten.messages.texts import (
    LANGUAGE_LINE,
    LONGEST_VALUES,
    PLACEHOLDERS,
    Channel,
    NoSuchText,
    State,
    Text,
    TextCannotBeFilled,
    choose,
    fill,
    messages,
    read_message,
)
from fjorten.programme.tables import LANGUAGES, DefinitionIsInvalid

EVERY_TEXT = [text for message in messages().values() for text in message.texts.values()]
EVERY_SMS = [text for text in EVERY_TEXT if text.channel is Channel.SMS]

# Never in an SMS: what kind of clinic it is, anything about health, child welfare, or a threat. In the languages as far as we know them.
NEVER_IN_SMS = re.compile(
    r"helsestasjon|helse|lege|sjekk|vaksin|kontroll|undersøk|barnevern|melding|plikt|journal|fødselsnummer|bekymr"
    r"|health|clinic|nurse|doctor|vaccin|check|child welfare|duty|report"
    r"|лікар|щеплен|медичн|поліклін|врач|привив|медицин|клиник|lekarz|szczepi|zdrow|przychod|طبيب|لقاح|صح|عيادة|caafimaad|tallaal|dhakhtar|ጥዕና|ክታበት|ሓኪም",
    re.IGNORECASE,
)
# Never in any text, letters included.
NEVER_AT_ALL = re.compile(
    r"barnevern|child welfare|child protection|helsestasjon|health clinic|welfare|bekymringsmelding|politi|police", re.IGNORECASE
)


def named(text: Text) -> str:
    return f"{text.kind}, {text.channel}, {text.language}"


@pytest.mark.parametrize("text", EVERY_SMS, ids=named)
def test_an_sms_tells_nothing_about_health_or_the_kind_of_clinic(text: Text) -> None:
    assert NEVER_IN_SMS.findall(text.body) == []


@pytest.mark.parametrize("text", EVERY_TEXT, ids=named)
def test_no_text_threatens_or_tells_who_the_child_is(text: Text) -> None:
    assert NEVER_AT_ALL.findall(text.title + text.body) == []
    assert "family_name" not in text.placeholders
    assert re.search(r"\d{4,}", text.body) is None, "no number stands in a text; they are put in"


@pytest.mark.parametrize("text", EVERY_SMS, ids=named)
def test_an_sms_is_short_enough_to_be_read(text: Text) -> None:
    _, body = fill(text, {name: LONGEST_VALUES[name] for name in text.placeholders})
    parts = sms_parts(for_sms(body, is_right_to_left=languages()[text.language].is_right_to_left))
    is_in_latin = text.language in ("nb", "nn", "en", "so")
    assert (parts.alphabet is Alphabet.GSM_7) == is_in_latin, parts.foreign
    assert parts.parts <= (2 if is_in_latin else 3)


def test_every_message_is_complete_and_approved_in_both_norwegians_and_english() -> None:
    for message in messages().values():
        for channel, language in product(message.channels, LANGUAGES):
            if message.kind != LANGUAGE_LINE:
                assert message.texts[channel, language].state is State.APPROVED, (message.kind, language)


def test_every_sms_has_a_draft_in_every_other_language_and_none_of_them_is_approved() -> None:
    for message in messages().values():
        if Channel.SMS in message.channels:
            others = {language: message.texts[Channel.SMS, language] for language in languages() if language not in LANGUAGES}
            assert {text.state for text in others.values()} == {State.DRAFT}, message.kind


@pytest.mark.parametrize("kind", ["second_miss", "not_met_yet"])
def test_the_letter_from_the_nurse_has_a_draft_in_every_language(kind: str) -> None:
    assert {language for _, language in messages()[kind].texts} == set(languages())
    assert {text.state for text in messages()[kind].texts.values() if text.language not in LANGUAGES} == {State.DRAFT}


def test_no_text_says_today_for_it_may_be_sent_tomorrow() -> None:
    for text in EVERY_TEXT:
        assert re.search(r"i dag|today|сьогодні|اليوم|сегодня|dzisiaj|ሎሚ|maanta", text.body, re.IGNORECASE) is None, named(text)


def test_no_text_says_how_many_times_time_was_set_aside() -> None:
    for text in EVERY_TEXT:
        assert (
            re.search(r"to ganger|to gonger|twice|два рази|двічі|дважды|مرتين|dwa razy|ክልተ ግዜ|laba jeer", text.body, re.IGNORECASE) is None
        )


def test_what_a_message_offers_is_said_in_every_language() -> None:
    for text in EVERY_TEXT:
        if text.kind in {"invitation", "missed_new_time"} and text.channel is Channel.SMS:
            assert "2" in text.body and "{phone}" in text.body, named(text)


def test_a_draft_is_never_chosen() -> None:
    for message, language, norwegian in product(messages().values(), [*languages(), "lt", ""], ("nb", "nn")):
        for channel in message.channels:
            if message.kind != LANGUAGE_LINE:
                chosen = choose(message.kind, channel, language=language, norwegian=norwegian)
                assert chosen.text.state is State.APPROVED
                assert chosen.line is None or chosen.line.state is State.APPROVED
                assert chosen.text.language in (language, norwegian)
                assert chosen.is_fallback == (chosen.text.language != language)


def test_a_family_whose_language_is_not_approved_gets_the_municipalitys_norwegian() -> None:
    assert choose("invitation", Channel.SMS, language="ti", norwegian="nn").text.language == "nn"
    assert choose("invitation", Channel.SMS, language="en", norwegian="nn").text.language == "en"
    assert choose("invitation", Channel.LETTER, language="ti", norwegian="nb").is_fallback


def test_a_kind_that_does_not_exist_is_refused() -> None:
    for kind, channel in [("ferie", Channel.SMS), ("reminder_1_day", Channel.LETTER)]:
        with pytest.raises(NoSuchText, match=kind):
            choose(kind, channel, language="nb", norwegian="nb")


def test_values_are_put_in_once_and_as_they_are() -> None:
    text = messages()["answer_coming"].texts[Channel.SMS, "nb"]
    assert fill(text, {"brand": "Fjordvik", "day": "mandag 2. mars", "time": "09.30"}) == (
        "",
        "Fjordvik: Takk! Vi ses mandag 2. mars kl. 09.30.",
    )
    letter = messages()["invitation"].texts[Channel.LETTER, "nb"]
    title, body = fill(letter, {name: LONGEST_VALUES[name] for name in letter.placeholders})
    assert title == "Time til Alexander"
    assert "{" not in body and body.count("\n\n") == 3


@pytest.mark.parametrize(
    "change",
    [{"day": None}, {"phone": "00 00 00 00"}, {"time": ""}, {"time": " "}, {"brand": "a\nb"}, {"brand": "{day}"}],
    ids=["missing", "not asked for", "empty", "blank", "line break", "brace"],
)
def test_values_that_do_not_fit_are_refused(change: dict[str, str | None]) -> None:
    text = messages()["answer_coming"].texts[Channel.SMS, "nb"]
    values = {**{name: LONGEST_VALUES[name] for name in text.placeholders}, **change}
    with pytest.raises(TextCannotBeFilled):
        fill(text, {name: value for name, value in values.items() if value is not None})


def test_every_placeholder_is_used_and_explained_and_has_a_longest_value() -> None:
    assert set().union(*(text.placeholders for text in EVERY_TEXT)) == PLACEHOLDERS.keys() == LONGEST_VALUES.keys()


def content() -> dict[str, Any]:
    texts = {language: {"state": "approved", "text": "{brand}: hei"} for language in LANGUAGES}
    return {"kind": "hei", "when": "nå", "when_not_told": "task", "sms": {"placeholders": ["brand"], **texts}}


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "another name": (lambda c: c.update(kind="hallo"), "is not the name of the file"),
    "no text at all": (lambda c: c.pop("sms"), "for one of them at least"),
    "no nynorsk": (lambda c: c["sms"].pop("nn"), "sms.nn: is missing"),
    "an unknown language": (lambda c: c["sms"].update(xx=c["sms"]["nb"]), "sms.xx: is not a field here"),
    "an unknown state": (lambda c: c["sms"]["nb"].update(state="ok"), '"ok" is not known'),
    "a placeholder of its own": (lambda c: c["sms"]["nb"].update(text="{brand}: {family_name}"), 'has "{family_name}"'),
    "a placeholder too few": (lambda c: c["sms"]["en"].update(text="hi"), 'lacks "{brand}"'),
    "a placeholder that may not be": (lambda c: c["sms"].update(placeholders=["brand", "number"]), '"number" may not stand'),
    "a place in an sms": (lambda c: c["sms"].update(placeholders=["brand", "place"]), '"place" may not stand'),
    "a lone brace": (lambda c: c["sms"]["nb"].update(text="{brand}: hei {"), "a brace without its partner"),
    "a line break": (lambda c: c["sms"]["nb"].update(text="{brand}:\nhei"), "has a line break"),
    "a letter without a title": (lambda c: c.update(letter=c["sms"]), "title: is missing"),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_mistake_in_a_file_is_named_with_its_place(mistake: str) -> None:
    broken = content()
    change, expected = BROKEN[mistake]
    change(broken)
    with pytest.raises(DefinitionIsInvalid) as refusal:
        read_message(broken, file="hei.toml")
    assert expected in str(refusal.value)


def test_a_file_without_mistakes_is_read() -> None:
    assert read_message(content(), file="hei.toml").channels == (Channel.SMS,)
