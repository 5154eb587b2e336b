"""One question and one whole answer over a network that fails: time-outs, tries again, size limits, refusals in plain words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpx

from fjorten.kernel.national_id import mask
from fjorten.registers.feeds.credentials import Credentials
from fjorten.registers.feeds.endpoints import is_on_this_machine
from fjorten.registers.feeds.parsing import NotJson, object_in, parse_json
from fjorten.registers.feeds.patience import Clockwork, Patience, asked_wait_seconds, http_date
from fjorten.registers.feeds.source import FeedCannotBeRead

# A thousand persons with long histories are some tens of megabytes. Counted after unpacking. [default]
LARGEST_ANSWER_BYTES: Final = 256 * 2**20
CONNECTIONS: Final = 8
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_SEE_AGAIN: Final = "Ingenting er gått tapt: kjør kommandoen igjen senere, så fortsetter den der den slapp."


class RegisterDoesNotAnswer(FeedCannotBeRead):
    """The register was asked again and again, and never gave a whole answer."""

    sentence = f"Registeret svarer ikke som det skal. {_SEE_AGAIN}"


class RegisterAsksUsToWait(FeedCannotBeRead):
    """The register wants to be left alone for longer than a command should stand still."""

    sentence = f"Registeret ber oss vente. {_SEE_AGAIN}"


class AccessIsRefused(FeedCannotBeRead):
    """The register knows us not, or does not let us read this."""

    sentence = "Registeret gir oss ikke tilgang. Be den som har ansvar for integrasjonen, om å kontrollere tilgangen."


class RegisterRefuses(FeedCannotBeRead):
    """The register will not answer such a question at all; asking again gives the same."""

    sentence = "Registeret avviser forespørselen. Kontroller adressen."


class AnswerIsTooLarge(FeedCannotBeRead):
    """An answer went on past any sensible size and was cut off, before it filled the memory."""

    sentence = "Et svar fra registeret er urimelig stort og er ikke lest. Kontroller at adressen er riktig."


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: for 200 the JSON in it, otherwise what could be read of the register's error."""

    status: int
    headers: Mapping[str, str]
    content: object


class _AnswerIsBroken(Exception):
    """An answer that did not arrive whole; the message is the Norwegian reason."""


class Transport:
    """
    Asks one server. Keeps connections open, asks again when a failure may pass, and may be used from several threads.

    Every question is a reading one, also those that are sent with POST, so that asking twice does no harm.
    """

    def __init__(
        self,
        root: str,
        *,
        credentials: Credentials,
        patience: Patience,
        clockwork: Clockwork,
        largest_answer_bytes: int = LARGEST_ANSWER_BYTES,
        network: httpx.BaseTransport | None = None,
    ) -> None:
        self._root: Final = root
        self._credentials: Final = credentials
        self._patience: Final = patience
        self._clockwork: Final = clockwork
        self._largest_answer_bytes: Final = largest_answer_bytes
        self._client: Final = httpx.Client(
            headers={"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "fjorten"},
            timeout=httpx.Timeout(patience.read_seconds, connect=patience.connect_seconds),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            follow_redirects=False,  # the token is for this host
            trust_env=not is_on_this_machine(root),  # a municipality's proxy is for the outside
            transport=network,
        )

    def get(self, resource: str, *, etag: str | None = None, accepts: Collection[int] = (200,)) -> Answer:
        """This function will ask for a resource; with `etag` the answer may be 304, which is then to be among `accepts`."""
        return self._ask("GET", resource, {"If-None-Match": etag} if etag else {}, None, accepts)

    def post(self, resource: str, question: dict[str, list[str]], *, accepts: Collection[int] = (200,)) -> Answer:
        """
        This function will look something up with a question that does not belong in an address.

        Raises, as does `get`, RegisterDoesNotAnswer, RegisterAsksUsToWait, AccessIsRefused, RegisterRefuses and AnswerIsTooLarge.
        """
        return self._ask("POST", resource, {}, question, accepts)

    def wait(self, attempt: int, *, at_least_seconds: float = 0) -> None:
        """This function will wait as long as is due after failed attempt number `attempt`, from 0."""
        self._clockwork.sleep(max(at_least_seconds, self._patience.wait_seconds(attempt, chance=self._clockwork.chance())))

    def close(self) -> None:
        """This function will close the connections."""
        self._client.close()

    def _ask(
        self, method: str, resource: str, headers: Mapping[str, str], question: dict[str, list[str]] | None, accepts: Collection[int]
    ) -> Answer:
        url = f"{self._root}/{resource}"
        has_renewed = False
        reason, asked = "", 0.0
        for attempt in range(self._patience.attempts):
            if attempt:
                self.wait(attempt - 1, at_least_seconds=asked)
            asked = 0.0
            try:
                answer = self._once(method, url, headers, question)
                if answer.status == 401 and not has_renewed and self._credentials.after_refusal(answer.headers):
                    has_renewed = True
                    answer = self._once(method, url, headers, question)
            except (httpx.TransportError, httpx.DecodingError, _AnswerIsBroken) as error:
                reason = self._reason_of(error)
                continue
            if answer.status in accepts:
                return answer
            if answer.status not in _PASSING:
                raise self._refusal_of(answer)
            reason = f"svar {answer.status}"
            asked = self._asked_wait_seconds(answer)
        raise RegisterDoesNotAnswer(
            f"Registeret på {self._host} svarer ikke som det skal ({reason}, {self._patience.attempts} forsøk). {_SEE_AGAIN}"
        )

    def _once(self, method: str, url: str, headers: Mapping[str, str], question: dict[str, list[str]] | None) -> Answer:
        shown = {**headers, **self._credentials.headers(method=method, url=url)}
        deadline = self._clockwork.elapsed_seconds() + self._patience.whole_answer_seconds
        with closing(self._client.send(self._client.build_request(method, url, headers=shown, json=question), stream=True)) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > self._largest_answer_bytes:
                    raise AnswerIsTooLarge
                if self._clockwork.elapsed_seconds() > deadline:  # a trickle of bytes never runs into the time-out of a single read
                    raise _AnswerIsBroken("svaret kom for langsomt")
        return Answer(response.status_code, response.headers, _content_of(response.status_code, bytes(body)))

    def _asked_wait_seconds(self, answer: Answer) -> float:
        answered_at = http_date(answer.headers.get("Date")) or self._clockwork.now()
        asked = asked_wait_seconds(answer.headers.get("Retry-After"), answered_at=answered_at) or 0.0
        if asked > self._patience.longest_asked_seconds:
            minutes = -int(-asked // 60)
            raise RegisterAsksUsToWait(f"Registeret på {self._host} ber oss vente i {minutes} minutter. {_SEE_AGAIN}")
        return asked

    def _refusal_of(self, answer: Answer) -> FeedCannotBeRead:
        said = f"svar {answer.status}{_code_in(answer.content)}"
        if answer.status in (401, 403):
            return AccessIsRefused(
                f"Registeret på {self._host} gir oss ikke tilgang ({said}). Be den som har ansvar for integrasjonen, om å kontrollere den."
            )
        return RegisterRefuses(f"Registeret på {self._host} avviser forespørselen ({said}). Kontroller adressen.")

    def _reason_of(self, error: httpx.RequestError | _AnswerIsBroken) -> str:
        if isinstance(error, httpx.ConnectError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise AccessIsRefused(f"Sertifikatet til {self._host} er ikke gyldig for denne maskinen. Ingenting er sendt.") from error
        if isinstance(error, httpx.TimeoutException):
            return "det svarte ikke i tide"
        if isinstance(error, httpx.ConnectError):
            return "det kan ikke nås"
        return str(error) if isinstance(error, _AnswerIsBroken) else "forbindelsen ble brutt"

    @property
    def _host(self) -> str:
        return urlsplit(self._root).netloc


def _content_of(status: int, body: bytes) -> object:
    try:
        return parse_json(body)
    except NotJson:
        if status == 200:
            raise _AnswerIsBroken("svaret var avkuttet") from None
        return None


def _code_in(content: object) -> str:
    # Three forms of error body occur in the register's documentation; the text in them may name a person, the code does not. [source]
    error = object_in(content) or {}
    code = error.get("feilkode") or error.get("kode") or error.get("code")
    return f", kode {mask(code)[:40]}" if isinstance(code, str) else ""
