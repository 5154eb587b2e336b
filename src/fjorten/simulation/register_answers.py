"""What the stand-in register answers: questions in, replies out, as the interface is documented and with no network in it."""

from __future__ import annotations

import json
import re
import threading
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeGuard
from urllib.parse import parse_qs

from fjorten.simulation.register_faults import FaultPlan

Json: TypeAlias = dict[str, Any]

# Source of all figures: Skatteetaten, "Hendelsesliste", "Konsumenttjenester" and "Ytelse og responstider" [source].
ROWS_PER_PAGE: Final = 1000
MOST_PER_LOOK_UP: Final = 1000
MOST_JOBS: Final = 10
IDENTIFIERS_PER_BATCH: Final = 1000  # [default]

# "aktiv" in a custom extract covers the states that are neither resident, emigrated, dead nor inactive. [source]
_ACTIVE: Final = frozenset({"midlertidig", "ikkeBosatt", "forsvunnet", "foedselsregistrert"})


@dataclass(frozen=True, slots=True)
class RegisterData:
    """
    What the stand-in knows: rows of the feed as the interface gives them, documents by identifier, and persons as they are now by any of
    their numbers.
    """

    rows: tuple[Json, ...] = ()
    documents: Mapping[str, Json] = field(default_factory=dict)
    persons: Mapping[str, Json] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Json], documents: Mapping[str, Json], persons: Iterable[Json] = ()) -> RegisterData:
        """
        This function will put rows in order and find each person's present state: the document of the latest event, or that in `persons`.

        A number no longer in use finds the person who had it.
        """
        ordered = tuple(sorted(rows, key=lambda row: int(row["sekvensnummer"])))
        latest = [documents[name] for row in ordered if (name := row["hendelse"].get("persondokument")) in documents]
        by_number = {number: document for document in (*latest, *persons) for number in _numbers_in(document)}
        return cls(ordered, MappingProxyType(dict(documents)), MappingProxyType(by_number))

    @classmethod
    def of_directory(cls, directory: Path) -> RegisterData:
        """This function will read `feed.jsonl`, `documents.jsonl` and, when it is there, `persons.jsonl`."""
        documents = {line["dokumentidentifikator"]: line["folkeregisterperson"] for line in _lines_of(directory / "documents.jsonl")}
        persons = directory / "persons.jsonl"
        now = [line["folkeregisterperson"] for line in _lines_of(persons)] if persons.is_file() else []
        return cls.of(_lines_of(directory / "feed.jsonl"), documents, now)


@dataclass(frozen=True, slots=True)
class Question:
    """A request below the root: `resource` without the query."""

    method: str
    resource: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: status, whole body, and headers of its own."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Job:
    batches: Sequence[Json]
    not_ready_answers: int


class RegisterAnswers:
    """Answers questions over fixed data. May be asked from several threads."""

    def __init__(self, data: RegisterData, plan: FaultPlan) -> None:
        self._data: Final = data
        self._plan: Final = plan
        self._jobs: Final[dict[str, _Job]] = {}
        self._lock: Final = threading.Lock()

    def answer(self, question: Question) -> Reply:
        """This function will answer one question."""
        accepted = question.headers.get("Accept", "*/*")
        if not re.search(r"\*/\*|application/(json|\*)|text/plain", accepted):
            return error_reply(406, "Accept må være application/json.")
        resource = question.resource
        if question.method == "GET":
            if resource == "hendelser/feed":
                return self._feed(question.query)
            if resource == "hendelser/siste/sekvensnummer":
                return self._last_sequence(accepted)
            if resource.startswith("personer/arkiv/"):
                return self._archived(resource.removeprefix("personer/arkiv/"))
            if resource == "uttrekk/komplett":
                return self._complete_extract(question.query)
            if found := re.fullmatch(r"uttrekk/([^/]+)/batch/([0-9]+)", resource):
                return self._batch(found[1], int(found[2]))
        if question.method == "POST":
            asked = _question_in(question)
            if asked is None:
                return error_reply(400, "Ugyldig input.")
            if resource == "personer/bulkoppslag":
                return self._persons(asked, as_ordered="true" in parse_qs(question.query).get("somBestilt", []))
            if resource == "personer/bulkoppslag/arkiv":
                return self._archived_in_bulk(asked)
            if resource == "uttrekk/tilpasset":
                return self._custom_extract(asked)
        return error_reply(404, "Feil uri brukt.")

    def _feed(self, query: str) -> Reply:
        wanted = parse_qs(query).get("seq", [""])[0]
        if not re.fullmatch(r"[0-9]{1,18}", wanted):
            return error_reply(400, "Ugyldig parameter.")
        if int(wanted) < self._plan.kept_from:
            return error_reply(406, "Hendelsene er eldre enn 36 måneder.")
        start = bisect_left(self._data.rows, int(wanted), key=lambda row: int(row["sekvensnummer"]))
        return _json_reply(self._data.rows[start : start + ROWS_PER_PAGE])

    def _last_sequence(self, accepted: str) -> Reply:
        last = self._data.rows[-1]["sekvensnummer"] if self._data.rows else 0
        if "text/plain" in accepted:
            return Reply(200, str(last).encode(), "text/plain")
        return _json_reply({"sekvensnummer": last})

    def _archived(self, identifier: str) -> Reply:
        if identifier in self._plan.withdrawn_documents:
            return error_reply(400, "Ugyldig parameter.")
        if identifier in self._plan.lost_documents or identifier not in self._data.documents:
            return error_reply(404, "Ukjent dokumentid.")
        return _json_reply(self._data.documents[identifier])

    def _archived_in_bulk(self, asked: Json) -> Reply:
        identifiers = asked.get("dokumentidentifikator")
        if not _is_list_of_text(identifiers) or self._plan.withdrawn_documents.intersection(identifiers):
            return error_reply(400, "Ugyldig input.")
        there = [name for name in identifiers if name in self._data.documents and name not in self._plan.lost_documents]
        if self._plan.names_documents:
            return _json_reply([{"dokumentidentifikator": name, "folkeregisterperson": self._data.documents[name]} for name in there])
        return _json_reply([self._data.documents[name] for name in there])

    def _persons(self, asked: Json, *, as_ordered: bool) -> Reply:
        numbers = asked.get("foedselsEllerDNummer")
        if not _is_list_of_text(numbers) or any(not re.fullmatch(r"[0-9]{11}", number) for number in numbers):
            return error_reply(400, "Ugyldig input.")
        if self._plan.refused_numbers.intersection(numbers):
            return error_reply(400, "Ugyldig input.")
        if as_ordered:
            return _json_reply({"oppslag": [self._look_up(number, takes_old=False) for number in numbers]})
        return _json_reply({"oppslag": [self._look_up(number, takes_old=True) for number in sorted(set(numbers))]})

    def _look_up(self, number: str, *, takes_old: bool) -> Json:
        person = self._data.persons.get(number)
        if person is None or not (takes_old or number == _current_number(person)):
            return {"foedselsEllerDNummer": number, "feilmelding": {"feilmelding": "Finner ikke person."}}
        return {"foedselsEllerDNummer": _current_number(person), "folkeregisterperson": person}

    def _complete_extract(self, query: str) -> Reply:
        wanted = parse_qs(query).get("feedsekvensnr", [""])[0]
        if wanted and not re.fullmatch(r"[0-9]{1,18}", wanted):
            return error_reply(400, "Ugyldig parameter.")
        latest: dict[str, str] = {}
        for row in self._data.rows:
            event = row["hendelse"]
            if event.get("persondokument") in self._data.documents and (not wanted or row["sekvensnummer"] <= int(wanted)):
                latest[event["folkeregisteridentifikator"]] = event["persondokument"]
        return self._job("dokumentidentifikator", list(latest.values()))

    def _custom_extract(self, asked: Json) -> Reply:
        if not _is_list_of_text(asked.get("personstatustyper")):
            return error_reply(400, "Ugyldig input.")
        people = {_current_number(person): person for person in self._data.persons.values()}
        return self._job("foedselsEllerDNummer", sorted(number for number, person in people.items() if _is_in_extract(person, asked)))

    def _job(self, key: str, identifiers: Sequence[str]) -> Reply:
        starts = range(0, len(identifiers), IDENTIFIERS_PER_BATCH)
        batches = [{key: list(identifiers[start : start + IDENTIFIERS_PER_BATCH])} for start in starts]
        with self._lock:
            if sum(job.not_ready_answers > 0 for job in self._jobs.values()) >= MOST_JOBS:
                return error_reply(429, "For mange uttrekksjobber kjører samtidig.", headers=(("Retry-After", self._plan.retry_after[0]),))
            name = f"jobb-{len(self._jobs) + 1}"
            self._jobs[name] = _Job(batches, self._plan.not_ready_answers)
        return _json_reply({"jobbId": name})

    def _batch(self, name: str, number: int) -> Reply:
        with self._lock:
            job = self._jobs.get(name)
            if job is None or number > len(job.batches):
                return _json_reply({"feilmelding": "Jobben eller batchen finnes ikke."}, status=410)
            if job.not_ready_answers > 0:
                job.not_ready_answers -= 1
                return _json_reply({"feilmelding": "Jobben er ikke ferdig."}, status=404)
        return _json_reply(job.batches[number] if number < len(job.batches) else {})


def error_reply(status: int, message: str, *, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """This function will make an error as the interface does (FolkeregisterFeilmelding in OpenAPI v1.5 [source])."""
    content = {"feilkode": f"FREG-{status}", "feilmelding": message, "httpStatus": status, "alvorlighetsgrad": "ERROR"}
    return Reply(status, json.dumps(content, ensure_ascii=False).encode(), headers=headers)


def _json_reply(content: object, *, status: int = 200) -> Reply:
    return Reply(status, json.dumps(content, ensure_ascii=False).encode())


def _question_in(question: Question) -> Json | None:
    # Without a Content-Type a question is taken to be XML [source], which the stand-in does not speak.
    if "application/json" not in question.headers.get("Content-Type", ""):
        return None
    try:
        asked = json.loads(question.body)
    except ValueError:
        return None
    return asked if isinstance(asked, dict) else None


def _is_list_of_text(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and 0 < len(value) <= MOST_PER_LOOK_UP and all(isinstance(entry, str) for entry in value)


def _numbers_in(person: Json) -> list[str]:
    return [entry["foedselsEllerDNummer"] for entry in person.get("identifikasjonsnummer", [])]


def _current_number(person: Json) -> str:
    identifiers = person["identifikasjonsnummer"]
    current = [entry for entry in identifiers if entry.get("erGjeldende")]
    return str((current or identifiers)[-1]["foedselsEllerDNummer"])


def _current(person: Json, element: str) -> Json:
    return next((entry for entry in person.get(element, []) if entry.get("erGjeldende")), {})


def _is_in_extract(person: Json, asked: Json) -> bool:
    status = _current(person, "status").get("status")
    types = set(asked["personstatustyper"])
    year = str(_current(person, "foedsel").get("foedselsaar", ""))
    home = json.dumps(_current(person, "bostedsadresse"))
    municipality = asked.get("kommunenummer", {}).get("bostedskommunenummer")
    return (
        (status in types or ("aktiv" in types and status in _ACTIVE))
        and asked.get("foedselsaarFraOgMed", "") <= year <= asked.get("foedselsaarTilOgMed", "9999")
        and (municipality is None or re.search(rf'"(kommunenummer|bostedskommune)": "{re.escape(municipality)}"', home) is not None)
    )


def _lines_of(path: Path) -> list[Json]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
