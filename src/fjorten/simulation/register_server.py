"""
A stand-in for the population register's interface, on this machine only: for tests, the demo and the simulated municipality.

It speaks the interface as it is documented (OpenAPI "offentlig-med-hjemmel" v1.5 and Skatteetaten's pages, [source]), as far as the feed,
look-ups and extracts go, and in JSON only. It is not the register: how the real one behaves outside the documentation is not known here.
"""

from __future__ import annotations

import gzip
import hashlib
import socket
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import unquote, urlsplit

from fjorten.simulation.register_answers import Question, RegisterAnswers, RegisterData, Reply, error_reply
from fjorten.simulation.register_faults import Fault, FaultPlan, FaultSequence

ROOT: Final = "/folkeregisteret/offentlig-med-hjemmel/api/v1"
LARGEST_QUESTION_BYTES: Final = 2**20  # a thousand identifiers are well below it
IDLE_SECONDS: Final = 10
_WELL_BEHAVED: Final = FaultPlan()
_FAULTY_STATUS: Final = {Fault.THROTTLED: 429, Fault.UNAVAILABLE: 503, Fault.BROKEN: 500}


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as it was answered: the resource below the root and its query, which never hold a national number."""

    method: str
    resource: str
    status: int
    fault: Fault | None


class RegisterServer:
    """
    A register on a free port of 127.0.0.1 while the `with` block lasts.

    It ends with the block, or by itself after `lasts_seconds`, so that a forgotten one does not stay. With `token` it demands that bearer
    token. `visits` is the record of what was asked.
    """

    def __init__(
        self, data: RegisterData, *, plan: FaultPlan = _WELL_BEHAVED, token: str | None = None, lasts_seconds: float = 600
    ) -> None:
        self.visits: Final[list[Visit]] = []
        self._answers: Final = RegisterAnswers(data, plan)
        self._faults: Final = FaultSequence(plan)
        self._slow_seconds: Final = plan.slow_seconds
        self._token: Final = token
        self._latest_page: Reply | None = None
        self._stopping: Final = threading.Event()
        self._stop_once: Final = threading.Lock()
        self._server: Final = _Server(self)
        self._serving: Final = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._ending: Final = threading.Timer(lasts_seconds, self.stop)
        self._ending.daemon = True

    @property
    def url(self) -> str:
        """The address of the root, as given to `fjorten register feed`."""
        return f"http://127.0.0.1:{self._server.server_port}{ROOT}"

    def stop(self) -> None:
        """This function will stop answering and close the port. To stop twice does no harm."""
        with self._stop_once:
            if not self._stopping.is_set():
                self._stopping.set()
                self._ending.cancel()
                if self._serving.is_alive():
                    self._server.shutdown()
                self._server.server_close()

    def __enter__(self) -> Self:
        self._serving.start()
        self._ending.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def reply_to(self, question: Question) -> tuple[Reply, Fault | None]:
        """This function will answer one question, well or badly according to the plan; the fault is for whoever sends the reply."""
        fault = self._faults.next_fault()
        reply = self._faulty(fault) if fault in _FAULTY_STATUS else self._right(question, fault)
        self.visits.append(Visit(question.method, f"{question.resource}?{question.query}".rstrip("?"), reply.status, fault))
        if fault is Fault.SLOW:
            self._stopping.wait(self._slow_seconds)
        return reply, fault

    def _faulty(self, fault: Fault) -> Reply:
        headers = () if fault is Fault.BROKEN else (("Retry-After", self._faults.next_retry_after()),)
        return error_reply(_FAULTY_STATUS[fault], "Feil i tjenesten. Vennligst prøv igjen senere.", headers=headers)

    def _right(self, question: Question, fault: Fault | None) -> Reply:
        if self._token is not None and question.headers.get("Authorization") != f"Bearer {self._token}":
            return error_reply(401, "Autentisering feiler.")
        if question.resource != "hendelser/feed":
            return self._answers.answer(question)
        if fault is Fault.REPEATED and self._latest_page is not None:
            return self._latest_page
        reply = self._answers.answer(question)
        if reply.status == 200:
            self._latest_page = reply
        return reply


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, register: RegisterServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.register: Final = register

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that goes away in the middle is what half of the tests are about.
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        written = self.headers.get("Content-Length", "")
        if not written.isdigit() or int(written) > LARGEST_QUESTION_BYTES:
            self.close_connection = True
            self._send(error_reply(400, "Ugyldig input."), None)
            return
        self._answer(self.rfile.read(int(written)))

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the record is in `RegisterServer.visits`."""

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        resource = unquote(parts.path).removeprefix(ROOT).strip("/")
        self._send(*self.server.register.reply_to(Question(self.command, resource, parts.query, dict(self.headers.items()), body)))

    def _send(self, reply: Reply, fault: Fault | None) -> None:
        body = reply.body[: len(reply.body) // 2] if fault is Fault.TRUNCATED else reply.body
        etag = f'"{hashlib.sha256(reply.body).hexdigest()[:32]}"'
        is_known = reply.status == 200 and self.headers.get("If-None-Match") == etag
        self.send_response(304 if is_known else reply.status)
        for name, value in (*reply.headers, *((("ETag", etag),) if reply.status == 200 else ())):
            self.send_header(name, value)
        if is_known:
            self.end_headers()
            return
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, compresslevel=1)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if fault is Fault.CUT:
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.wfile.write(body)
