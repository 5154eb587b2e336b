"""The adapter against the stand-in: whatever goes wrong, every row is read exactly once in the end, or it says so."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import httpx
import pytest

from fjorten.registers.feeds.credentials import BearerToken
from fjorten.registers.feeds.endpoints import Endpoints
from fjorten.registers.feeds.event_documents import AsOf, people_in
from fjorten.registers.feeds.http import FeedDoesNotMoveOn, FeedIsOlderThanTheRegisterKeeps, HttpSource
from fjorten.registers.feeds.patience import Patience
from fjorten.registers.feeds.source import FeedCannotBeRead, FeedRow, Gap
from fjorten.registers.feeds.transport import (
    AccessIsRefused,
    AnswerIsTooLarge,
    RegisterAsksUsToWait,
    RegisterDoesNotAnswer,
    RegisterRefuses,
)
from fjorten.simulation.register_answers import RegisterData
from fjorten.simulation.register_faults import Fault, FaultPlan
from fjorten.simulation.register_server import RegisterServer
from tests.registers.feeds.material import NUMBERS, Json, Waits, all_rows, feed, person, row, sequences, source_at

Handler = Callable[[httpx.Request], httpx.Response]


def served(last: int, **options: Any) -> RegisterServer:
    rows, documents = feed(last)
    return RegisterServer(RegisterData.of(rows, documents), **options)


def answering(handler: Handler, waits: Waits | None = None, **options: Any) -> HttpSource:
    """The adapter against a server that is a function."""
    return source_at("https://freg.example/v1", waits=waits, network=httpx.MockTransport(handler), **options)


def by_path(**answers: Any) -> Handler:
    """A server with one answer for each last part of the path: JSON, or a response."""

    def handle(request: httpx.Request) -> httpx.Response:
        answer = answers[request.url.path.rsplit("/", 1)[1]]
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    return handle


class NotGzip(httpx.SyncByteStream):
    """A body that is not what its headers say."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"ikke gzip"


# --- the feed ---


def test_the_whole_feed_is_read_page_by_page() -> None:
    with served(2345) as server, source_at(server.url) as source:
        pages = list(source.pages(0))
    assert [len(page.rows) for page in pages] == [1000, 1000, 345]
    assert [read.sequence for page in pages for read in page.rows] == list(range(1, 2346))
    assert [visit.resource for visit in server.visits] == [
        "hendelser/feed?seq=1",
        "hendelser/feed?seq=1001",
        "hendelser/feed?seq=2001",
        "hendelser/siste/sekvensnummer",
    ]


def test_reading_goes_on_from_the_pointer() -> None:
    with served(1200) as server, source_at(server.url) as source:
        assert sequences(source, 1150) == list(range(1151, 1201))
        assert sequences(source, 1200) == []
        assert sequences(source, None) == list(range(1, 1201))


def test_a_full_last_page_is_the_end_all_the_same() -> None:
    with served(2000) as server, source_at(server.url) as source:
        assert len(sequences(source)) == 2000


def test_gaps_conflicts_and_broken_rows_are_reported_and_stop_nobody() -> None:
    rows: list[Json] = [row(1), row(3), {"sekvensnummer": 4}, row(5, NUMBERS[0]), row(5, NUMBERS[1])]
    with RegisterServer(RegisterData(tuple(rows), {}, {})) as server, source_at(server.url) as source:
        (page,) = source.pages(0)
    assert [read.sequence for read in page.rows] == [1, 3, 5, 5]
    assert page.gaps == (Gap(2, 2),)
    assert page.conflicts == (5,)
    assert [(rejected.position, rejected.sequence) for rejected in page.rejected] == [(3, 4)]


def test_a_page_of_nothing_but_broken_rows_is_reported_once() -> None:
    source = answering(by_path(feed=["sludder"], sekvensnummer={"sekvensnummer": 0}))
    (page,) = source.pages(0)
    assert [rejected.position for rejected in page.rejected] == [1]
    assert page.read_through == 0


def test_reading_ends_where_the_feed_ended_when_the_first_short_page_came() -> None:
    arrivals = iter(range(1, 10_000))

    def always_one_more(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("sekvensnummer"):
            return httpx.Response(200, json={"sekvensnummer": 5})
        return httpx.Response(200, json=[row(next(arrivals))])

    assert sequences(answering(always_one_more)) == [1, 2, 3, 4, 5]


def test_an_unchanged_page_is_not_sent_again_and_not_lost_either() -> None:
    with served(30) as server, source_at(server.url) as source:
        assert sequences(source) == sequences(source) == list(range(1, 31))
        assert [visit.status for visit in server.visits if "feed" in visit.resource] == [200, 200]
        assert sequences(source, 30) == sequences(source, 30) == []
    # The stand-in writes down its answer before it compares ETags, so what went over the line is asked of the line itself below.
    asked: list[str | None] = []

    def with_etag(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("sekvensnummer"):
            return httpx.Response(200, json={"sekvensnummer": 1})
        asked.append(request.headers.get("If-None-Match"))
        return httpx.Response(304) if asked[-1] else httpx.Response(200, json=[row(1)], headers={"ETag": '"en"'})

    source = answering(with_etag)
    assert sequences(source) == sequences(source) == [1]
    assert asked == [None, '"en"']


def test_an_answer_of_not_changed_to_no_question_is_refused() -> None:
    with pytest.raises(RegisterRefuses, match="304"):
        sequences(answering(by_path(feed=httpx.Response(304))))


def test_a_feed_that_says_not_found_is_at_its_end_while_the_service_is_there() -> None:
    assert sequences(answering(by_path(feed=httpx.Response(404), sekvensnummer={"sekvensnummer": 7})), 7) == []
    with pytest.raises(FeedCannotBeRead, match="ikke en hendelsesliste"):
        sequences(answering(by_path(feed=httpx.Response(404), sekvensnummer=httpx.Response(404))), 7)


def test_an_answer_that_is_no_list_is_not_a_feed() -> None:
    with pytest.raises(FeedCannotBeRead, match="ikke en hendelsesliste"):
        sequences(answering(by_path(feed={"hendelser": []})))


@pytest.mark.parametrize(
    ("told", "last"),
    [
        ({"sekvensnummer": 40241}, 40241),
        (40241, 40241),
        ("40241", 40241),
        (0, 0),
        ({"sekvensnummer": 0}, 0),
        ({}, None),
        ([1], None),
        (-3, None),
    ],
)
def test_the_last_number_is_read_in_every_form_it_has_had(told: object, last: int | None) -> None:
    assert answering(by_path(sekvensnummer=told)).last_sequence() == last


def test_a_service_that_does_not_tell_its_last_number_can_be_read() -> None:
    source = answering(by_path(feed=[row(1), row(2)], sekvensnummer=httpx.Response(404)))
    assert source.last_sequence() is None
    assert sequences(source) == [1, 2]


def test_events_older_than_the_register_keeps_ask_for_a_new_extract() -> None:
    with served(50, plan=FaultPlan(kept_from=40)) as server, source_at(server.url) as source:
        with pytest.raises(FeedIsOlderThanTheRegisterKeeps, match="nytt uttrekk"):
            sequences(source)
        assert sequences(source, 39) == list(range(40, 51))


def test_endpoints_are_named_in_one_place() -> None:
    elsewhere = Endpoints(feed="events", last_sequence="events/last", rows_per_page=2)
    source = answering(by_path(events=[row(1)], last=1), endpoints=elsewhere)
    assert sequences(source) == [1]


# --- what goes wrong on the way ---

PASSING = [fault for fault in Fault if fault is not Fault.SLOW]


@pytest.mark.parametrize("fault", PASSING)
def test_each_row_is_read_once_in_spite_of(fault: Fault) -> None:
    script = (None, fault, fault, None, fault)
    waits = Waits()
    with served(2100, plan=FaultPlan(script=script)) as server, source_at(server.url, waits=waits) as source:
        assert sequences(source) == list(range(1, 2101))
    assert [visit.fault for visit in server.visits].count(fault) == 3
    assert len(waits.seconds) >= 2


def test_a_slow_answer_is_given_up_and_asked_for_again() -> None:
    plan = FaultPlan(script=(Fault.SLOW, None), slow_seconds=5)
    with served(10, plan=plan) as server, source_at(server.url, patience=Patience(read_seconds=1)) as source:
        assert sequences(source) == list(range(1, 11))


@pytest.mark.parametrize("seed", range(12))
def test_each_row_is_read_once_in_any_weather(seed: int) -> None:
    plan = FaultPlan(seed=seed, chances=dict.fromkeys(Fault, 0.09), slow_seconds=0.001)
    with served(3500, plan=plan) as server, source_at(server.url) as source:
        rows = all_rows(source)
        assert [read.sequence for read in rows] == list(range(1, 3501)), f"seed {seed}"
        people = people_in(rows[:300], source)
    assert len(people.found) == 300
    assert any(visit.fault for visit in server.visits)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), ("2500", 2.5), ("Sat, 21 Nov 2026 12:00:40 GMT", 40), ("snart", 0.375)],
)
def test_the_register_is_not_asked_again_before_it_wants(header: str, seconds: float) -> None:
    answers = iter([httpx.Response(429, headers={"Retry-After": header}), httpx.Response(200, json=[])])
    waits = Waits()
    assert sequences(answering(lambda request: next(answers), waits)) == []
    assert waits.seconds == [seconds]


def test_a_date_to_wait_for_is_counted_on_the_registers_own_clock() -> None:
    headers = {"Retry-After": "Sat, 21 Nov 2026 15:00:09 GMT", "Date": "Sat, 21 Nov 2026 15:00:00 GMT"}
    answers = iter([httpx.Response(503, headers=headers), httpx.Response(200, json=[])])
    waits = Waits()
    assert sequences(answering(lambda request: next(answers), waits)) == []
    assert waits.seconds == [9]


def test_a_wait_too_long_to_stand_still_for_ends_with_when_to_come_back() -> None:
    with pytest.raises(RegisterAsksUsToWait, match="vente i 61 minutter"):
        sequences(answering(by_path(feed=httpx.Response(429, headers={"Retry-After": "Sat, 21 Nov 2026 13:00:10 GMT"}))))


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        ({"status_code": 500}, "svar 500"),
        ({"status_code": 200, "content": b'[{"sekvens'}, "svaret var avkuttet"),
        ({"status_code": 200, "stream": NotGzip(), "headers": {"Content-Encoding": "gzip"}}, "forbindelsen ble brutt"),
        (httpx.ConnectError("Connection refused"), "det kan ikke nås"),
        (httpx.ReadTimeout(""), "det svarte ikke i tide"),
        (httpx.RemoteProtocolError(""), "forbindelsen ble brutt"),
    ],
)
def test_a_register_that_never_answers_whole_is_given_up_with_the_reason(failure: dict[str, Any] | Exception, reason: str) -> None:
    waits = Waits()

    def fail(request: httpx.Request) -> httpx.Response:
        if isinstance(failure, Exception):
            raise failure
        return httpx.Response(**failure)

    with pytest.raises(RegisterDoesNotAnswer, match=rf"freg\.example .*\({reason}, 8 forsøk"):
        sequences(answering(fail, waits))
    assert len(waits.seconds) == 7
    assert waits.seconds == sorted(waits.seconds)


def test_a_register_that_is_not_there_is_said_not_to_be() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with source_at(f"http://127.0.0.1:{port}/v1") as source, pytest.raises(RegisterDoesNotAnswer, match="kan ikke nås"):
        source.last_sequence()


def test_a_certificate_that_does_not_hold_is_not_tried_again() -> None:
    def untrusted(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")

    waits = Waits()
    with pytest.raises(AccessIsRefused, match=r"Sertifikatet til freg\.example"):
        sequences(answering(untrusted, waits))
    assert waits.seconds == []


@pytest.mark.parametrize(
    ("response", "kind", "part"),
    [
        (httpx.Response(401, json={"feilkode": "FREG-010"}), AccessIsRefused, "svar 401, kode FREG-010"),
        (httpx.Response(403, json={"kode": "FREG-003", "melding": f"gjelder {NUMBERS[0]}"}), AccessIsRefused, "svar 403, kode FREG-003"),
        (httpx.Response(400, json={"code": f"nei {NUMBERS[0]}"}), RegisterRefuses, r"svar 400, kode nei \*{11}\)"),
        (httpx.Response(400, content=b"<feil/>"), RegisterRefuses, r"svar 400\)"),
        (httpx.Response(301, headers={"Location": "https://annet.example"}), RegisterRefuses, "svar 301"),
    ],
)
def test_a_refusal_is_not_tried_again_and_shows_only_its_code(response: httpx.Response, kind: type[FeedCannotBeRead], part: str) -> None:
    waits = Waits()
    with pytest.raises(kind, match=part) as refused:
        sequences(answering(by_path(feed=response), waits))
    assert NUMBERS[0] not in refused.value.sentence
    assert waits.seconds == []


def test_a_token_is_renewed_once() -> None:
    rows, documents = feed(3)
    tokens = iter(["gammelt", "nytt", "nytt", "nytt", "nytt"])
    with RegisterServer(RegisterData.of(rows, documents), token="nytt") as server:
        with source_at(server.url, credentials=BearerToken(lambda: next(tokens))) as source:
            assert sequences(source) == [1, 2, 3]
        with source_at(server.url, credentials=BearerToken(lambda: "feil")) as source, pytest.raises(AccessIsRefused, match="401"):
            source.last_sequence()
        with source_at(server.url) as source, pytest.raises(AccessIsRefused, match="401"):
            source.last_sequence()


def test_a_feed_that_keeps_repeating_itself_is_given_up() -> None:
    waits = Waits()
    with pytest.raises(FeedDoesNotMoveOn):
        sequences(answering(by_path(feed=[row(1)], sekvensnummer={"sekvensnummer": 9}), waits))
    assert len(waits.seconds) == 7


def test_an_answer_without_end_is_cut_off() -> None:
    with served(1000) as server, source_at(server.url, largest_answer_bytes=10_000) as source, pytest.raises(AnswerIsTooLarge):
        sequences(source)


def test_a_trickle_is_not_waited_out() -> None:
    waits = Waits()

    def trickle() -> Iterator[bytes]:
        while True:
            waits.seconds.append(100.0)
            yield b" "

    with pytest.raises(RegisterDoesNotAnswer, match="for langsomt"):
        sequences(answering(lambda request: httpx.Response(200, content=trickle()), waits))


def test_connections_are_kept_open() -> None:
    class Counting(httpx.HTTPTransport):
        """What httpx uses itself, counting connections by the server's own port of each answer."""

        streams: ClassVar[set[object]] = set()

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            response = super().handle_request(request)
            self.streams.add(response.extensions["network_stream"].get_extra_info("client_addr"))
            return response

    with served(3100) as server, source_at(server.url, network=Counting()) as source:
        assert len(sequences(source)) == 3100
    assert len(Counting.streams) == 1


# --- documents and persons ---


@pytest.fixture
def register() -> RegisterData:
    people = [person(NUMBERS[at]) for at in range(10)]
    return RegisterData.of([row(at + 1, NUMBERS[at]) for at in range(10)], {f"p{at + 1}": people[at] for at in range(10)})


def test_documents_are_fetched_in_bulk(register: RegisterData) -> None:
    with RegisterServer(register) as server, source_at(server.url) as source:
        found = source.documents(["p1", "p2", "ukjent", "p1"])
        assert set(found) == {"p1", "p2"}
        assert [(failure.key, failure.reason) for failure in found.failures] == [("ukjent", "Registeret kjenner ikke dette dokumentet.")]
    assert [visit.resource for visit in server.visits] == ["personer/bulkoppslag/arkiv"]


def test_one_document_is_fetched_by_itself(register: RegisterData) -> None:
    with RegisterServer(register) as server, source_at(server.url) as source:
        assert dict(source.documents(["p3"])) == {"p3": person(NUMBERS[2])}
    assert [visit.resource for visit in server.visits] == ["personer/arkiv/p3"]


def test_documents_without_names_are_fetched_one_by_one_from_then_on(register: RegisterData) -> None:
    with RegisterServer(register, plan=FaultPlan(names_documents=False)) as server, source_at(server.url) as source:
        for _ in range(2):
            found = source.documents([f"p{at}" for at in range(1, 11)])
            assert {key: found[key]["identifikasjonsnummer"] for key in found} == {
                f"p{at + 1}": person(NUMBERS[at])["identifikasjonsnummer"] for at in range(10)
            }
    assert [visit.method for visit in server.visits].count("POST") == 1


def test_a_withdrawn_and_a_lost_document_cost_nobody_else_theirs(register: RegisterData) -> None:
    plan = FaultPlan(withdrawn_documents=frozenset({"p2"}), lost_documents=frozenset({"p4"}))
    with RegisterServer(register, plan=plan) as server, source_at(server.url) as source:
        found = source.documents(["p1", "p2", "p3", "p4"])
        assert set(found) == {"p1", "p3"}
        assert {failure.key: failure.reason for failure in found.failures} == {
            "p2": "Registeret gir ikke lenger ut dette dokumentet.",
            "p4": "Registeret kjenner ikke dette dokumentet.",
        }
        assert set(source.documents(["p1", "p4"])) == {"p1"}


@pytest.mark.parametrize("identifier", ["", "../personer", "a/b", "p 1", "p" * 101, "æ"])
def test_an_identifier_that_does_not_belong_in_an_address_is_not_put_in_one(identifier: str) -> None:
    def nobody_asks(request: httpx.Request) -> httpx.Response:
        raise AssertionError(request.url)

    assert [failure.key for failure in answering(nobody_asks).documents([identifier]).failures] == [identifier]


@pytest.mark.parametrize("answer", [{}, [], ["sludder"], {"oppslag": "nei"}, "tekst"])
def test_a_bulk_answer_of_another_kind_is_gone_round(answer: object) -> None:
    source = answering(by_path(arkiv=answer, p1=person(), p2=person(NUMBERS[1])))
    assert set(source.documents(["p1", "p2"])) == {"p1", "p2"}


def test_documents_that_are_not_whole_are_absent() -> None:
    entries = [{"dokumentidentifikator": "p1"}, {"dokumentidentifikator": 7, "folkeregisterperson": person()}]
    source = answering(by_path(arkiv={"oppslag": entries}, p3=person(name="\0"), p4=[]))
    assert not source.documents(["p1", "p2"])
    assert [failure.reason for failure in source.documents(["p3"]).failures] == ["Registeret svarte uten et helt persondokument."]
    assert not source.documents(["p4"])


def test_persons_are_looked_up_by_the_thousand() -> None:
    data = RegisterData.of([], {}, [person(number) for number in NUMBERS])
    with RegisterServer(data) as server, source_at(server.url) as source:
        assert set(source.persons(NUMBERS)) == set(NUMBERS)
    assert [visit.resource for visit in server.visits] == ["personer/bulkoppslag"] * 3


def test_an_old_number_gives_the_person_who_had_it() -> None:
    now = person(NUMBERS[1], before=[NUMBERS[0]])
    with RegisterServer(RegisterData.of([], {}, [now])) as server, source_at(server.url) as source:
        assert dict(source.persons([NUMBERS[0], NUMBERS[1]])) == {NUMBERS[0]: now, NUMBERS[1]: now}


def test_each_person_who_cannot_be_had_is_reported_with_the_reason() -> None:
    unknown, refused, not_eleven_digits = NUMBERS[1], NUMBERS[2], "123"
    data = RegisterData.of([], {}, [person(NUMBERS[0]), person(NUMBERS[3])])
    plan = FaultPlan(refused_numbers=frozenset({refused}))
    with RegisterServer(data, plan=plan) as server, source_at(server.url) as source:
        found = source.persons([NUMBERS[0], unknown, refused, NUMBERS[3], not_eleven_digits])
    assert set(found) == {NUMBERS[0], NUMBERS[3]}
    assert {failure.key: failure.reason for failure in found.failures} == {
        unknown: "Registeret svarte: Finner ikke person.",
        refused: "Registeret godtar ikke nummeret.",
        not_eleven_digits: "Nummeret har ikke elleve sifre.",
    }


def test_an_answer_without_persons_is_reported_for_each() -> None:
    entries = [
        {"foedselsEllerDNummer": NUMBERS[0], "feilmelding": {"feilmelding": f"{NUMBERS[0]} er sperret"}},
        {"foedselsEllerDNummer": NUMBERS[1], "folkeregisterperson": {}},
        {"folkeregisterperson": person(NUMBERS[2])},
        "sludder",
    ]
    found = answering(by_path(bulkoppslag={"oppslag": entries})).persons(NUMBERS[:4])
    assert set(found) == {NUMBERS[2]}
    assert [failure.reason for failure in found.failures] == [
        "Registeret svarte: *********** er sperret",
        "Registeret svarte uten et helt persondokument.",
        "Registeret svarte ikke for denne personen.",
    ]
    assert not answering(by_path(bulkoppslag=[])).persons(NUMBERS[:1])


def test_no_address_ever_holds_a_number(register: RegisterData) -> None:
    with RegisterServer(register) as server, source_at(server.url) as source:
        people_in(all_rows(source), source)
        source.persons(NUMBERS[:10])
        asked = " ".join(visit.resource for visit in server.visits)
    assert asked
    assert not any(number in asked for number in NUMBERS[:10])


def test_people_are_found_as_of_the_event_or_as_of_now_or_with_a_reason(register: RegisterData) -> None:
    plan = FaultPlan(withdrawn_documents=frozenset({"p2"}))
    with RegisterServer(register, plan=plan) as server, source_at(server.url) as source:
        rows: list[FeedRow] = [
            *all_rows(source)[:2],
            *all_rows(answering(by_path(feed=[row(11, NUMBERS[2], persondokument=None), row(12, NUMBERS[20]), row(13, "", persondokument="x")]
                                        , sekvensnummer=13)), 10),
        ]  # fmt: skip
        people = people_in(rows, source)
    assert [(found.row.sequence, found.as_of) for found in people.found] == [(1, AsOf.EVENT), (2, AsOf.NOW), (11, AsOf.NOW)]
    assert [found.document["identifikasjonsnummer"] for found in people.found] == [
        person(NUMBERS[at])["identifikasjonsnummer"] for at in range(3)
    ]
    assert [(missing.row.sequence, missing.reason) for missing in people.not_found] == [
        (12, "Registeret svarte: Finner ikke person."),
        (13, "Registeret kjenner ikke dette dokumentet."),
    ]
    assert "VAKKER" not in repr(people)


def test_look_ups_from_many_threads_at_once_do_not_mix(register: RegisterData) -> None:
    plan = FaultPlan(names_documents=False, seed=3, chances={Fault.BROKEN: 0.1, Fault.CUT: 0.1})
    wrong: list[str] = []
    with RegisterServer(register, plan=plan) as server, source_at(server.url) as source:

        def look_up() -> None:
            found = source.documents([f"p{at}" for at in range(1, 11)])
            wrong.extend(key for at in range(10) if found[key := f"p{at + 1}"] != person(NUMBERS[at]))

        threads = [threading.Thread(target=look_up) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
    assert wrong == []
