"""
Look-ups in the contact and reservation register (KRR), and what an answer allows.

Source: Digdir's documentation of the REST interface, version 2, and its fields [source]; eForvaltningsforskriften § 32 [source] for the age
of contact data. The token from Maskinporten comes from the caller.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from fjorten.kernel.ages import add_months
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.messages.channels.http import Answer, HttpGateway
from fjorten.messages.channels.interface import Handover, Patience, Reason

MOST_IN_ONE_QUESTION: Final = 1000  # [source]
FRESH_FOR_MONTHS: Final = 18  # [source]
_NUMBER: Final = re.compile(r"[0-9]{11}")


class ContactRegisterDoesNotAnswer(Refused):
    """The register did not give a whole answer; nothing is known, and nothing was changed."""

    sentence = "Kontakt- og reservasjonsregisteret svarer ikke som det skal. Prøv igjen senere; til da brukes det som er kjent fra før."


class ContactRegisterRefusesUs(Refused):
    """The register does not let us read."""

    sentence = "Kontakt- og reservasjonsregisteret gir oss ikke tilgang. Be den som har ansvar for integrasjonen, om å kontrollere den."


class Standing(StrEnum):
    """Whether the register has a person."""

    ACTIVE = "AKTIV"
    DELETED = "SLETTET"
    NOT_REGISTERED = "IKKE_REGISTRERT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """
    What the register says of one person. What identifies or reaches anybody shows in no repr.

    `..._confirmed_on` is the later of the days it was updated and verified, in Oslo; None when neither is told. `language` is "" or nb, nn,
    en or se.
    """

    standing: Standing
    is_reserved: bool
    may_be_notified: bool
    mobile: str = field(default="", repr=False)
    mobile_confirmed_on: date | None = None
    email: str = field(default="", repr=False)
    email_confirmed_on: date | None = None
    has_digital_mailbox: bool = False
    language: str = ""


class Notice(StrEnum):
    """What somebody is to be told: it decides how fresh the address must be, and whether a reservation counts."""

    DECISION = "decision"  # decisions and other important notices
    SERVICE = "service"  # a reminder, a changed time


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Which of the register's addresses may be used for one notice."""

    mobile: bool
    email: bool
    digital_mailbox: bool


def may_be_used_for(notice: Notice, contact: Contact, *, on: date) -> Allowed:
    """
    This function will tell which of a person's addresses in the register may be used for a notice on a day.

    - Nothing of somebody who is not there, or no longer [source].
    - A decision or another important notice: not for somebody who has reserved themselves or may not be notified, and only to an address
      updated or verified less than 18 months ago, mobile and e-mail each for itself (eForvaltningsforskriften § 32 [source]).
    - A service message: also to older data, and also to the reserved, since the reservation is against decisions and important notices
      (eForvaltningsforskriften §§ 9, 32 [source]); what is sent this way must bear being lost [default].
    """
    if contact.standing is not Standing.ACTIVE:
        return Allowed(mobile=False, email=False, digital_mailbox=False)
    if notice is Notice.SERVICE:
        return Allowed(mobile=bool(contact.mobile), email=bool(contact.email), digital_mailbox=contact.has_digital_mailbox)
    may = not contact.is_reserved and contact.may_be_notified
    return Allowed(
        mobile=may and bool(contact.mobile) and is_fresh(contact.mobile_confirmed_on, on=on),
        email=may and bool(contact.email) and is_fresh(contact.email_confirmed_on, on=on),
        digital_mailbox=not contact.is_reserved and contact.has_digital_mailbox,
    )


def is_fresh(confirmed_on: date | None, *, on: date) -> bool:
    """This function will tell whether an address was confirmed less than 18 months before a day: 18 months to the day is too old."""
    return confirmed_on is not None and confirmed_on > add_months(on, -FRESH_FOR_MONTHS)


class ContactRegister:
    """Asks the register. `token` gives a fresh token from Maskinporten every time it is called; none is kept here."""

    def __init__(
        self,
        address: str,
        *,
        token: Callable[[], str],
        patience: Patience = Patience(),  # noqa: B008 - frozen
        elapsed_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gateway: Final = HttpGateway(address, patience=patience, elapsed_seconds=elapsed_seconds)
        self._token: Final = token

    def look_up(self, numbers: Sequence[str]) -> Mapping[str, Contact]:
        """
        This function will look people up by national number, as many as wanted, a thousand in each question.

        Whoever the register does not answer for is absent. What is not eleven digits is not asked for. Raises ContactRegisterDoesNotAnswer
        and ContactRegisterRefusesUs; then nothing of what was found is given, so that half an answer is never taken for a whole one.
        """
        wanted = [number for number in dict.fromkeys(numbers) if _NUMBER.fullmatch(number)]
        found: dict[str, Contact] = {}
        for start in range(0, len(wanted), MOST_IN_ONE_QUESTION):
            found |= self._asked(wanted[start : start + MOST_IN_ONE_QUESTION])
        return found

    def close(self) -> None:
        """This function will close the connections."""
        self._gateway.close()

    def _asked(self, numbers: Sequence[str]) -> dict[str, Contact]:
        answer = self._gateway.ask(
            "POST",
            "/rest/v2/personer",
            json={"personidentifikatorer": list(numbers)},
            headers={"Authorization": f"Bearer {self._token()}", "Accept": "application/json"},
        )
        if isinstance(answer, Handover):
            raise ContactRegisterRefusesUs if answer.reason is Reason.NOT_TRUSTED else ContactRegisterDoesNotAnswer
        return _contacts_in(answer, asked=frozenset(numbers))


def _contacts_in(answer: Answer, *, asked: frozenset[str]) -> dict[str, Contact]:
    if answer.status in (401, 403):
        raise ContactRegisterRefusesUs
    persons = answer.json().get("personer") if answer.status == 200 else None
    if not isinstance(persons, list):
        raise ContactRegisterDoesNotAnswer
    return {person["personidentifikator"]: _contact_of(person) for person in persons if _names_one_of(person, asked)}


def _names_one_of(person: object, asked: frozenset[str]) -> bool:
    return isinstance(person, dict) and _text(person, "personidentifikator") in asked and _text(person, "status") in set(Standing)


def _contact_of(person: dict[str, object]) -> Contact:
    standing = Standing(str(person["status"]))
    known = _object(person, "kontaktinformasjon")
    return Contact(
        standing=standing,
        # Without an answer the stricter is taken: reserved, and not to be notified.
        is_reserved=person.get("reservasjon") != "NEI",
        may_be_notified=person.get("varslingsstatus") == "KAN_VARSLES",
        mobile=_text(known, "mobiltelefonnummer"),
        mobile_confirmed_on=_confirmed_on(known, "mobiltelefonnummer"),
        email=_text(known, "epostadresse"),
        email_confirmed_on=_confirmed_on(known, "epostadresse"),
        has_digital_mailbox=bool(_text(_object(person, "digital_post"), "postkasseadresse")),
        language=_text(person, "spraak"),
    )


def _object(content: Mapping[str, object], name: str) -> dict[str, object]:
    value = content.get(name)
    return value if isinstance(value, dict) else {}


def _text(content: Mapping[str, object], name: str) -> str:
    value = content.get(name)
    return value if isinstance(value, str) else ""


def _confirmed_on(known: Mapping[str, object], name: str) -> date | None:
    days = []
    for what in ("oppdatert", "sist_verifisert"):
        try:
            at = datetime.fromisoformat(_text(known, f"{name}_{what}"))
        except ValueError:
            continue
        days.append(oslo_date(at) if at.tzinfo is not None else at.date())
    return max(days, default=None)
