"""Counterparties that speak HTTP: what is the same for all of them."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.counterparties.misbehaviour import BEHAVING, Book, Misbehaviour, Plan

SLOW_SECONDS = 0.2
HOLDS_ON_SECONDS = 20  # at most: whoever is kept waiting hangs up long before


@dataclass
class Request:
    """What was asked."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: Any
    body: bytes
    said: dict[str, Any] = field(default_factory=dict)


@dataclass
class Reply:
    """What is answered."""

    status: int
    body: bytes
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class WebStandIn(ABC):
    """A server on 127.0.0.1. `plan` says what is done to each message; `book` what was taken."""

    def __init__(self, plan: Plan = BEHAVING) -> None:
        self.plan = plan
        self.book = Book()

    @abstractmethod
    def key_of(self, request: Request) -> str | Reply:
        """Read a message: its key, or an answer to what is not a message."""

    @abstractmethod
    def take(self, request: Request) -> Reply:
        """Take a message, enter it in the book, and answer as documented."""

    @abstractmethod
    def error_inside(self, request: Request) -> Reply:
        """Answer with success and an error in it; nothing is taken."""

    @abstractmethod
    def number_error(self, request: Request) -> Reply:
        """Answer that this recipient cannot be reached; nothing is taken."""

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                stand_in._attend(self)

            def do_GET(self) -> None:
                stand_in._attend(self)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_: object) -> None:
                pass  # whoever was kept waiting has hung up

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _attend(self, handler: BaseHTTPRequestHandler) -> None:
        split = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        request = Request(handler.command, split.path, parse_qs(split.query), handler.headers, body)
        handler.close_connection = True
        found = self.key_of(request)
        if isinstance(found, Reply):
            return _send(handler, found)
        self.book.was_asked(found)
        behaviour = self.plan(found)
        reply = self.take(request) if behaviour.takes else None
        match behaviour:
            case Misbehaviour.BEHAVES:
                _send(handler, reply)
            case Misbehaviour.SLOW:
                time.sleep(SLOW_SECONDS)
                _send(handler, reply)
            case Misbehaviour.TAKEN_SILENT | Misbehaviour.LEFT_SILENT:
                handler.connection.settimeout(HOLDS_ON_SECONDS)
                handler.connection.recv(1)
            case Misbehaviour.TAKEN_CUT | Misbehaviour.LEFT_CUT:
                handler.connection.close()
            case Misbehaviour.TAKEN_GARBLED | Misbehaviour.LEFT_GARBLED:
                _send(handler, Reply(200, b"<html>\xff Oi da", "text/html"))
            case Misbehaviour.TAKEN_SERVER_ERROR | Misbehaviour.LEFT_SERVER_ERROR:
                _send(handler, Reply(502, b"Bad gateway", "text/plain"))
            case Misbehaviour.LEFT_THROTTLED:
                _send(handler, Reply(429, b"", "text/plain", {"Retry-After": "17"}))
            case Misbehaviour.LEFT_ERROR_INSIDE:
                _send(handler, self.error_inside(request))
            case Misbehaviour.LEFT_NUMBER_ERROR:
                _send(handler, self.number_error(request))
        return None


def _send(handler: BaseHTTPRequestHandler, reply: Reply | None) -> None:
    assert reply is not None
    handler.send_response(reply.status)
    handler.send_header("Content-Type", reply.kind)
    handler.send_header("Content-Length", str(len(reply.body)))
    handler.send_header("Connection", "close")
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(reply.body)
