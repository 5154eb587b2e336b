from __future__ import annotations

import gzip
import io
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fjorten.registers.feeds import file_order
from fjorten.registers.feeds.directory import DirectorySource
from fjorten.registers.feeds.lines import LineIndex, lines_of
from fjorten.registers.feeds.source import FeedCannotBeRead, Gap
from tests.registers.feeds.material import NUMBERS, by_identifier, document, feed, folder, person, row, sequences


def test_rows_come_in_order_once_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    with DirectorySource(folder(tmp_path, feed=[row(3), row(1), "", row(2), row(3), row(1)])) as source:
        (page,) = source.pages(0)
        assert [read.sequence for read in page.rows] == [1, 2, 3]
        assert (page.gaps, page.rejected, page.conflicts, page.read_through) == ((), (), (), 3)
        assert source.last_sequence() == 3


def test_only_what_lies_after_the_pointer_is_read(tmp_path: Path) -> None:
    source = DirectorySource(folder(tmp_path, feed=[row(1), row(2), row(5)]))
    (page,) = source.pages(2)
    assert [read.sequence for read in page.rows] == [5]
    assert page.gaps == (Gap(3, 4),)
    assert list(source.pages(5)) == []


def test_an_empty_feed_has_no_pages(tmp_path: Path) -> None:
    with DirectorySource(folder(tmp_path)) as source:
        assert list(source.pages(None)) == []
        assert source.last_sequence() == 0


def test_gaps_are_found_across_pages(tmp_path: Path) -> None:
    rows = [row(sequence) for sequence in range(1, 2501) if sequence not in (1000, 1001, 2000)]
    pages = list(DirectorySource(folder(tmp_path, feed=rows)).pages(0))
    assert [len(page.rows) for page in pages] == [1000, 1000, 497]
    assert [gap for page in pages for gap in page.gaps] == [Gap(1000, 1001), Gap(2000, 2000)]


def test_without_a_pointer_the_first_row_sets_the_start(tmp_path: Path) -> None:
    rows = [row(sequence) for sequence in range(5001, 6501)]
    source = DirectorySource(folder(tmp_path, feed=["sludder", *rows]))
    assert [page.gaps for page in source.pages(None)] == [(), ()]
    assert [page.gaps for page in source.pages(0)] == [(Gap(1, 5000),), ()]


def test_a_broken_first_page_is_no_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_order, "ROWS_PER_PAGE", 1)
    not_json = '{"sekvensnummer": 6, "hendelse": {'
    source = DirectorySource(folder(tmp_path, feed=[not_json, row(7)]))
    assert [(page.gaps, len(page.rejected), page.read_through) for page in source.pages(None)] == [((), 1, 0), ((), 0, 7)]
    assert [page.gaps for page in source.pages(5)] == [(), (Gap(6, 6),)]


def test_rows_with_one_number_are_on_one_page_so_that_a_conflict_is_seen(tmp_path: Path) -> None:
    many = [row(1000, number) for number in NUMBERS[:5]]
    rows = [*(row(sequence) for sequence in range(1, 1000)), *many, *many, row(1001)]
    pages = list(DirectorySource(folder(tmp_path, feed=rows)).pages(0))
    assert [(len(page.rows), page.conflicts) for page in pages] == [(1004, (1000,)), (1, ())]


def test_broken_lines_are_reported_and_stop_nobody(tmp_path: Path) -> None:
    lines = [
        row(1),
        "ikke json",
        {"hendelse": {}},
        row(3, folkeregisteridentifikator=None, persondokument=None),
        b'{"sekvensnummer": 4, "\xff"',
    ]
    (page,) = DirectorySource(folder(tmp_path, feed=lines)).pages(0)
    assert [read.sequence for read in page.rows] == [1]
    assert [(rejected.position, rejected.sequence, rejected.reason) for rejected in page.rejected] == [
        (2, None, "Linjen er ikke gyldig JSON."),
        (3, None, "Raden mangler «sekvensnummer», eller det er ikke et positivt heltall."),
        (4, 3, "Raden sier ikke hvem hendelsen gjelder."),
        (5, None, "Raden er ikke et JSON-objekt."),
    ]
    assert page.gaps == (Gap(2, 2),)


def test_broken_lines_are_reported_also_when_there_is_nothing_new(tmp_path: Path) -> None:
    (page,) = DirectorySource(folder(tmp_path, feed=[row(1), "ikke json"])).pages(1)
    assert page.rows == ()
    assert [rejected.position for rejected in page.rejected] == [2]
    assert page.read_through == 1


def test_a_flood_of_broken_lines_is_counted_rather_than_kept(tmp_path: Path) -> None:
    (page,) = DirectorySource(folder(tmp_path, feed=[row(1), *(["sludder"] * 1700)])).pages(0)
    assert len(page.rejected) == 1001
    assert page.rejected[-1].reason == "Etter denne linjen er det 700 til som ikke kan leses."


def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path) -> None:
    longer_than_a_line_may_be = b'{"sekvensnummer": 2, "hendelse": "' + b"x" * 17 * 2**20 + b'"}'
    source = DirectorySource(folder(tmp_path, feed=[row(1), longer_than_a_line_may_be, row(3)]))
    (page,) = source.pages(0)
    assert [read.sequence for read in page.rows] == [1, 3]
    assert [(rejected.position, rejected.reason) for rejected in page.rejected] == [(2, "Linjen er for lang til å være en hendelse.")]


@pytest.mark.parametrize(
    "line",
    [
        '{"hendelse": {"persondokument": "a", "sekvensnummer": 5}, "sekvensnummer": 900}',
        '{"hendelse": {"persondokument": "a", "sekvensnummer": 5}, "sekvensnummer": "900"}',
        '{"hendelse": {"persondokument": "a", "sekvensnummer": 5}, "sekvensnumme\\u0072": 900}',
        '{"sekvensnummer": 5, "sekvensnummer": 900, "hendelse": {"persondokument": "a"}}',
        '{"sekvensnummer" :\t900 ,"hendelse": {"persondokument": "a"}}',
    ],
)
def test_the_quick_look_never_takes_another_number_for_the_rows_own(tmp_path: Path, line: str) -> None:
    source = DirectorySource(folder(tmp_path, feed=[row(899), line, row(901)]))
    assert sequences(source) == [899, 900, 901]


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    source = DirectorySource(folder(tmp_path, feed=[document("p1", person()), document("p2", person())]))
    with pytest.raises(FeedCannotBeRead, match=r"er en hendelse fra registeret\. Er det riktig fil"):
        list(source.pages(0))


def test_compressed_files_read_the_same(tmp_path: Path) -> None:
    rows, documents = feed(1500)
    random.Random(7).shuffle(rows)
    plain = DirectorySource(folder(tmp_path / "plain", feed=rows, documents=by_identifier(documents)))
    packed = DirectorySource(folder(tmp_path / "packed", feed_gz=rows, documents_gz=by_identifier(documents)))
    with plain, packed:
        assert list(plain.pages(0)) == list(packed.pages(0))
        assert dict(plain.documents(["p3", "p700"])) == dict(packed.documents(["p3", "p700"]))


@pytest.mark.parametrize(
    "content",
    [b"ikke gzip", gzip.compress(b"x" * 100_000, mtime=0)[:-20], gzip.compress(b"abc" * 100_000, mtime=0)[:20] + b"\0" * 50],
    ids=["not gzip", "cut", "overwritten"],
)
def test_a_damaged_archive_is_said_to_be_damaged(tmp_path: Path, content: bytes) -> None:
    folder(tmp_path, feed=None)
    (tmp_path / "feed.jsonl.gz").write_bytes(content)
    with pytest.raises(FeedCannotBeRead, match="er ikke en hel gzip-fil"):
        list(DirectorySource(tmp_path).pages(0))


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    source = DirectorySource(folder(tmp_path))
    (tmp_path / "feed.jsonl").unlink()
    with pytest.raises(FeedCannotBeRead, match=r"feed\.jsonl» kan ikke åpnes"):
        source.last_sequence()


@pytest.mark.parametrize("stem", ["feed", "documents"])
def test_a_missing_file_is_named(tmp_path: Path, stem: str) -> None:
    folder(tmp_path, **{stem: None})
    with pytest.raises(FeedCannotBeRead, match=f"mangler filen {stem}.jsonl"):
        DirectorySource(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FeedCannotBeRead, match="Finner ikke mappen"):
        DirectorySource(tmp_path / "finnes-ikke")


def test_two_files_for_one_thing_are_not_guessed_between(tmp_path: Path) -> None:
    folder(tmp_path, feed=[row(1)])
    (tmp_path / "feed.jsonl.gz").write_bytes(gzip.compress(b""))
    with pytest.raises(FeedCannotBeRead, match=r"både feed\.jsonl og feed\.jsonl\.gz"):
        DirectorySource(tmp_path)


def test_documents_are_found_by_identifier_and_the_others_are_absent_with_a_reason(tmp_path: Path) -> None:
    lines = [document("a", person(name="GAMMEL")), document("b", person(NUMBERS[1])), document("a", person(name="NY"))]
    with DirectorySource(folder(tmp_path, documents=lines)) as source:
        found = source.documents(["b", "x", "a", "b"])
        assert dict(found) == {"a": person(name="NY"), "b": person(NUMBERS[1])}
        assert [(failure.key, failure.reason) for failure in found.failures] == [
            ("x", "Det står ingen hel linje om dette i documents.jsonl.")
        ]


def test_a_broken_document_hides_neither_the_others_nor_its_earlier_self(tmp_path: Path) -> None:
    half = json.dumps(document("a", person()))[:40].encode()
    unstorable = json.dumps(document("n", person(name="A\0B"))).encode()
    lines = [document("a", person()), half, document("b", person(NUMBERS[1])), b"sludder", unstorable, document("e", {}), b"x" * 17 * 2**20]
    with DirectorySource(folder(tmp_path, documents=lines)) as source:
        found = source.documents(["a", "b", "n", "e"])
    assert set(found) == {"a", "b"}
    assert [failure.key for failure in found.failures] == ["n", "e"]
    assert "2 av linjene der kan ikke leses" in found.failures[0].reason


def test_identifiers_with_escapes_are_found_too(tmp_path: Path) -> None:
    escaped = b'{"dokumentidentifikator": "\\u00e6-1", "folkeregisterperson": {"status": []}}'
    nested = {"folkeregisterperson": {"x": {"dokumentidentifikator": "inni"}}, "dokumentidentifikator": "utenpå"}
    with DirectorySource(folder(tmp_path, documents=[escaped, nested])) as source:
        assert set(source.documents(["æ-1", "utenpå", "inni", "\ud800"])) == {"æ-1", "utenpå"}


def test_persons_are_found_by_the_numbers_they_have_and_have_had(tmp_path: Path) -> None:
    now = person(NUMBERS[1], before=[NUMBERS[0]])
    with_guardian = {**person(NUMBERS[2]), "vergemaal": [{"verge": {"foedselsEllerDNummer": NUMBERS[3]}}]}
    lines = [
        {"foedselsEllerDNummer": NUMBERS[1], "folkeregisterperson": now},
        {"foedselsEllerDNummer": NUMBERS[2], "folkeregisterperson": with_guardian},
        {"foedselsEllerDNummer": NUMBERS[4], "feilmelding": {"feilmelding": "Finner ikke person."}},
        json.dumps({"foedselsEllerDNummer": NUMBERS[5], "folkeregisterperson": person(NUMBERS[5], name='"Ø"')}, ensure_ascii=True),
    ]
    with DirectorySource(folder(tmp_path, persons=lines)) as source:
        found = source.persons([NUMBERS[0], NUMBERS[1], NUMBERS[2], NUMBERS[3], NUMBERS[4], NUMBERS[5]])
    assert found[NUMBERS[0]] == found[NUMBERS[1]] == now
    assert set(found) == {NUMBERS[0], NUMBERS[1], NUMBERS[2], NUMBERS[5]}
    assert {failure.key for failure in found.failures} == {NUMBERS[3], NUMBERS[4]}


def test_without_persons_nobody_is_found_and_it_says_why(tmp_path: Path) -> None:
    with DirectorySource(folder(tmp_path)) as source:
        found = source.persons([NUMBERS[0], NUMBERS[0]])
    assert not found
    assert [failure.reason for failure in found.failures] == ["Mappen har ikke filen persons.jsonl."]


def test_a_closed_source_opens_its_files_again(tmp_path: Path) -> None:
    source = DirectorySource(folder(tmp_path, documents=[document("a", person())], persons=[]))
    for _ in range(2):
        assert "a" in source.documents(["a"])
        assert "a" in source.documents(["a"])
        assert not source.persons([NUMBERS[0]])
        source.close()


def test_lines_are_read_with_their_places_whatever_their_length() -> None:
    file = io.BytesIO(b"en\n\n" + b"x" * 25 + b"\nto\n" + b"y" * 8)
    assert [tuple(line) for line in lines_of(file, longest_bytes=10)] == [
        (1, 0, b"en\n"),
        (3, 4, None),
        (4, 30, b"to\n"),
        (5, 33, b"y" * 8),
    ]
    assert [line.content for line in lines_of(io.BytesIO(b"z" * 25), longest_bytes=10)] == [None]


def test_an_index_gives_the_last_line_first(tmp_path: Path) -> None:
    index = LineIndex(io.BytesIO(b"a1\nb1\na2\n?\n"), lambda line: [line[:1]] if line[:1] != b"?" else [])
    assert list(index.lines_with(b"a")) == [b"a2\n", b"a1\n"]
    assert list(index.lines_with(b"c")) == []
    assert list(index.unreadable) == [4]
    index.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_a_shuffled_repeated_and_gapped_feed_gives_each_row_once_in_order(tmp_path: Path, data: st.DataObject) -> None:
    there = data.draw(st.lists(st.integers(1, 80), max_size=60))
    per_page = data.draw(st.integers(1, 15))
    after = data.draw(st.integers(0, 80))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_order, "ROWS_PER_PAGE", per_page)
        source = DirectorySource(folder(tmp_path, feed=[row(sequence) for sequence in there]))
        pages = list(source.pages(after))
    wanted = sorted({sequence for sequence in there if sequence > after})
    assert [read.sequence for page in pages for read in page.rows] == wanted
    missing = {number for page in pages for gap in page.gaps for number in range(gap.first, gap.last + 1)}
    assert missing == set(range(after + 1, max(wanted, default=after))) - set(wanted)


BURST = 100_000

# In a process of its own, so that neither the tests' own memory nor their tracing is measured. The floor is what importing takes. Not
# ru_maxrss: a new process inherits the peak of the one that started it.
MEASURE = """
import re, resource, sys
from pathlib import Path
from fjorten.registers.feeds.directory import DirectorySource

def peak_bytes():
    return int(re.search(r"VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1]) * 1024

floor, began = peak_bytes(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
with DirectorySource(Path(sys.argv[1])) as source:
    sequences = (row.sequence for page in source.pages(0) for row in page.rows)
    in_order = sum(expected == sequence for expected, sequence in enumerate(sequences, start=1))
    found = len(source.documents([f"p{sequence}" for sequence in range(1, 1001)]))
print(in_order, found, peak_bytes() - floor, resource.getrusage(resource.RUSAGE_SELF).ru_utime - began)
"""


def test_a_burst_is_read_in_seconds_and_does_not_fill_the_memory(tmp_path: Path) -> None:
    order = list(range(1, BURST + 1))
    random.Random(14).shuffle(order)
    with (tmp_path / "feed.jsonl").open("w") as rows, (tmp_path / "documents.jsonl").open("w") as documents:
        rows.writelines(json.dumps(row(sequence, NUMBERS[sequence % len(NUMBERS)])) + "\n" for sequence in order)
        documents.writelines(json.dumps(document(f"p{at}", person(NUMBERS[at % len(NUMBERS)]))) + "\n" for at in range(1, 20_001))
    size = sum(file.stat().st_size for file in tmp_path.iterdir())
    run = subprocess.run([sys.executable, "-c", MEASURE, str(tmp_path)], capture_output=True, text=True, timeout=300, check=True)
    in_order, found, extra_bytes, seconds = run.stdout.split()
    assert (int(in_order), int(found)) == (BURST, 1000)
    assert 0 < int(extra_bytes) < 32 * 2**20 < size  # measured 22 MiB; holding all rows takes 84
    assert float(seconds) < 45  # of processor time, whatever else the machine does; measured 7 to 13 s on two busy cores
