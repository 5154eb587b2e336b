"""Look-ups in the contact register: a thousand at a time, all of the answer or none of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fjorten.messages.channels.contact_register import (
    ContactRegister,
    ContactRegisterDoesNotAnswer,
    ContactRegisterRefusesUs,
    Standing,
)
from fjorten.messages.channels.interface import Patience
from tests.counterparties.contact_register import TOKEN, ContactRegisterStandIn
from tests.counterparties.misbehaviour import Misbehaviour, always
from tests.counterparties.rigs import PATIENT, patience_with

MOTHER = "01819000100"
KNOWN: dict[str, Any] = {
    "reservasjon": "NEI",
    "status": "AKTIV",
    "varslingsstatus": "KAN_VARSLES",
    "kontaktinformasjon": {
        "epostadresse": "mor@prove.example",
        "epostadresse_oppdatert": "2024-01-02T10:00:00+01:00",
        "epostadresse_sist_verifisert": "2026-02-03T23:30:00Z",
        "mobiltelefonnummer": "+4700000001",
        "mobiltelefonnummer_oppdatert": "2025-05-06T10:00:00+02:00",
    },
    "digital_post": {"postkasseadresse": "mor.prove#1234", "postkasseleverandoeradresse": "984661185"},
    "spraak": "nn",
}


def register(stand_in: ContactRegisterStandIn, token: str = TOKEN, patience: Patience = PATIENT) -> ContactRegister:
    return ContactRegister(stand_in.address, token=lambda: token, patience=patience)


def test_what_the_register_says_is_read_and_shows_in_no_repr() -> None:
    with ContactRegisterStandIn({MOTHER: KNOWN}) as stand_in:
        contact = register(stand_in).look_up([MOTHER])[MOTHER]
    assert (contact.standing, contact.is_reserved, contact.may_be_notified, contact.language) == (Standing.ACTIVE, False, True, "nn")
    assert (contact.mobile, contact.mobile_confirmed_on) == ("+4700000001", date(2025, 5, 6))
    assert (contact.email, contact.email_confirmed_on) == ("mor@prove.example", date(2026, 2, 4))  # half past midnight in Oslo
    assert contact.has_digital_mailbox
    assert "00000001" not in repr(contact)
    assert "prove" not in repr(contact)


def test_two_thousand_and_one_are_asked_for_in_three_questions() -> None:
    numbers = [f"018190{place:05d}" for place in range(2001)]
    with ContactRegisterStandIn({}) as stand_in:
        found = register(stand_in).look_up([*numbers, numbers[0], "ikke et nummer"])
        assert stand_in.questions == [1000, 1000, 1]
    assert len(found) == 2001
    assert {contact.standing for contact in found.values()} == {Standing.NOT_REGISTERED}


def test_nobody_is_asked_for_without_a_question() -> None:
    with ContactRegisterStandIn({}) as stand_in:
        assert register(stand_in).look_up([]) == {}
        assert stand_in.questions == []


def test_without_an_answer_the_stricter_is_taken() -> None:
    with ContactRegisterStandIn({MOTHER: {"status": "AKTIV"}}) as stand_in:
        contact = register(stand_in).look_up([MOTHER])[MOTHER]
    assert (contact.is_reserved, contact.may_be_notified, contact.mobile) == (True, False, "")


@pytest.mark.parametrize("reservation", ["JA", 1, None, [], "ja"])
def test_only_a_plain_no_is_no_reservation(reservation: object) -> None:
    with ContactRegisterStandIn({MOTHER: KNOWN | {"reservasjon": reservation}}) as stand_in:
        assert register(stand_in).look_up([MOTHER])[MOTHER].is_reserved


@pytest.mark.parametrize("nonsense", [{"status": "NOE_NYTT"}, {"status": []}, {}])
def test_an_entry_that_cannot_be_understood_is_as_if_it_were_absent(nonsense: dict[str, Any]) -> None:
    with ContactRegisterStandIn({MOTHER: {"status": None, **nonsense}}) as stand_in:
        assert register(stand_in).look_up([MOTHER]) == {}


@pytest.mark.parametrize(
    "behaviour",
    [
        Misbehaviour.LEFT_SILENT,
        Misbehaviour.TAKEN_CUT,
        Misbehaviour.TAKEN_GARBLED,
        Misbehaviour.LEFT_SERVER_ERROR,
        Misbehaviour.LEFT_THROTTLED,
        Misbehaviour.LEFT_ERROR_INSIDE,
    ],
)
def test_half_an_answer_is_none(behaviour: Misbehaviour) -> None:
    answers = iter([Misbehaviour.BEHAVES, behaviour])
    with ContactRegisterStandIn({}, lambda key: next(answers)) as stand_in, pytest.raises(ContactRegisterDoesNotAnswer) as refused:
        register(stand_in, patience=patience_with(behaviour)).look_up([f"018190{place:05d}" for place in range(1001)])
    assert "018190" not in repr(refused.value)


def test_a_token_that_is_not_good_is_said_so() -> None:
    with ContactRegisterStandIn({}, always(Misbehaviour.BEHAVES)) as stand_in, pytest.raises(ContactRegisterRefusesUs):
        register(stand_in, token="utlopt").look_up([MOTHER])
