"""
SMS through a text message centre over SMPP 3.4.

Source: the SMPP 3.4 specification: submit_sm and its statuses, deliver_sm, the text of receipts in appendix B [unverified: written from
general knowledge and from smpplib]. The protocol has no keys: a submit without an answer may or may not have been taken.
"""

from __future__ import annotations

import logging
import re
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from smpplib import consts  # type: ignore[import-untyped]  # smpplib has no types
from smpplib.client import Client  # type: ignore[import-untyped]  # as above
from smpplib.exceptions import ConnectionError as NotConnected  # type: ignore[import-untyped]  # as above
from smpplib.exceptions import PDUError
from smpplib.smpp import make_pdu  # type: ignore[import-untyped]  # as above

from fjorten.messages.channels.gsm import TextIsTooLong, parts_of, read_gsm_7
from fjorten.messages.channels.interface import Delivery, Handover, Heard, Incoming, Outcome, Parcel, Patience, Reason, Receipt
from fjorten.messages.sms_parts import Alphabet

_LOGGER: Final = "fjorten.messages.smpp"
logging.getLogger(_LOGGER).disabled = True  # the library writes every message it sends, whole, to its debug log

_DATA_CODING: Final = {Alphabet.GSM_7: consts.SMPP_ENCODING_DEFAULT, Alphabet.UCS_2: consts.SMPP_ENCODING_ISO10646}
_TRY_LATER: Final = frozenset({consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL})
_ABOUT_THE_NUMBER: Final = frozenset({consts.SMPP_ESME_RINVDSTADR, consts.SMPP_ESME_RINVDSTTON, consts.SMPP_ESME_RINVDSTNPI})
_ABOUT_THE_TEXT: Final = frozenset({consts.SMPP_ESME_RINVMSGLEN, consts.SMPP_ESME_RINVESMCLASS, consts.SMPP_ESME_RX_P_APPN})
_ABOUT_US: Final = frozenset(
    {
        consts.SMPP_ESME_RINVSRCADR,
        consts.SMPP_ESME_RINVSRCTON,
        consts.SMPP_ESME_RINVSRCNPI,
        consts.SMPP_ESME_RINVBNDSTS,
        consts.SMPP_ESME_RINVSERTYP,
        consts.SMPP_ESME_RINVCMDID,
    }
)
_FAILED_THERE: Final = frozenset({consts.SMPP_ESME_RSUBMITFAIL, consts.SMPP_ESME_RX_T_APPN, consts.SMPP_ESME_RX_R_APPN})
_STATES: Final = {
    "DELIVRD": Delivery.DELIVERED,
    "ACCEPTD": Delivery.PENDING,
    "ENROUTE": Delivery.PENDING,
    "EXPIRED": Delivery.FAILED,
    "DELETED": Delivery.FAILED,
    "UNDELIV": Delivery.FAILED,
    "REJECTD": Delivery.FAILED,
    "UNKNOWN": Delivery.UNKNOWN,
}
_TYPE_OF_MESSAGE: Final = 0b0011_1100  # in esm_class
_IS_RECEIPT: Final = 0b0000_0100
_HAS_HEADER: Final = 0b0100_0000
_IN_RECEIPT: Final = re.compile(r"\b(id|stat|done date):(\S+)", re.IGNORECASE)


class _Line(Client):  # type: ignore[misc]  # smpplib has no types
    """The library's client, which with TLS does not say who it wants to speak to; then no certificate could be held to a name."""

    def _create_socket(self) -> socket.socket:
        plain = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        plain.settimeout(self.timeout)
        return plain if self._ssl_context is None else self._ssl_context.wrap_socket(plain, server_hostname=self.host)


class Smpp:
    """
    A transceiver that stays bound: it sends, and hears receipts and messages on the same connection. Used by one thread at a time.

    Everything heard is given to `keep` before the centre is told that we have it; when `keep` fails, the centre is told to come again. A
    long text is several submits: the receipt asked for is the last part's, and its reference is the message's [default].
    """

    name = "smpp"
    takes_keys = False
    can_be_asked = False

    def __init__(
        self,
        host: str,
        port: int,
        *,
        user: str,
        password: Callable[[], str],
        sender: str,
        keep: Callable[[Heard], None],
        tls: ssl.SSLContext | None = None,
        patience: Patience = Patience(),  # noqa: B008 - frozen
        elapsed_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._host: Final = host
        self._port: Final = port
        self._user: Final = user
        self._password: Final = password
        self._sender: Final = sender
        self._keep: Final = keep
        self._tls: Final = tls
        self._patience: Final = patience
        self._elapsed_seconds: Final = elapsed_seconds
        self._client: Client | None = None
        self._kept_so_far = 0

    def hand_over(self, parcel: Parcel) -> Handover:
        """This function will send one SMS, in as many parts as it takes, see `Channel.hand_over`."""
        number = parcel.to.removeprefix("+")
        if not (number.isascii() and number.isdigit()):
            return Handover.refused(Reason.ADDRESS_INVALID)
        try:
            parts = parts_of(parcel.body, key=parcel.key)
        except TextIsTooLong:
            return Handover.refused(Reason.CONTENT_NOT_ACCEPTED)
        client = self._bound()
        if isinstance(client, Handover):
            return client
        reference = ""
        for place, octets in enumerate(parts.octets, start=1):
            answer = self._submit(
                client,
                destination_addr=number,
                short_message=octets,
                data_coding=_DATA_CODING[parts.alphabet],
                esm_class=consts.SMPP_GSMFEAT_UDHI if parts.have_headers else consts.SMPP_MSGMODE_DEFAULT,
                registered_delivery=1 if place == len(parts.octets) else 0,
            )
            if answer.outcome is not Outcome.ACCEPTED:
                # The first parts are on their way: sending all of it again would double them, and leaving it would deliver a torn text.
                return answer if place == 1 else Handover.uncertain(Reason.TAKEN_IN_PART, f"del {place} av {len(parts.octets)}")
            reference = answer.reference
        return Handover.accepted(reference=reference, parts=len(parts.octets))

    def ask(self, *, key: str, reference: str = "") -> Receipt | None:
        """This function will tell nothing: the centre is not asked, it tells by receipts."""
        return None

    def listen(self, for_seconds: float) -> int:
        """
        This function will hear what the centre has to tell until it is silent for `for_seconds`, and tell how many were kept.

        Ends quietly when the centre cannot be reached; whoever wants to know that looks at `hand_over`, or at receipts that do not come.
        """
        before = self._kept_so_far
        client = self._bound()
        if isinstance(client, Handover):
            return self._kept_so_far - before
        try:
            client._socket.settimeout(max(for_seconds, 0.01))
            while (pdu := _read(client)) is not None:
                self._attended(client, pdu)
            client._socket.settimeout(self._patience.read_seconds)
        except Exception:  # see `_submit`
            self.close()
        return self._kept_so_far - before

    def close(self) -> None:
        """This function will unbind and hang up."""
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(Exception):  # whatever the other end says to a farewell
            client.send_pdu(make_pdu("unbind", client=client))
        client.state = consts.SMPP_CLIENT_STATE_OPEN
        client.disconnect()

    def _bound(self) -> Client | Handover:
        """Give a connection that was answering a moment ago. Nothing of a message is sent here, so every failure is definite."""
        if self._client is not None and self._is_alive(self._client):
            return self._client
        self.close()
        client = _Line(
            self._host,
            self._port,
            timeout=self._patience.connect_seconds,
            logger_name=_LOGGER,
            ssl_context=self._tls,
            allow_unknown_opt_params=True,
        )
        try:
            client.connect()
            client.bind_transceiver(system_id=self._user, password=self._password())
        except PDUError as error:
            self._client = client
            self.close()
            status = error.args[1] if len(error.args) > 1 else 0
            return Handover.not_sent(Reason.THROTTLED if status in _TRY_LATER else Reason.ACCESS_REFUSED, f"bind 0x{status:02x}")
        except Exception:  # not reached, hung up, or answered with something else than an answer
            self._client = client
            self.close()
            return Handover.not_sent(Reason.UNREACHABLE)
        client._socket.settimeout(self._patience.read_seconds)
        self._client = client
        return client

    def _is_alive(self, client: Client) -> bool:
        # A connection that died while nobody spoke takes what is written to it without a word; so it is asked first.
        try:
            question = make_pdu("enquire_link", client=client)
            client.send_pdu(question)
            return self._answer_to(client, question.sequence) is not None
        except Exception:  # see `_submit`
            return False

    def _submit(self, client: Client, **fields: Any) -> Handover:
        sender_ton, sender_npi = _kind_of_sender(self._sender)
        submit = make_pdu(
            "submit_sm",
            client=client,
            source_addr=self._sender,
            source_addr_ton=sender_ton,
            source_addr_npi=sender_npi,
            dest_addr_ton=consts.SMPP_TON_INTL,
            dest_addr_npi=consts.SMPP_NPI_ISDN,
            **fields,
        )
        try:
            client.send_pdu(submit)
            answer = self._answer_to(client, submit.sequence)
        except (NotConnected, OSError):
            self.close()
            return Handover.uncertain(Reason.CONNECTION_CUT)
        except Exception:  # a garbled answer trips the library wherever it happens to be; the submit is written, so nobody knows
            self.close()
            return Handover.uncertain(Reason.ANSWER_GARBLED)
        if answer is None:
            self.close()
            return Handover.uncertain(Reason.NO_ANSWER)
        if answer.command not in {"submit_sm_resp", "generic_nack"}:
            self.close()
            return Handover.uncertain(Reason.ANSWER_GARBLED)
        if answer.command == "submit_sm_resp" and answer.status == consts.SMPP_ESME_ROK:
            return Handover.accepted(reference=(answer.message_id or b"").decode("ascii", "replace"))
        if answer.status in _ABOUT_US:
            self.close()  # a bind the centre no longer knows is made anew for the next message
        return _not_taken(answer.status)

    def _answer_to(self, client: Client, sequence: int) -> Any | None:
        """Read until the answer with this number comes, seeing to what else the centre says meanwhile. None when it takes too long."""
        deadline = self._elapsed_seconds() + self._patience.whole_answer_seconds
        while self._elapsed_seconds() < deadline:
            pdu = _read(client)
            if pdu is None:
                return None
            if pdu.sequence == sequence and pdu.is_response():
                return pdu
            self._attended(client, pdu)
        return None

    def _attended(self, client: Client, pdu: Any) -> None:
        if pdu.command == "enquire_link":
            answer = make_pdu("enquire_link_resp", client=client)
        elif pdu.command == "deliver_sm":
            answer = make_pdu("deliver_sm_resp", client=client, status=self._kept(pdu))
        else:
            return
        answer.sequence = pdu.sequence
        client.send_pdu(answer)

    def _kept(self, pdu: Any) -> int:
        heard = _heard(pdu)
        if heard is None:
            return int(consts.SMPP_ESME_ROK)  # nothing we can read now will be readable tomorrow
        try:
            self._keep(heard)
        except Exception:  # a database that is away, or anything else: it is not kept, and must be told again
            return int(consts.SMPP_ESME_RX_T_APPN)
        self._kept_so_far += 1
        return int(consts.SMPP_ESME_ROK)


def _kind_of_sender(sender: str) -> tuple[int, int]:
    if not sender.isdigit():
        return consts.SMPP_TON_ALNUM, consts.SMPP_NPI_UNK
    return (consts.SMPP_TON_INTL if len(sender) > 8 else consts.SMPP_TON_NWSPEC), consts.SMPP_NPI_ISDN  # a short number is the operator's


def _read(client: Client) -> Any | None:
    try:
        return client.read_pdu()
    except TimeoutError:
        return None


def _not_taken(status: int) -> Handover:
    detail = f"status 0x{status:02x}"
    if status in _TRY_LATER:
        return Handover.not_sent(Reason.THROTTLED, detail)
    if status in _ABOUT_THE_NUMBER:
        return Handover.refused(Reason.ADDRESS_INVALID, detail)
    if status in _ABOUT_THE_TEXT:
        return Handover.refused(Reason.CONTENT_NOT_ACCEPTED, detail)
    if status in _ABOUT_US:
        return Handover.not_sent(Reason.ACCESS_REFUSED, detail)
    if status in _FAILED_THERE:
        return Handover.not_sent(Reason.OUT_OF_ORDER, detail)
    return Handover.uncertain(
        Reason.OUT_OF_ORDER, detail
    )  # "system error" and what we do not know: somewhere behind it may have been taken


def _heard(pdu: Any) -> Heard | None:
    octets = pdu.short_message or getattr(pdu, "message_payload", None) or b""
    kind = pdu.esm_class or 0
    if kind & _TYPE_OF_MESSAGE == _IS_RECEIPT:
        return _receipt_in(octets.decode("latin-1"), named=getattr(pdu, "receipted_message_id", None) or b"")
    number = (pdu.source_addr or b"").decode("ascii", "replace").removeprefix("+")
    if not number.isdigit():
        return None
    if kind & _HAS_HEADER and octets:
        octets = octets[octets[0] + 1 :]
    # The protocol does not number incoming messages; each time the centre comes it is one of its own.
    return Incoming(reference=uuid4().hex, from_number=f"+{number}", text=_text_in(octets, pdu.data_coding or 0))


def _receipt_in(text: str, *, named: bytes) -> Receipt | None:
    found = {name.lower(): value for name, value in _IN_RECEIPT.findall(text)}
    reference = found.get("id") or named.rstrip(b"\0").decode("ascii", "replace")
    state = found.get("stat", "").upper()
    if not reference or state not in _STATES:
        return None
    return Receipt(delivery=_STATES[state], reference=reference, at=_time_in(found.get("done date", "")), detail=state)


def _time_in(written: str) -> datetime | None:
    # YYMMDDhhmm or with seconds; in which zone is for each centre to say. UTC is at worst two hours wrong, and only shown. [default]
    for form, length in (("%y%m%d%H%M", 10), ("%y%m%d%H%M%S", 12)):
        if len(written) == length and written.isdigit():
            with suppress(ValueError):
                return datetime.strptime(written, form).replace(tzinfo=UTC)
    return None


def _text_in(octets: bytes, data_coding: int) -> str:
    if data_coding == consts.SMPP_ENCODING_ISO10646:
        return octets.decode("utf-16-be", "replace")
    if data_coding == consts.SMPP_ENCODING_ISO88591:
        return octets.decode("latin-1")
    return read_gsm_7(octets)
