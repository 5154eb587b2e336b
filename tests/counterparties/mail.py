"""A mail server, after aiosmtpd."""

from __future__ import annotations

import asyncio
import socket
import ssl
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.counterparties.misbehaviour import BEHAVING, Book, Misbehaviour, Plan
from tests.counterparties.web import HOLDS_ON_SECONDS, SLOW_SECONDS


class _OnAnyPort(Controller):
    """The library asks port 0 whether anybody is there; this asks the port it was given."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        with socket.create_connection(self.server.sockets[0].getsockname(), timeout=60) as line:
            line.recv(1)


class MailStandIn:
    """`plan` is asked with the Message-ID's key. LEFT_NUMBER_ERROR refuses the recipient, LEFT_ERROR_INSIDE the message (554)."""

    def __init__(self, plan: Plan = BEHAVING, *, tls: ssl.SSLContext | None = None) -> None:
        self.plan = plan
        self.book = Book()
        self.messages: list[EmailMessage] = []
        self._controller = _OnAnyPort(
            self, hostname="127.0.0.1", port=0, ready_timeout=60, tls_context=tls, require_starttls=tls is not None
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._controller.server is not None
        port: int = self._controller.server.sockets[0].getsockname()[1]
        return port

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._controller.stop()

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if address.startswith("finnes-ikke"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        key = str(message["Message-ID"]).strip("<>").partition("@")[0]
        self.book.was_asked(key)
        behaviour = self.plan(key)
        if behaviour.takes:
            self.book.enter(key=key, to=envelope.rcpt_tos[0], text=str(message.get_body().get_content()))  # type: ignore[union-attr]
            self.messages.append(message)
        match behaviour:
            case Misbehaviour.SLOW:
                await asyncio.sleep(SLOW_SECONDS)
            case Misbehaviour.TAKEN_SILENT | Misbehaviour.LEFT_SILENT:
                await asyncio.sleep(HOLDS_ON_SECONDS)
            case Misbehaviour.TAKEN_CUT | Misbehaviour.LEFT_CUT:
                server.transport.abort()
            case Misbehaviour.TAKEN_GARBLED | Misbehaviour.LEFT_GARBLED:
                return "Oi da"
            case Misbehaviour.TAKEN_SERVER_ERROR | Misbehaviour.LEFT_SERVER_ERROR:
                return "999 what is this"
            case Misbehaviour.LEFT_THROTTLED:
                return "451 4.7.1 try again later"
            case Misbehaviour.LEFT_ERROR_INSIDE | Misbehaviour.LEFT_NUMBER_ERROR:
                return "554 5.6.0 rejected"
        return "250 OK: queued"

    async def handle_exception(self, error: Exception) -> str:
        return "421 gone"
