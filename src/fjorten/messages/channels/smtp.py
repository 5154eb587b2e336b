"""E-mail through the municipality's mail server (SMTP, RFC 5321)."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import formatdate
from typing import Final

from fjorten.messages.channels.interface import Handover, Parcel, Patience, Reason, Receipt

# Replies to RCPT that are about the recipient; others of the 500s are about us (RFC 5321, 4.2.3 [source]; which is which [default]).
_ABOUT_THE_RECIPIENT: Final = frozenset({501, 510, 511, 512, 523, 525, 541, 550, 551, 553, 556})


class _HandedOver(Exception):
    """The end of a conversation: it carries what became of the message."""

    def __init__(self, handover: Handover) -> None:
        super().__init__(handover.outcome)
        self.handover: Final = handover


class Smtp:
    """
    One message in each conversation, over a connection made safe before anything is said.

    The Message-ID is made of the key, so that the same message sent twice can be told; but no mail server promises to keep the second back.
    `login` gives user and password, or None where the server knows us by our address. `sent_at_seconds` is the clock of the Date line.
    """

    name = "smtp"
    takes_keys = False
    can_be_asked = False

    def __init__(
        self,
        host: str,
        port: int = 587,
        *,
        sender: str,
        sender_name: str,
        sent_at_seconds: Callable[[], float],
        login: Callable[[], tuple[str, str] | None] = lambda: None,
        needs_tls: bool = True,
        tls: ssl.SSLContext | None = None,
        patience: Patience = Patience(),  # noqa: B008 - frozen
    ) -> None:
        self._host: Final = host
        self._port: Final = port
        self._sender: Final = sender
        self._sender_name: Final = sender_name
        self._sent_at_seconds: Final = sent_at_seconds
        self._login: Final = login
        self._needs_tls: Final = needs_tls
        self._tls: Final = tls or ssl.create_default_context()
        self._patience: Final = patience

    def hand_over(self, parcel: Parcel) -> Handover:
        """This function will send one e-mail, see `Channel.hand_over`."""
        try:
            to = Address(addr_spec=parcel.to)
        except (HeaderParseError, ValueError, IndexError):
            return Handover.refused(Reason.ADDRESS_INVALID)
        if not (parcel.to.isascii() and to.domain):
            return Handover.refused(Reason.ADDRESS_INVALID)
        try:
            written = self._message(parcel, to).as_bytes(policy=SMTP_POLICY)
        except ValueError:  # a line break in the title
            return Handover.refused(Reason.CONTENT_NOT_ACCEPTED)
        try:
            server = self._connected()
        except _HandedOver as end:
            return end.handover
        try:
            self._envelope(server, parcel.to)
            return self._data(server, written, reference=self._message_id(parcel))
        except _HandedOver as end:
            return end.handover
        finally:
            # What became of the message is settled by now; how the conversation ends says nothing about it.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def ask(self, *, key: str, reference: str = "") -> Receipt | None:
        """This function will tell nothing: a mail server cannot be asked."""
        return None

    def _message_id(self, parcel: Parcel) -> str:
        return f"<{parcel.key}@{self._sender.rpartition('@')[2]}>"

    def _message(self, parcel: Parcel, to: Address) -> EmailMessage:
        message = EmailMessage()
        message["From"] = Address(self._sender_name, addr_spec=self._sender)
        message["To"] = to
        message["Subject"] = parcel.title
        message["Message-ID"] = self._message_id(parcel)
        message["Date"] = formatdate(self._sent_at_seconds())
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no "out of office" in return
        message.set_content(parcel.body, cte="quoted-printable")
        message["Content-Language"] = parcel.language  # after the content, which takes such headers away
        for file in parcel.attachments:
            kind, _, sub = file.mime_type.partition("/")
            message.add_attachment(file.content, maintype=kind, subtype=sub, filename=file.file_name)
        return message

    def _connected(self) -> smtplib.SMTP:
        """Greet, make it safe, sign in. Nothing of the message has left the house before this is done, so every failure is definite."""
        server: smtplib.SMTP | None = None
        try:
            server = smtplib.SMTP(timeout=self._patience.connect_seconds, local_hostname=self._sender.rpartition("@")[2])
            code, _ = server.connect(self._host, self._port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, b"")
            server.ehlo_or_helo_if_needed()
            if self._needs_tls:
                server._host = self._host  # type: ignore[attr-defined]  # the name the certificate is held to; only set by the constructor
                server.starttls(context=self._tls)
                server.ehlo_or_helo_if_needed()
            login = self._login()
            if login is not None:
                server.login(*login)
            assert server.sock is not None
            server.sock.settimeout(self._patience.read_seconds)
            return server
        except (smtplib.SMTPException, OSError, ValueError) as error:
            if server is not None:
                server.close()
            raise _HandedOver(_not_connected(error)) from None

    def _envelope(self, server: smtplib.SMTP, to: str) -> None:
        try:
            code, _ = server.mail(self._sender)
            if code != 250:
                raise _HandedOver(_not_now("MAIL", code))
            code, _ = server.rcpt(to)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise _HandedOver(_not_connected(error)) from None
        if code in _ABOUT_THE_RECIPIENT:
            raise _HandedOver(Handover.refused(Reason.ADDRESS_INVALID, f"RCPT {code}"))
        if code not in (250, 251):
            raise _HandedOver(_not_now("RCPT", code))

    def _data(self, server: smtplib.SMTP, written: bytes, *, reference: str) -> Handover:
        try:
            code, _ = server.docmd("DATA")
        except (smtplib.SMTPException, OSError) as error:
            return _not_connected(error)  # the server may not take what it was not given
        if code != 354:
            return Handover.refused(Reason.CONTENT_NOT_ACCEPTED, f"DATA {code}") if code == 552 else _not_now("DATA", code)
        try:
            # As smtplib's own `data`, but kept apart from the DATA command: from here on a failure means that nobody knows. A line that
            # begins with a point is given another (RFC 5321, 4.5.2).
            server.send(written.replace(b"\r\n.", b"\r\n..").removesuffix(b"\r\n") + b"\r\n.\r\n")
            code, _ = server.getreply()
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            return Handover.uncertain(Reason.CONNECTION_CUT)
        except (smtplib.SMTPException, OSError) as error:
            return Handover.uncertain(Reason.NO_ANSWER if isinstance(error, TimeoutError) else Reason.ANSWER_GARBLED)
        if code == 250:
            return Handover.accepted(reference=reference)
        if 400 <= code < 500:  # the message is not accepted (RFC 5321, 4.5.3.2 and 6.1 [source])
            return _not_now("DATA", code)
        if 500 <= code < 600:
            return Handover.refused(Reason.CONTENT_NOT_ACCEPTED, f"DATA {code}")
        return Handover.uncertain(Reason.ANSWER_GARBLED)


def _not_now(command: str, code: int) -> Handover:
    reasons = {4: Reason.THROTTLED, 5: Reason.ACCESS_REFUSED}
    return Handover.not_sent(reasons.get(code // 100, Reason.OUT_OF_ORDER), f"{command} {code}")


def _not_connected(error: Exception) -> Handover:
    match error:
        case ssl.SSLCertVerificationError():
            return Handover.not_sent(Reason.NOT_TRUSTED)
        case smtplib.SMTPNotSupportedError():
            return Handover.not_sent(Reason.NOT_TRUSTED, "STARTTLS mangler")
        case smtplib.SMTPAuthenticationError():
            return Handover.not_sent(Reason.ACCESS_REFUSED, f"AUTH {error.smtp_code}")
        case smtplib.SMTPResponseException() if 400 <= error.smtp_code < 500:
            return Handover.not_sent(Reason.THROTTLED, f"svar {error.smtp_code}")
        case _:
            return Handover.not_sent(Reason.UNREACHABLE)
