"""One question to a gateway over HTTP, and what its failing says about whether the gateway has the message."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from fjorten.messages.channels.interface import Handover, Patience, Reason

LARGEST_ANSWER_BYTES: Final = 2**20  # for one message; [default]
LONGEST_WAIT_SECONDS: Final = 24 * 3600
_ON_THIS_MACHINE: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. Its body is in no repr: gateways quote numbers and texts."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> dict[str, object]:
        """This function will read the body as a JSON object; {} when it is not one."""
        try:
            content = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}


@cache
def _trusted_authorities() -> ssl.SSLContext:
    # Read once a process: it takes longer than many a question. SSL_CERT_FILE and SSL_CERT_DIR are heeded.
    return httpx.create_ssl_context()


class HttpGateway:
    """
    Asks one gateway, each time over a connection of its own.

    A connection kept open may be closed by the other end just as we write, and then nobody can tell whether the message was read; so none
    is kept. Nothing is ever asked twice here: trying again is for the outbox, which knows whether that is safe.
    """

    def __init__(
        self,
        address: str,
        *,
        patience: Patience,
        elapsed_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address: Final = address
        self._patience: Final = patience
        self._elapsed_seconds: Final = elapsed_seconds
        self._client: Final = httpx.Client(
            headers={"User-Agent": "fjorten"},
            timeout=httpx.Timeout(patience.read_seconds, connect=patience.connect_seconds),
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,  # what we send is for this host
            verify=_trusted_authorities(),
            trust_env=urlsplit(address).hostname not in _ON_THIS_MACHINE,  # a municipality's proxy is for the outside
        )

    def ask(self, method: str, resource: str = "", **question: Any) -> Answer | Handover:
        """
        This function will ask once: the whole answer, whatever its status, or the handover that no answer means.

        `question` is what httpx takes (`json`, `content`, `files`, `params`, `auth`, `headers`).
        """
        deadline = self._elapsed_seconds() + self._patience.whole_answer_seconds
        try:
            request = self._client.build_request(method, self._address + resource, **_for_building(question))
            with closing(self._client.send(request, stream=True, auth=question.get("auth"))) as response:
                body = bytearray()
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > LARGEST_ANSWER_BYTES:
                        return Handover.uncertain(Reason.ANSWER_GARBLED, "svaret er for stort")
                    if self._elapsed_seconds() > deadline:  # a trickle never runs into the time-out of a single read
                        return Handover.uncertain(Reason.NO_ANSWER, "svaret kom for langsomt")
            return Answer(response.status_code, response.headers, bytes(body))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return _without_answer(error)

    def close(self) -> None:
        """This function will close the connections."""
        self._client.close()


def _for_building(question: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in question.items() if name != "auth"}


def _without_answer(error: Exception) -> Handover:
    # Only what is known to fail before the request is written is definite; whatever else httpx may raise is not.
    match error:
        case httpx.ConnectError() if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return Handover.not_sent(Reason.NOT_TRUSTED)
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout() | httpx.ProxyError():
            return Handover.not_sent(Reason.UNREACHABLE)
        case httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return Handover.not_sent(Reason.GATEWAY_NOT_THERE)
        case httpx.TimeoutException():
            return Handover.uncertain(Reason.NO_ANSWER)
        case httpx.RemoteProtocolError() | httpx.DecodingError() if "disconnected" not in str(error):
            return Handover.uncertain(Reason.ANSWER_GARBLED)
        case _:
            return Handover.uncertain(Reason.CONNECTION_CUT)


def not_taken(answer: Answer) -> Handover:
    """
    This function will tell what a status other than success says about a message. [default, after RFC 9110]

    A status of the 500s may come from something between us and a gateway that took the message, so it is uncertain; but 429, and 503 that
    says when to come back, are a door that was closed.
    """
    detail = f"svar {answer.status}"
    match answer.status:
        case 429:
            return Handover.not_sent(Reason.THROTTLED, detail, try_again_after_seconds=_asked_wait_seconds(answer))
        case 503 if answer.headers.get("Retry-After"):
            return Handover.not_sent(Reason.THROTTLED, detail, try_again_after_seconds=_asked_wait_seconds(answer))
        case 401 | 403 | 407:
            return Handover.not_sent(Reason.ACCESS_REFUSED, detail)
        case 400 | 413 | 414 | 422:
            return Handover.refused(Reason.CONTENT_NOT_ACCEPTED, detail)
        case 404 | 405 | 406 | 410 | 415 | 501:
            return Handover.not_sent(Reason.GATEWAY_NOT_THERE, detail)
        case status if 300 <= status < 400:
            return Handover.not_sent(Reason.GATEWAY_NOT_THERE, detail)
        case status if status >= 500:
            return Handover.uncertain(Reason.OUT_OF_ORDER, detail)
        case _:
            return Handover.uncertain(Reason.ANSWER_GARBLED, detail)


def _asked_wait_seconds(answer: Answer) -> float:
    # A date instead of seconds is left to the outbox's own wait: reading it would need a clock.
    asked = (answer.headers.get("Retry-After") or "").strip()
    return float(min(int(asked), LONGEST_WAIT_SECONDS)) if asked.isascii() and asked.isdigit() and len(asked) < 12 else 0.0
