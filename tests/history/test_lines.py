"""What is written is read back as it was, and a file nobody can read is said to be one."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from fjorten.appointments.earlier import EarlierTime
from fjorten.appointments.states import State
from fjorten.followup.contact import How, Outcome
from fjorten.followup.earlier import EarlierCase, EarlierEntry
from fjorten.history.child import EarlierChild
from fjorten.history.lines import HistoryCannotBeRead, LineIsWrong, read_history, write_history
from fjorten.kernel.national_id import parse
from fjorten.people.earlier import EarlierAddress, EarlierGuardian, EarlierWish
from fjorten.plans.steps import EarlierStep
from fjorten.programme.status import Status
from fjorten.programme.steps import Setting
from tests.factories.register import a_number

BORN_ON = date(2025, 5, 10)
FULL = EarlierChild(
    number=parse(a_number(BORN_ON)),
    since=BORN_ON,
    guardians=(
        EarlierGuardian(
            number=parse(a_number(date(1994, 5, 3))),
            name="Ærlig Øst",
            language="uk",
            needs_interpreter=True,
            telephone="+4700000001",
            address=EarlierAddress(lines=("Ingensteds 1", "Oppgang B"), postal_code="0000", place="INGENSTEDS"),
        ),
    ),
    wish=EarlierWish(unsuitable_weekdays=(0, 4), earliest=time(9, 30), can_come_at_short_notice=True),
    steps=(EarlierStep(step="C01_HOME", outcome=Status.DONE_ELSEWHERE, on=date(2025, 5, 19), reason="fastlegen", is_confirmed=False),),
    appointments=(
        EarlierTime(
            step="C03_W6",
            begins_at=datetime(2025, 6, 24, 7, tzinfo=UTC),
            setting=Setting.HOME,
            employee="sykepleier.a",
            state=State.NOT_BROUGHT,
            booked_on=date(2025, 6, 1),
        ),
    ),
    cases=(
        EarlierCase(
            step="C03_W6",
            owner="leder",
            opened_on=date(2025, 6, 24),
            closed_on=date(2025, 7, 1),
            closing="deceased",
            entries=(EarlierEntry(step="call_again", on=date(2025, 6, 26), by="kari", how=How.SMS, outcome=Outcome.REACHED),),
        ),
    ),
)


def test_what_is_written_is_read_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "historikk.jsonl"
    bare = EarlierChild(number=FULL.number, since=BORN_ON)
    assert write_history(path, [FULL, bare]) == 2
    assert [(line.number, line.told) for line in read_history(path)] == [(1, FULL), (2, bare)]
    first, second = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert first["appointments"][0]["begins_at"] == "2025-06-24T09:00", "by the Norwegian clock"
    assert set(second) == {"number", "since"}, "what has the value it has without it is left out"


def test_empty_lines_and_a_mark_at_the_beginning_are_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "historikk.jsonl"
    child = json.dumps({"number": FULL.number.digits, "since": "2025-05-10"})
    path.write_text(f"\ufeff{child}\r\n\n  \n{child}\n", encoding="utf-8")
    assert [line.number for line in read_history(path)] == [1, 4]
    assert not any(isinstance(line.told, LineIsWrong) for line in read_history(path))


@pytest.mark.parametrize("line", [b"\xff\xfe{", b"[" * 100_000, b"{'a': 1}", b"nan"])
def test_bytes_that_are_no_json_are_said_to_be_none(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "historikk.jsonl"
    path.write_bytes(line + b"\n" + json.dumps({"number": FULL.number.digits, "since": "2025-05-10"}).encode())
    wrong, right = read_history(path)
    assert isinstance(wrong.told, LineIsWrong)
    assert isinstance(right.told, EarlierChild)


def test_a_file_that_is_not_there_is_said_not_to_be(tmp_path: Path) -> None:
    with pytest.raises(HistoryCannotBeRead):
        list(read_history(tmp_path / "mangler.jsonl"))
    with pytest.raises(HistoryCannotBeRead):
        list(read_history(tmp_path))
