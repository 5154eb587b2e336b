"""
SMS through the PSWinCom gateway's XML interface over HTTP.

Sources: the gateway's documentation of its XML interface, message types, submit response, delivery reports and their states [source]. What
a FAIL with which words means is read from the words [unverified], and so is that a long UCS-2 text is divided by the gateway.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from fjorten.kernel.times import OSLO
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
from fjorten.messages.sms_parts import Alphabet, sms_parts

MOST_PARTS: Final = 16  # what is longer is cut off by the gateway without a word [source]
_UCS_2: Final = "9"  # "Unicode (UCS2)": the text as hexadecimal digits of UCS-2, big-endian [source]
_STATES: Final = {
    "DELIVRD": Delivery.DELIVERED,
    "EXPIRED": Delivery.FAILED,
    "DELETED": Delivery.FAILED,
    "UNDELIV": Delivery.FAILED,
    "REJECTD": Delivery.FAILED,
    "FAILED": Delivery.FAILED,
    "BARRED": Delivery.FAILED,
    "BARREDA": Delivery.FAILED,
    "ZEROBAL": Delivery.FAILED,
    "UNKNOWN": Delivery.UNKNOWN,
    "NULL": Delivery.UNKNOWN,
}


class PSWinCom:
    """
    One message in each session, so that its status is its own. The gateway honours no keys and cannot be asked.

    A receipt is asked for, and comes as a call with the gateway's reference. `password` is read anew for every message.
    """

    name = "pswincom"
    takes_keys = False
    can_be_asked = False

    def __init__(
        self,
        address: str,
        *,
        user: str,
        password: Callable[[], str],
        sender: str,
        patience: Patience = Patience(),  # noqa: B008 - frozen
        elapsed_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gateway: Final = HttpGateway(address, patience=patience, elapsed_seconds=elapsed_seconds)
        self._user: Final = user
        self._password: Final = password
        self._sender: Final = sender

    def hand_over(self, parcel: Parcel) -> Handover:
        """This function will send one SMS, see `Channel.hand_over`."""
        number = parcel.to.removeprefix("+")
        parts = sms_parts(parcel.body).parts
        if not (number.isascii() and number.isdigit() and len(number) >= 9):  # at least nine digits, country first [source]
            return Handover.refused(Reason.ADDRESS_INVALID)
        if not parcel.body.strip() or parts > MOST_PARTS:
            return Handover.refused(Reason.CONTENT_NOT_ACCEPTED, f"{parts} deler")
        session = _session(user=self._user, password=self._password(), number=number, text=parcel.body, sender=self._sender)
        # Letters outside Latin-1 become character references, which XML allows; in the text itself there are none (see `_as_sent`).
        content = tostring(session, encoding="iso-8859-1", xml_declaration=True)
        answer = self._gateway.ask("POST", "/", content=content, headers={"Content-Type": "text/xml; charset=iso-8859-1"})
        if isinstance(answer, Handover):
            return answer
        return _handover_of(answer, parcel, parts) if answer.status == 200 else not_taken(answer)

    def ask(self, *, key: str, reference: str = "") -> Receipt | None:
        """This function will tell nothing: the gateway cannot be asked."""
        return None

    def heard_in(self, content: bytes) -> Sequence[Heard]:
        """This function will read a call: reports have STATE, messages TEXT; several may come at once. Raises CallCannotBeRead."""
        heard = tuple(_heard(message) for message in _messages_in(content))
        if not heard:
            raise CallCannotBeRead("a call without messages")
        return heard

    def answer_to(self, content: bytes) -> tuple[str, bytes]:
        """This function will say OK to each message of a call, by its ID. Raises CallCannotBeRead."""
        kept = Element("MSGLST")
        for message in _messages_in(content):
            one = SubElement(kept, "MSG")
            SubElement(one, "ID").text = message.findtext("ID", "")
            SubElement(one, "STATUS").text = "OK"
        return "text/xml", tostring(kept, encoding="iso-8859-1", xml_declaration=True)

    def close(self) -> None:
        """This function will close the connections."""
        self._gateway.close()


def _session(*, user: str, password: str, number: str, text: str, sender: str) -> Element:
    session = Element("SESSION")
    SubElement(session, "CLIENT").text = user
    SubElement(session, "PW").text = password
    message = SubElement(SubElement(session, "MSGLST"), "MSG")
    SubElement(message, "ID").text = "1"
    is_plain = sms_parts(text).alphabet is Alphabet.GSM_7 and _is_latin_1(text)
    SubElement(message, "TEXT").text = text if is_plain else text.encode("utf-16-be").hex().upper()
    SubElement(message, "RCV").text = number
    SubElement(message, "SND").text = sender
    if not is_plain:  # only the letters that are both in GSM-7 and in Latin-1 travel as they are [source]
        SubElement(message, "OP").text = _UCS_2
    SubElement(message, "RCPREQ").text = "Y"
    return session


def _is_latin_1(text: str) -> bool:
    return all(ord(letter) < 0x100 for letter in text)


def _handover_of(answer: Answer, parcel: Parcel, parts: int) -> Handover:
    try:
        session = fromstring(answer.body)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return Handover.uncertain(Reason.ANSWER_GARBLED)
    logon = session.findtext("LOGON", "").strip().upper()
    if session.tag != "SESSION" or logon not in {"OK", "FAIL"}:
        return Handover.uncertain(Reason.ANSWER_GARBLED)
    if logon == "FAIL":
        return Handover.not_sent(Reason.ACCESS_REFUSED, said_by(session.findtext("REASON", "") or "", about=parcel))
    messages = session.findall("MSGLST/MSG")
    status = messages[0].findtext("STATUS", "").strip().upper() if len(messages) == 1 else ""
    if status == "OK":
        return Handover.accepted(reference=(messages[0].findtext("REF") or "").strip(), parts=parts)
    if status == "FAIL":
        return Handover.refused(Reason.REJECTED, said_by(messages[0].findtext("INFO", "") or "", about=parcel))
    return Handover.uncertain(Reason.ANSWER_GARBLED)


def _messages_in(content: bytes) -> Sequence[Element]:
    try:
        # The gateway's own calls have a document type that names a file and declares nothing; entities stay forbidden. [source]
        root = fromstring(content, forbid_dtd=False)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise CallCannotBeRead(f"a call that is no XML of the gateway's ({type(error).__name__})") from None
    return [message for message in root.iter("MSG") if root.tag == "MSGLST"]


def _heard(message: Element) -> Heard:
    state, text = message.findtext("STATE"), message.findtext("TEXT")
    if state is not None:
        reference = (message.findtext("REF") or "").strip()
        if not reference:
            raise CallCannotBeRead("a delivery report that names no message")
        code = state.strip().upper()
        return Receipt(
            delivery=_STATES.get(code, Delivery.UNKNOWN),
            reference=reference,
            at=_time_in(message.findtext("DELIVERYTIME") or ""),
            detail=code[:20],
        )
    number = (message.findtext("SND") or "").strip()
    if text is None or not number.isdigit():
        raise CallCannotBeRead("neither a delivery report nor a message from a number")
    return Incoming(reference=uuid4().hex, from_number=f"+{number}", text=text)  # its ID only counts within the call


def _time_in(written: str) -> datetime | None:
    # "The local time zone of the SMSC used" [source]; that this is Oslo's is ours to assume. [default]
    for form in ("%Y.%m.%d %H:%M:%S", "%Y.%m.%d %H:%M"):
        try:
            return datetime.strptime(written.strip(), form).replace(tzinfo=OSLO).astimezone(UTC)
        except ValueError:
            continue
    return None
