"""
What is put together of text and facts, over every kind, language, channel and odd name: it says what it must and nothing that gives a child
away.
"""

import re
from datetime import date
from itertools import product

import pytest

from fjorten.messages.composing import Composed, compose, compose_letter, given_name, values_of
from fjorten.messages.direction import RIGHT_TO_LEFT_MARK
from fjorten.messages.languages import languages
from fjorten.messages.models import Message, Way
from fjorten.messages.sms_parts import sms_parts
from fjorten.messages.telling import Told
from fjorten.messages.texts import LANGUAGE_LINE, Channel, TextCannotBeFilled, fill, messages
from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.families import Reach
from fjorten.people.models import Adult, Person, PostalAddress
from tests.messages.test_texts import NEVER_AT_ALL, NEVER_IN_SMS

FAMILY_NAME, MIDDLE_NAME, NUMBER = "Oppdiktet-Fjordås", "Mellomnavn", "01829512345"
ADDRESS = "Hemmelige vei 7"
VALUES = {"begins_at": "2026-03-30T07:00:00+00:00", "missed_at": "2026-03-09T08:00:00+00:00"}
# As the register may have them, and what the child is called then.
NAMES = {
    "IDA MARIE": "Ida",
    "Ida": "Ida",
    "A": "A",
    "ANNE-LISE": "Anne-Lise",
    "O'NEIL": "O'Neil",
    "ÅSE": "Åse",
    "  IDA  ": "Ida",
    "IDA\tMARIE": "Ida",
    "IDA\u00a0MARIE": "Ida",
    "نور الهدى": "نور",
    "ሰላም": "ሰላም",
    "Zoë": "Zoë",
    "X" * 200: "X" + "x" * 199,
    "McKenzie": "McKenzie",
    "": "barnet",
    "   ": "barnet",
}


def a_municipality(norwegian: str = "nb") -> Municipality:
    return Municipality(pk=1, code="9901", name="Prøve", brand="Prøve kommune", norwegian=norwegian)


def a_message(kind: str, way: Way, *, name: str = "IDA", municipality: Municipality | None = None, **child: object) -> Message:
    municipality = municipality or a_municipality()
    clinic = Clinic(pk=1, municipality=municipality, name="Helsestasjonen", telephone="+4722000000", visiting_address="Torget 1, Fjordvik")
    person = Person(pk=1, municipality=municipality, given_name=name, middle_name=MIDDLE_NAME, family_name=FAMILY_NAME, **child)
    return Message(pk=1, municipality=municipality, kind=kind, way=way, person=person, clinic=clinic, values=VALUES)


def told(language: str = "nb", way: Way = Way.SMS) -> Told:
    adult = Adult(pk=1, number=NUMBER, name="Vakker Blåbærøy")
    adult.postal_address = PostalAddress(adult=adult, lines=ADDRESS, postal_code="0000", place="FJORDVIK", country="NO")
    return Told(Reach(adult, None, None, has_postal_address=True), way, language)


def kinds(channel: Channel) -> list[str]:
    """What may be sent by a channel: its own texts, or on paper what stands for them."""
    found = []
    for kind, message in messages().items():
        on_paper = messages().get(message.on_paper, message) if channel is Channel.LETTER else message
        if kind != LANGUAGE_LINE and channel in on_paper.channels:
            found.append(kind)
    return found


SMS = list(product(kinds(Channel.SMS), [*languages(), "lt", ""], ["nb", "nn"]))
LETTERS = list(product(kinds(Channel.LETTER), [*languages(), "lt", ""], ["nb", "nn"]))


@pytest.mark.parametrize(("kind", "language", "norwegian"), SMS)
@pytest.mark.parametrize("way", [Way.SMS, Way.EMAIL])
def test_a_short_text_tells_nothing_of_health_or_who_the_child_is(kind: str, language: str, norwegian: str, way: Way) -> None:
    message = a_message(kind, way, municipality=a_municipality(norwegian))
    composed = compose(message, told(language, way))
    whole = f"{composed.title} {composed.sms}"
    assert NEVER_IN_SMS.findall(whole) == [] and NEVER_AT_ALL.findall(whole) == []
    for private in (FAMILY_NAME, MIDDLE_NAME, NUMBER, ADDRESS, "Torget", "Helsestasjonen", "Vakker", "{", "}", "\n"):
        assert private not in whole
    assert re.search(r"\d{11}", whole) is None
    assert composed.language in (language, norwegian)


@pytest.mark.parametrize(("kind", "language", "norwegian"), LETTERS)
def test_a_letter_tells_no_more_than_its_text_and_shows_no_number(kind: str, language: str, norwegian: str) -> None:
    message = a_message(kind, Way.LETTER, municipality=a_municipality(norwegian))
    letter = compose_letter(message, told(language, Way.LETTER), written_on=date(2026, 3, 10))
    assert not letter.is_draft
    assert letter.wordings[0].language == norwegian
    for wording in letter.wordings:
        whole = f"{wording.title} {wording.body}"
        assert NEVER_AT_ALL.findall(whole) == []
        for private in (FAMILY_NAME, MIDDLE_NAME, NUMBER, ADDRESS, "{", "}"):
            assert private not in whole
    assert ADDRESS in letter.recipient.lines, "where it goes stands on it once, in the window"
    composed = compose(message, told(language, Way.LETTER))
    assert FAMILY_NAME not in composed.title + composed.body and NUMBER not in composed.title + composed.body


@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name[:12]))
def test_a_child_is_called_by_the_first_given_name_whatever_it_looks_like(name: str) -> None:
    message = a_message("invitation", Way.SMS, name=name)
    assert given_name(message.person, "nb") == NAMES[name]
    assert NAMES[name] in compose(message, told()).sms


@pytest.mark.parametrize("language", languages())
def test_a_child_without_a_name_yet_is_the_child_in_every_language(language: str) -> None:
    person = a_message("invitation", Way.SMS, name="JENTE", name_is_temporary=True).person
    assert given_name(person, language) == languages()[language].child


@pytest.mark.parametrize("name", ["{brand}", "Ida}", "{"])
def test_a_name_with_a_brace_is_never_read_as_a_place_to_fill(name: str) -> None:
    with pytest.raises(TextCannotBeFilled) as refused:
        compose(a_message("invitation", Way.SMS, name=name), told())
    assert name not in str(refused.value)


@pytest.mark.parametrize("values", [{}, {"begins_at": "i morgen"}, {"begins_at": ""}])
def test_a_message_without_its_values_says_so_and_shows_none_of_them(values: dict[str, str]) -> None:
    message = a_message("invitation", Way.SMS)
    message.values = values
    with pytest.raises(TextCannotBeFilled) as refused:
        compose(message, told())
    assert "morgen" not in str(refused.value) and "Ida" not in str(refused.value)


def test_a_text_read_from_right_to_left_begins_there_and_keeps_the_number_together() -> None:
    """No Arabic text is approved yet, so the draft is filled as it would be if it were."""
    message = a_message("invitation", Way.SMS)
    text = messages()["invitation"].texts[Channel.SMS, "ar"]
    _, body = fill(text, values_of(text.placeholders, message, "ar"))
    sms = Composed(title="", body=body, line="", language="ar", wanted="ar", is_right_to_left=True).sms
    assert sms.startswith(f"{RIGHT_TO_LEFT_MARK}Prøve kommune: ")
    assert "22\u00a000\u00a000\u00a000" in sms
    assert sms_parts(sms).parts <= 3
    in_norwegian = compose(message, told()).sms
    assert RIGHT_TO_LEFT_MARK not in in_norwegian and "22 00 00 00" in in_norwegian


@pytest.mark.parametrize("telephone", ["", "ring oss"])
def test_a_clinic_without_a_telephone_number_can_write_nobody(telephone: str) -> None:
    message = a_message("invitation", Way.SMS)
    message.clinic.telephone = telephone
    with pytest.raises(TextCannotBeFilled):
        compose(message, told())
