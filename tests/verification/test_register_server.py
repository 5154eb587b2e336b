"""
The stand-in held to the documented interface.

The facts below were copied by hand from Skatteetaten's OpenAPI description "Folkeregisteret - offentlig med hjemmel" v1.5 and the pages
"Hendelsesliste", "Oppslag", "Uttrekk", "Ytelse og responstider" and the notice of 6 April 2022 on the last sequence number [source]; that
events older than 36 months give 406 and documents from then 400 is from the same site, July 2026 [source]. What the documentation leaves
open, such as how the bulk answer of archived documents names them, is a setting of the stand-in and not tested as a fact.
"""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from fjorten.simulation.register_answers import Question, RegisterAnswers, RegisterData
from fjorten.simulation.register_faults import Fault, FaultPlan, FaultSequence
from fjorten.simulation.register_server import LARGEST_QUESTION_BYTES, RegisterServer
from tests.registers.feeds.material import NUMBERS, Json, by_identifier, feed, folder, person, row

# LagretHendelseMedDokumentIdentifikatorer and HendelseMedDokumentIdentifikatorer
ROW_FIELDS = {"sekvensnummer": int, "hendelse": dict}
EVENT_FIELDS = {
    "folkeregisteridentifikator": str,
    "hendelsetype": str,
    "hendelsesdokument": str,
    "persondokument": str,
    "ajourholdstidspunkt": str,
}
# FolkeregisterFeilmelding
ERROR_FIELDS = {"alvorlighetsgrad": str, "feilkode": str, "feilmelding": str, "httpStatus": int}
# path, method, and the statuses documented for it, besides 406 for a format nobody speaks and 500 for a failure; 429 is documented for all
# of them on the page about throttling, and in the OpenAPI description for all but one
DOCUMENTED = {
    ("GET", "hendelser/feed"): {200, 304, 400, 401, 403, 404, 429},
    ("GET", "hendelser/siste/sekvensnummer"): {200, 401, 403, 429},
    ("GET", "personer/arkiv/p1"): {200, 400, 401, 403, 404, 429},
    ("POST", "personer/bulkoppslag"): {200, 400, 401, 403, 429},
    ("POST", "personer/bulkoppslag/arkiv"): {200, 400, 401, 403, 429},
    ("GET", "uttrekk/komplett"): {200, 400, 401, 403, 429},
    ("POST", "uttrekk/tilpasset"): {200, 400, 401, 403, 429},
    ("GET", "uttrekk/jobb-1/batch/0"): {200, 400, 401, 403, 404, 410, 429},
}
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def data() -> RegisterData:
    rows, documents = feed(1500)
    return RegisterData.of(rows, documents, [person(NUMBERS[1], before=[NUMBERS[2400]])])


@pytest.fixture(scope="module")
def server(data: RegisterData) -> Iterator[RegisterServer]:
    with RegisterServer(data) as register:
        yield register


@pytest.fixture(scope="module")
def client(server: RegisterServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False) as to_it:
        yield to_it


def fields_of(content: Json) -> dict[str, type]:
    return {key: type(value) for key, value in content.items()}


# --- the feed ---


def test_the_address_has_the_documented_form(server: RegisterServer) -> None:
    assert server.url.startswith("http://127.0.0.1:")
    assert server.url.endswith("/folkeregisteret/offentlig-med-hjemmel/api/v1")


def test_a_feed_page_is_a_list_of_at_most_a_thousand_rows_with_the_documented_fields(client: httpx.Client) -> None:
    answer = client.get("hendelser/feed", params={"seq": 1})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    page = answer.json()
    assert len(page) == 1000
    assert all(fields_of(of_page) == ROW_FIELDS for of_page in page)
    assert all(fields_of(of_page["hendelse"]) == EVENT_FIELDS for of_page in page)


def test_the_sequence_number_asked_for_is_included(client: httpx.Client) -> None:
    assert [of_page["sekvensnummer"] for of_page in client.get("hendelser/feed", params={"seq": 1499}).json()] == [1499, 1500]
    assert client.get("hendelser/feed/", params={"seq": 1501}).json() == []


def test_a_feed_without_a_usable_number_is_a_bad_question(client: httpx.Client) -> None:
    for query in ("", "?seq=", "?seq=x", "?seq=-1"):
        answer = client.get(f"hendelser/feed{query}")
        assert answer.status_code == 400
        assert fields_of(answer.json()) == ERROR_FIELDS


def test_an_unchanged_page_is_answered_with_304_and_no_body(client: httpx.Client) -> None:
    first = client.get("hendelser/feed?seq=1")
    again = client.get("hendelser/feed?seq=1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert client.get("hendelser/feed?seq=2", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_events_that_are_no_longer_kept_are_answered_with_406(data: RegisterData) -> None:
    answers = RegisterAnswers(data, FaultPlan(kept_from=100))
    assert answers.answer(Question("GET", "hendelser/feed", "seq=99")).status == 406
    assert answers.answer(Question("GET", "hendelser/feed", "seq=100")).status == 200


def test_the_last_number_is_an_object_in_json_and_a_number_in_text(client: httpx.Client) -> None:
    assert client.get("hendelser/siste/sekvensnummer", headers={"Accept": "application/json"}).json() == {"sekvensnummer": 1500}
    text = client.get("hendelser/siste/sekvensnummer", headers={"Accept": "text/plain"})
    assert (text.text, text.headers["Content-Type"]) == ("1500", "text/plain")
    assert json.loads(RegisterAnswers(RegisterData(), FaultPlan()).answer(Question("GET", "hendelser/siste/sekvensnummer")).body) == {
        "sekvensnummer": 0
    }


def test_a_format_it_does_not_speak_is_answered_with_406(client: httpx.Client) -> None:
    assert client.get("hendelser/feed?seq=1", headers={"Accept": "application/atom+xml"}).status_code == 406


# --- look-ups ---


def test_an_archived_document_is_the_person_itself(client: httpx.Client) -> None:
    assert client.get("personer/arkiv/p1").json() == person(NUMBERS[1])
    assert client.get("personer/arkiv/ukjent").status_code == 404


def test_archived_documents_in_bulk(client: httpx.Client, data: RegisterData) -> None:
    question = {"dokumentidentifikator": ["p1", "ukjent", "p2"]}
    answer = client.post("personer/bulkoppslag/arkiv", json=question).json()
    assert [entry["folkeregisterperson"] for entry in answer] == [person(NUMBERS[1]), person(NUMBERS[2])]
    without_names = RegisterAnswers(data, FaultPlan(names_documents=False))
    bare = without_names.answer(Question("POST", "personer/bulkoppslag/arkiv", "", JSON, json.dumps(question).encode()))
    assert json.loads(bare.body) == [person(NUMBERS[1]), person(NUMBERS[2])]


def test_a_withdrawn_document_is_a_bad_question_and_a_lost_one_is_not_found(data: RegisterData) -> None:
    answers = RegisterAnswers(data, FaultPlan(withdrawn_documents=frozenset({"p1"}), lost_documents=frozenset({"p2"})))
    assert answers.answer(Question("GET", "personer/arkiv/p1")).status == 400
    assert answers.answer(Question("GET", "personer/arkiv/p2")).status == 404
    in_bulk = json.dumps({"dokumentidentifikator": ["p1", "p3"]}).encode()
    assert answers.answer(Question("POST", "personer/bulkoppslag/arkiv", "", JSON, in_bulk)).status == 400


def test_persons_in_bulk_are_look_ups_with_a_person_or_an_error(client: httpx.Client) -> None:
    answer = client.post("personer/bulkoppslag", json={"foedselsEllerDNummer": [NUMBERS[5], NUMBERS[2450]]}).json()
    assert set(answer) == {"oppslag"}
    by_number = {entry["foedselsEllerDNummer"]: entry for entry in answer["oppslag"]}
    assert by_number[NUMBERS[5]]["folkeregisterperson"] == person(NUMBERS[5])
    assert fields_of(by_number[NUMBERS[2450]]["feilmelding"]) == {"feilmelding": str}


def test_an_old_number_resolves_unless_the_answer_is_wanted_as_ordered(client: httpx.Client) -> None:
    old = NUMBERS[2400]
    (entry,) = client.post("personer/bulkoppslag", json={"foedselsEllerDNummer": [old]}).json()["oppslag"]
    assert entry["foedselsEllerDNummer"] == NUMBERS[1]
    ordered = client.post("personer/bulkoppslag?somBestilt=true", json={"foedselsEllerDNummer": [old, NUMBERS[3], NUMBERS[3]]}).json()[
        "oppslag"
    ]
    assert [entry["foedselsEllerDNummer"] for entry in ordered] == [old, NUMBERS[3], NUMBERS[3]]
    assert ["feilmelding" in entry for entry in ordered] == [True, False, False]


@pytest.mark.parametrize(
    ("resource", "body", "headers"),
    [
        ("personer/bulkoppslag", {"foedselsEllerDNummer": list(NUMBERS[:1001])}, JSON),
        ("personer/bulkoppslag", {"foedselsEllerDNummer": []}, JSON),
        ("personer/bulkoppslag", {"foedselsEllerDNummer": ["123"]}, JSON),
        ("personer/bulkoppslag", {"foedselsEllerDNummer": [1]}, JSON),
        ("personer/bulkoppslag", {"foedselsEllerDNummer": "x"}, JSON),
        ("personer/bulkoppslag", [], JSON),
        ("personer/bulkoppslag", {"foedselsEllerDNummer": [NUMBERS[0]]}, {}),
        ("personer/bulkoppslag/arkiv", {"dokumentidentifikator": ["p1"] * 1001}, JSON),
        ("uttrekk/tilpasset", {"kommunenummer": {"bostedskommunenummer": "0301"}}, JSON),
    ],
)
def test_a_question_outside_the_documented_bounds_is_bad(
    client: httpx.Client, resource: str, body: object, headers: dict[str, str]
) -> None:
    answer = client.post(resource, content=json.dumps(body).encode(), headers=headers)
    assert answer.status_code == 400
    assert fields_of(answer.json()) == ERROR_FIELDS


def test_a_question_that_is_not_json_is_bad(client: httpx.Client) -> None:
    assert client.post("personer/bulkoppslag", content=b"<xml/>", headers=JSON).status_code == 400


def test_a_question_without_a_length_or_too_long_is_not_read(server: RegisterServer, client: httpx.Client) -> None:
    too_long = b"x" * (LARGEST_QUESTION_BYTES + 1)
    host = httpx.URL(server.url).netloc.decode()
    for headers in ({"Content-Length": str(len(too_long))}, {"Transfer-Encoding": "chunked"}):
        connection = http.client.HTTPConnection(host, timeout=60)
        connection.request("POST", "/folkeregisteret/offentlig-med-hjemmel/api/v1/personer/bulkoppslag", headers=headers)
        assert connection.getresponse().status == 400
        connection.close()


# --- extracts ---


def question_of(resource: str, query: str = "", asked: Json | None = None) -> Question:
    if asked is None:
        return Question("GET", resource, query)
    return Question("POST", resource, query, JSON, json.dumps(asked).encode())


def test_a_complete_extract_is_ordered_waited_for_and_read_to_its_empty_last_batch(data: RegisterData) -> None:
    answers = RegisterAnswers(data, FaultPlan(not_ready_answers=2))
    job = json.loads(answers.answer(question_of("uttrekk/komplett", "feedsekvensnr=1200")).body)
    assert fields_of(job) == {"jobbId": str}
    batch = f"uttrekk/{job['jobbId']}/batch/"
    assert [answers.answer(question_of(batch + "0")).status for _ in range(3)] == [404, 404, 200]
    batches = [json.loads(answers.answer(question_of(f"{batch}{number}")).body) for number in range(3)]
    assert [len(found.get("dokumentidentifikator", [])) for found in batches] == [1000, 200, 0]
    assert batches[2] == {}
    assert answers.answer(question_of(batch + "3")).status == 410
    assert answers.answer(question_of("uttrekk/ukjent/batch/0")).status == 410
    assert answers.answer(question_of("uttrekk/komplett", "feedsekvensnr=x")).status == 400


def test_an_extract_has_each_person_once_as_of_the_number_asked_for() -> None:
    rows = [row(1, NUMBERS[0]), row(2, NUMBERS[1]), row(3, NUMBERS[0]), row(4, NUMBERS[1], persondokument=None)]
    answers = RegisterAnswers(RegisterData.of(rows, {f"p{at}": person(NUMBERS[0]) for at in (1, 2, 3)}), FaultPlan())
    for query, wanted in (("", ["p2", "p3"]), ("feedsekvensnr=2", ["p1", "p2"])):
        name = json.loads(answers.answer(question_of("uttrekk/komplett", query)).body)["jobbId"]
        assert sorted(json.loads(answers.answer(question_of(f"uttrekk/{name}/batch/0")).body)["dokumentidentifikator"]) == wanted


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"personstatustyper": ["bosatt"]}, ["her", "borte"]),
        ({"personstatustyper": ["aktiv"]}, ["nyfødt"]),
        ({"personstatustyper": ["doed"]}, []),
        ({"personstatustyper": ["bosatt", "aktiv"], "kommunenummer": {"bostedskommunenummer": "0301"}}, ["her", "nyfødt"]),
        ({"personstatustyper": ["bosatt"], "foedselsaarFraOgMed": "2016"}, []),
        ({"personstatustyper": ["bosatt"], "foedselsaarTilOgMed": "2015"}, ["her", "borte"]),
    ],
)
def test_a_custom_extract_gives_the_numbers_of_those_who_match(asked: Json, found: list[str]) -> None:
    people = {"her": person(NUMBERS[0]), "borte": person(NUMBERS[1]), "nyfødt": person(NUMBERS[2])}
    people["borte"]["bostedsadresse"] = [{"erGjeldende": True, "ukjentBosted": {"bostedskommune": "5501"}}]
    people["nyfødt"]["status"] = [{"status": "foedselsregistrert", "erGjeldende": True}]
    answers = RegisterAnswers(RegisterData.of([], {}, people.values()), FaultPlan())
    name = json.loads(answers.answer(question_of("uttrekk/tilpasset", asked=asked)).body)["jobbId"]
    batch = json.loads(answers.answer(question_of(f"uttrekk/{name}/batch/0")).body)
    wanted = sorted(people[one]["identifikasjonsnummer"][0]["foedselsEllerDNummer"] for one in found)
    assert batch == ({"foedselsEllerDNummer": wanted} if wanted else {})


def test_at_most_ten_jobs_run_at_once(data: RegisterData) -> None:
    answers = RegisterAnswers(data, FaultPlan(not_ready_answers=1, retry_after=("60",)))
    replies = [answers.answer(question_of("uttrekk/komplett")) for _ in range(11)]
    assert [reply.status for reply in replies] == [200] * 10 + [429]
    assert replies[-1].headers == (("Retry-After", "60"),)
    answers.answer(question_of("uttrekk/jobb-1/batch/0"))
    assert answers.answer(question_of("uttrekk/komplett")).status == 200


# --- all of it ---


def test_every_answer_has_a_documented_status(data: RegisterData) -> None:
    seen: set[tuple[str, str, int]] = set()
    for token in (None, "nøkkel"):
        plan = FaultPlan(seed=5, chances={Fault.THROTTLED: 0.2})
        with RegisterServer(data, plan=plan, token=token) as register, httpx.Client(base_url=register.url, trust_env=False) as asking:
            for method, resource in list(DOCUMENTED) * 4:
                body: Json | None = {"x": []} if method == "POST" else None
                answer = asking.request(method, resource, params={"seq": 1}, json=body)
                seen.add((method, resource, answer.status_code))
                assert answer.status_code in DOCUMENTED[method, resource]
                assert answer.status_code < 400 or resource.startswith("uttrekk/jobb") or fields_of(answer.json()) == ERROR_FIELDS
    assert {status for _, _, status in seen} == {200, 400, 401, 429}


def test_an_unknown_address_or_method_is_not_found(client: httpx.Client) -> None:
    assert client.get("personer/bulkoppslag").status_code == 404
    assert client.post("hendelser/feed", json={}).status_code == 404


def test_answers_are_compressed_for_those_who_take_it(client: httpx.Client) -> None:
    packed = client.get("hendelser/feed?seq=1", headers={"Accept-Encoding": "gzip"})
    plain = client.get("hendelser/feed?seq=1", headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.json() == plain.json()
    assert int(packed.headers["Content-Length"]) * 4 < int(plain.headers["Content-Length"])


# --- misbehaving ---


def asked_of(register: RegisterServer, times: int) -> list[Any]:
    answers: list[Any] = []
    with httpx.Client(base_url=register.url, trust_env=False, timeout=3) as asking:
        for sequence in range(1, times + 1):
            try:
                answers.append(asking.get(f"hendelser/feed?seq={sequence}"))
            except httpx.HTTPError as error:
                answers.append(error)
    return answers


def test_each_fault_is_what_it_is_called(data: RegisterData) -> None:
    script = (None, Fault.REPEATED, Fault.THROTTLED, Fault.UNAVAILABLE, Fault.BROKEN, Fault.CUT, Fault.TRUNCATED, Fault.SLOW, None)
    with RegisterServer(data, plan=FaultPlan(script=script, retry_after=("3", "4"), slow_seconds=8)) as register:
        right, repeated, throttled, unavailable, broken, cut, truncated, slow, last = asked_of(register, len(script))
        assert [visit.fault for visit in register.visits] == list(script)
    assert isinstance(cut, httpx.RemoteProtocolError)
    assert isinstance(slow, httpx.ReadTimeout)
    answers = [right, repeated, throttled, unavailable, broken, truncated, last]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 503, 500, 200, 200]
    assert repeated.json() == right.json()
    assert (throttled.headers["Retry-After"], unavailable.headers["Retry-After"]) == ("3", "4")
    with pytest.raises(json.JSONDecodeError):
        json.loads(truncated.content)
    assert last.json()[0]["sekvensnummer"] == 9


def test_a_page_cannot_be_repeated_before_there_was_one(data: RegisterData) -> None:
    with RegisterServer(data, plan=FaultPlan(script=(Fault.REPEATED,), kept_from=2)) as register:
        refused, given = asked_of(register, 2)
    assert [refused.status_code, given.status_code] == [406, 200]


def test_the_same_seed_gives_the_same_faults() -> None:
    plan = FaultPlan(seed=11, chances=dict.fromkeys(Fault, 0.1))
    first, second = FaultSequence(plan), FaultSequence(plan)
    faults = [first.next_fault() for _ in range(500)]
    assert faults == [second.next_fault() for _ in range(500)]
    assert set(faults) == {*Fault, None}


def test_there_are_never_more_faults_in_a_row_than_the_plan_allows() -> None:
    sequence = FaultSequence(FaultPlan(chances={Fault.BROKEN: 1.0}, most_in_a_row=3))
    assert [sequence.next_fault() is None for _ in range(8)] == [False, False, False, True] * 2


# --- its own life ---


def test_it_reads_the_same_folder_as_the_adapter(tmp_path: Path) -> None:
    rows, documents = feed(3)
    path = folder(tmp_path, feed=[*reversed(rows), ""], documents=by_identifier(documents))
    assert RegisterData.of_directory(path) == RegisterData.of(rows, documents)
    now = person(NUMBERS[1], name="NYTT NAVN")
    folder(
        tmp_path, feed=rows, documents=by_identifier(documents), persons=[{"foedselsEllerDNummer": NUMBERS[1], "folkeregisterperson": now}]
    )
    assert RegisterData.of_directory(path).persons[NUMBERS[1]] == now


def test_it_stops_by_itself() -> None:
    with RegisterServer(RegisterData(), lasts_seconds=0.1) as register:
        address = httpx.URL(register.url)
        deadline = time.monotonic() + 60
        while not is_refused(address):
            assert time.monotonic() < deadline, "it still answers"


def is_refused(address: httpx.URL) -> bool:
    try:
        socket.create_connection((address.host, address.port or 0), timeout=1).close()
    except ConnectionRefusedError:
        return True
    except OSError:  # in the middle of closing
        return False
    return False


def test_it_may_be_stopped_twice_or_never_started() -> None:
    register = RegisterServer(RegisterData())
    register.stop()
    register.stop()


def test_a_client_that_goes_away_disturbs_nobody(server: RegisterServer, client: httpx.Client, capfd: pytest.CaptureFixture[str]) -> None:
    address = httpx.URL(server.url)
    for _ in range(3):
        with socket.create_connection((address.host, address.port or 0)) as rude:
            rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # close with a reset
            rude.sendall(b"GET /folkeregisteret/offentlig-med-hjemmel/api/v1/hendelser/feed?seq=1 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert client.get("hendelser/feed?seq=1").status_code == 200
    time.sleep(0.1)
    assert capfd.readouterr().err == ""


def test_a_mistake_of_the_stand_in_itself_is_not_hidden(capfd: pytest.CaptureFixture[str]) -> None:
    without_an_event: Any = {"sekvensnummer": 1}
    with RegisterServer(RegisterData((without_an_event,))) as register, pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{register.url}/uttrekk/komplett", trust_env=False)
    assert "KeyError" in capfd.readouterr().err


def test_a_body_sent_by_the_stand_in_can_be_unpacked_by_anyone(server: RegisterServer) -> None:
    connection = http.client.HTTPConnection(httpx.URL(server.url).netloc.decode(), timeout=60)
    connection.request("GET", "/folkeregisteret/offentlig-med-hjemmel/api/v1/hendelser/feed?seq=1500", headers={"Accept-Encoding": "gzip"})
    assert json.loads(gzip.decompress(connection.getresponse().read()))[0]["sekvensnummer"] == 1500
    connection.close()
