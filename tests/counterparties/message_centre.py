"""A text message centre that speaks SMPP 3.4, with the PDUs of smpplib."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
import time
from types import TracebackType
from typing import Any, Self

from smpplib import consts
from smpplib.client import Client
from smpplib.smpp import make_pdu

from fjorten.messages.channels.gsm import read_gsm_7
from tests.counterparties.misbehaviour import BEHAVING, Book, Misbehaviour, Plan, Taken
from tests.counterparties.web import HOLDS_ON_SECONDS, SLOW_SECONDS

PASSWORD = "hemmelig"


class _Line(Client):
    """One connection seen from the centre."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__("127.0.0.1", 0, logger_name="tests.centre", allow_unknown_opt_params=True)
        self._socket = connection
        self.state = consts.SMPP_CLIENT_STATE_BOUND_TRX
        self.lock = threading.Lock()

    def answer(self, command: str, to: Any, **fields: Any) -> None:
        pdu = make_pdu(command, client=self, **fields)
        pdu.sequence = to.sequence
        with self.lock:
            self._socket.sendall(pdu.generate())

    def hang_up(self) -> None:
        """
        End the connection; whoever reads it closes it. Closed from here, its descriptor could be the next connection's while the thread
        that reads this one still has it in hand, and what the next one says would be read by the wrong thread.
        """
        with contextlib.suppress(OSError):  # hung up already
            self._socket.shutdown(socket.SHUT_RDWR)

    def __del__(self) -> None:
        pass


class MessageCentreStandIn:
    """
    `plan` is asked with the number of the recipient, once for each submit. A message is taken when all of its parts are.

    `statuses` lets a test answer a number with any status. `LEFT_SERVER_ERROR` is "system error", `LEFT_ERROR_INSIDE` "submit failed".
    """

    def __init__(self, plan: Plan = BEHAVING) -> None:
        self.plan = plan
        self.book = Book()
        self.statuses: dict[str, int] = {}
        self.answers: list[int] = []
        self.binds = 0
        self.submits: list[Any] = []
        self._parts: dict[tuple[str, int], dict[int, bytes]] = {}
        self._lines: list[_Line] = []

    def __enter__(self) -> Self:
        stand_in = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                try:
                    stand_in._attend(_Line(self.request))
                except Exception:  # the other end has hung up
                    return

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 128

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.hang_up()

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._server.server_address[1]
        return port

    def hang_up(self) -> None:
        """Cut every connection."""
        for line in self._lines:
            line.hang_up()
        self._lines.clear()

    def report(self, taken: Taken, *, state: str = "DELIVRD") -> None:
        """Send a receipt on the last line bound."""
        text = f"id:{taken.reference} sub:001 dlvrd:001 submit date:2603101000 done date:2603101001 stat:{state} err:000 text:"
        self._deliver(text.encode(), source=taken.to, esm_class=0x04)

    def send_in(self, number: str, text: str) -> None:
        """Hand on a message from a family, in UCS-2."""
        self._deliver(text.encode("utf-16-be"), source=number, esm_class=0, data_coding=consts.SMPP_ENCODING_ISO10646)

    def _deliver(self, octets: bytes, *, source: str, esm_class: int, data_coding: int = 0) -> None:
        line = self._lines[-1]
        pdu = make_pdu(
            "deliver_sm",
            client=line,
            source_addr=source,
            destination_addr="26112",
            short_message=octets,
            esm_class=esm_class,
            data_coding=data_coding,
        )
        with line.lock:
            line._socket.sendall(pdu.generate())

    def _attend(self, line: _Line) -> None:
        while True:
            pdu = line.read_pdu()
            match pdu.command:
                case "bind_transceiver":
                    self.binds += 1
                    if pdu.password != PASSWORD.encode():
                        return line.answer("bind_transceiver_resp", pdu, status=consts.SMPP_ESME_RINVPASWD)
                    self._lines.append(line)
                    line.answer("bind_transceiver_resp", pdu, system_id="centre")
                case "enquire_link":
                    line.answer("enquire_link_resp", pdu)
                case "deliver_sm_resp":
                    self.answers.append(pdu.status)
                case "unbind":
                    return line.answer("unbind_resp", pdu)
                case "submit_sm":
                    if not self._submitted(line, pdu):
                        return None

    def _submitted(self, line: _Line, pdu: Any) -> bool:
        self.submits.append(pdu)
        number = pdu.destination_addr.decode()
        self.book.was_asked(number)
        if number in self.statuses:
            line.answer("submit_sm_resp", pdu, status=self.statuses[number])
            return True
        behaviour = self.plan(number)
        reference = self._take(pdu, number) if behaviour.takes else ""
        match behaviour:
            case Misbehaviour.BEHAVES:
                line.answer("submit_sm_resp", pdu, message_id=reference)
            case Misbehaviour.SLOW:
                time.sleep(SLOW_SECONDS)
                line.answer("submit_sm_resp", pdu, message_id=reference)
            case Misbehaviour.TAKEN_SILENT | Misbehaviour.LEFT_SILENT:
                line._socket.settimeout(HOLDS_ON_SECONDS)
                while line._socket.recv(4096):
                    pass
                return False
            case Misbehaviour.TAKEN_CUT | Misbehaviour.LEFT_CUT:
                line._socket.close()
                return False
            case Misbehaviour.TAKEN_GARBLED | Misbehaviour.LEFT_GARBLED:
                line._socket.sendall(b"\x00\x00\x00\x14\x7f\xff\xff\xffHTTP/1.1 200")
            case Misbehaviour.TAKEN_SERVER_ERROR | Misbehaviour.LEFT_SERVER_ERROR:
                line.answer("submit_sm_resp", pdu, status=consts.SMPP_ESME_RSYSERR)
            case Misbehaviour.LEFT_THROTTLED:
                line.answer("submit_sm_resp", pdu, status=consts.SMPP_ESME_RTHROTTLED)
            case Misbehaviour.LEFT_ERROR_INSIDE:
                line.answer("submit_sm_resp", pdu, status=consts.SMPP_ESME_RSUBMITFAIL)
            case Misbehaviour.LEFT_NUMBER_ERROR:
                line.answer("submit_sm_resp", pdu, status=consts.SMPP_ESME_RINVDSTADR)
        return True

    def _take(self, pdu: Any, number: str) -> str:
        octets = pdu.short_message
        if not (pdu.esm_class or 0) & consts.SMPP_GSMFEAT_UDHI:
            return self.book.enter(key=number, to=number, text=_text(octets, pdu.data_coding))
        _, _, _, of, total, place = octets[:6]
        parts = self._parts.setdefault((number, of), {})
        parts[place] = octets[6:]
        if len(parts) < total:
            return f"part-{place}"
        whole = b"".join(parts[place] for place in sorted(parts))
        parts.clear()
        return self.book.enter(key=number, to=number, text=_text(whole, pdu.data_coding))


def _text(octets: bytes, data_coding: int | None) -> str:
    return octets.decode("utf-16-be") if data_coding == consts.SMPP_ENCODING_ISO10646 else read_gsm_7(octets)
