"""
SMS through Sveve's HTTP interface.

Sources: the gateway's documentation of sending, delivery reports and pushed messages, and its Python package [source]; that HTTP 200 is
answered even on errors is documented. Which errors mean what is read from their words [unverified].
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl
from uuid import uuid4

from fjorten.messages.channels.http import Answer, HttpGateway, not_taken
from fjorten.messages.channels.interface import (
    CallCannotBeRead,
    Delivery,
    Handover,
    Heard,
    Incoming,
    Parcel,
    Patience,
    Reason,
    Receipt,
    said_by,
)

LONGEST_TEXT: Final = 1071  # [source]

# In the gateway's words, Norwegian or English, any case: what a number's own error and a fatal one are about. [unverified]
_FATAL: Final = (
    (("brukernavn", "passord", "password", "username", "tilgang", "access"), Reason.ACCESS_REFUSED),
    (("sms igjen", "ikke nok", "tom for", "saldo", "kreditt", "credit", "units"), Reason.NO_CREDIT),
    (("for mange", "too many", "samtidige", "concurrent"), Reason.THROTTLED),
)
_BLOCKED: Final = ("sperret", "reservert", "blokkert", "blocked", "stopp")


class Sveve:
    """
    One message at a time, with our key as `ref`, which comes back in the delivery report: so an uncertain one is settled by its report.

    The gateway does not promise to send a `ref` once only, and cannot be asked. `password` is read anew for every message.
    """

    name = "sveve"
    takes_keys = False
    can_be_asked = False

    def __init__(
        self,
        address: str,
        *,
        user: str,
        password: Callable[[], str],
        sender: str,
        answers_allowed: bool = True,
        patience: Patience = Patience(),  # noqa: B008 - frozen
        elapsed_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gateway: Final = HttpGateway(address, patience=patience, elapsed_seconds=elapsed_seconds)
        self._user: Final = user
        self._password: Final = password
        self._sender: Final = sender
        self._answers_allowed: Final = answers_allowed

    def hand_over(self, parcel: Parcel) -> Handover:
        """This function will send one SMS, see `Channel.hand_over`."""
        number = parcel.to.removeprefix("+")
        if not (number.isascii() and number.isdigit()):  # the gateway would look for a group of that name
            return Handover.refused(Reason.ADDRESS_INVALID)
        if not parcel.body.strip() or len(parcel.body) > LONGEST_TEXT:
            return Handover.refused(Reason.CONTENT_NOT_ACCEPTED, f"{len(parcel.body)} tegn")
        question: dict[str, object] = {
            "user": self._user,
            "passwd": self._password(),
            "to": number,
            "msg": parcel.body,
            "from": self._sender,
            "ref": parcel.key,
            "f": "json",
        }
        if self._answers_allowed:
            question["reply"] = True
        answer = self._gateway.ask("POST", "/SMS/SendMessage", json=question)
        if isinstance(answer, Handover):
            return answer
        return _handover_of(answer, parcel) if answer.status == 200 else not_taken(answer)

    def ask(self, *, key: str, reference: str = "") -> Receipt | None:
        """This function will tell nothing: the gateway cannot be asked."""
        return None

    def heard_in(self, content: bytes) -> Sequence[Heard]:
        """
        This function will read a call from the gateway, a query string or a form: a delivery report has `status`, a message has `msg`.

        A message names the one it answers by `id`, if it does. Raises CallCannotBeRead.
        """
        values = _values_in(content)
        number = values.get("number", "")
        if not number:
            raise CallCannotBeRead("a call without a number")
        if "status" in values:
            return (_receipt_of(values),)
        if "msg" not in values:
            raise CallCannotBeRead("a call that is neither a report nor a message")
        answered = values.get("id", "")
        # The gateway tries again when our answer is lost: the same words in answer to the same message are the same message. Without
        # that, the same words from the same number may be another day's, and each call is a message of its own.
        same = hashlib.sha256(f"{answered}|{number}|{values['msg']}".encode()).hexdigest()[:32] if answered else uuid4().hex
        return (Incoming(reference=same, from_number=_with_plus(number), text=values["msg"], answers=answered),)

    def answer_to(self, content: bytes) -> tuple[str, bytes]:
        """This function will answer with nothing, so that the gateway sends nothing back to the family."""
        return "text/plain", b""

    def close(self) -> None:
        """This function will close the connections."""
        self._gateway.close()


def _handover_of(answer: Answer, parcel: Parcel) -> Handover:
    response = answer.json().get("response")
    if not isinstance(response, dict):
        return Handover.uncertain(Reason.ANSWER_GARBLED)
    fatal = response.get("fatalError")
    taken = response.get("msgOkCount")
    errors = [error for error in response.get("errors") or [] if isinstance(error, dict)]
    if isinstance(fatal, str) and fatal.strip():
        # Documented as "nothing was sent"; together with a count of sent messages it is a riddle.
        return Handover.uncertain(Reason.ANSWER_GARBLED) if taken else Handover.not_sent(_fatal_reason(fatal), said_by(fatal, about=parcel))
    if taken == 1 and not errors:
        ids = response.get("ids")
        reference = str(ids[0]) if isinstance(ids, list) and len(ids) == 1 and isinstance(ids[0], int | str) else ""
        count = response.get("stdSMSCount")
        return Handover.accepted(reference=reference, parts=count if type(count) is int else 0)
    if taken == 0 and errors:
        words = str(errors[0].get("message", ""))
        is_blocked = any(word in words.casefold() for word in _BLOCKED)
        return Handover.refused(Reason.ADDRESS_BLOCKED if is_blocked else Reason.ADDRESS_INVALID, said_by(words, about=parcel))
    return Handover.uncertain(Reason.ANSWER_GARBLED)


def _fatal_reason(words: str) -> Reason:
    folded = words.casefold()
    return next((reason for signs, reason in _FATAL if any(sign in folded for sign in signs)), Reason.OUT_OF_ORDER)


def _receipt_of(values: Mapping[str, str]) -> Receipt:
    reference, key = values.get("id", ""), values.get("ref", "")
    status = values["status"].casefold()
    if not (reference or key) or status not in {"true", "false"}:
        raise CallCannotBeRead("a delivery report that names no message, or says neither yes nor no")
    code = values.get("errorCode", "")
    return Receipt(
        delivery=Delivery.DELIVERED if status == "true" else Delivery.FAILED,
        reference=reference,
        key=key,
        detail=f"kode {code[:20]}" if code else "",
    )


def _values_in(content: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(content.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict"))
    except ValueError as error:
        raise CallCannotBeRead("a call that is no query string") from error


def _with_plus(number: str) -> str:
    # Norwegian numbers come with or without the country code; the documentation shows both. [source]
    digits = number.strip().removeprefix("+").removeprefix("00")
    return f"+47{digits}" if len(digits) == 8 else f"+{digits}"
