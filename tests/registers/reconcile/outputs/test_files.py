"""A run's files: whole, together, and never mixed with an earlier run's."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fjorten.registers.reconcile.files import NAMES, replace_files
from fjorten.registers.reconcile.request import InputCannotBeUsed
from fjorten.registers.reconcile.workspace import private_database

FIRST = {name: f"{name} of the first run\n" for name in NAMES}
SECOND = {name: f"{name} of the second run\n" for name in NAMES if name != "protected.csv"}


def files_in(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}


def test_a_second_run_takes_the_place_of_the_first_completely(tmp_path: Path) -> None:
    replace_files(tmp_path, FIRST)
    replace_files(tmp_path, SECOND)
    assert files_in(tmp_path) == SECOND


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notat.txt").write_text("vårt")
    replace_files(tmp_path, FIRST)
    assert files_in(tmp_path) == FIRST | {"notat.txt": "vårt"}


def test_a_folder_is_made_when_there_is_none(tmp_path: Path) -> None:
    replace_files(tmp_path / "år" / "uke", FIRST)
    assert files_in(tmp_path / "år" / "uke") == FIRST


def test_a_name_without_a_place_is_a_fault_of_ours(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"extra\.csv"):
        replace_files(tmp_path, {"extra.csv": ""})


@pytest.fixture
def calls_that_fail(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Let the n-th of the calls that change the folder fail: the only entry says which."""
    failing = [0]
    done = [0]

    def counted(real):
        def call(*arguments, **keywords):
            if failing[0]:
                done[0] += 1
                if done[0] == failing[0]:
                    done[0] = 0
                    failing[0] = 0
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*arguments, **keywords)

        return call

    monkeypatch.setattr(os, "open", counted(os.open))
    monkeypatch.setattr(os, "fsync", counted(os.fsync))
    monkeypatch.setattr(Path, "rename", counted(Path.rename))
    yield failing


@pytest.mark.parametrize("failing_call", range(1, 15))
def test_a_full_disk_never_leaves_half_a_file_or_two_runs_in_one(tmp_path: Path, failing_call: int, calls_that_fail: list[int]) -> None:
    replace_files(tmp_path, FIRST)
    calls_that_fail[0] = failing_call
    with pytest.raises(InputCannotBeUsed, match="disken er full"):
        replace_files(tmp_path, SECOND)
    left = files_in(tmp_path)
    assert left == FIRST or left.items() <= SECOND.items()
    if "report.html" in left and left != FIRST:
        assert left == SECOND
    replace_files(tmp_path, SECOND)
    assert files_in(tmp_path) == SECOND


def test_what_a_killed_run_left_behind_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".findings.csv.part").write_text("half")
    replace_files(tmp_path, SECOND)
    assert files_in(tmp_path) == SECOND


def test_a_link_laid_out_for_us_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("theirs")
    out = tmp_path / "ut"
    out.mkdir()
    (out / "protected.csv").symlink_to(elsewhere)
    (out / ".findings.csv.part").symlink_to(elsewhere)
    replace_files(out, FIRST)
    assert elsewhere.read_text() == "theirs"
    assert not (out / "protected.csv").is_symlink()


def test_files_are_the_owners_only_from_the_first_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: (modes.append(os.fstat(descriptor).st_mode & 0o777), real(descriptor)))
    before = os.umask(0)
    try:
        replace_files(tmp_path / "ut", FIRST)
    finally:
        os.umask(before)
    assert modes == [0o600] * len(NAMES) + [0o700]


def test_a_file_where_the_folder_should_be_is_said_in_norwegian(tmp_path: Path) -> None:
    (tmp_path / "ut").write_text("")
    with pytest.raises(InputCannotBeUsed, match="det står en fil der mappen skulle vært"):
        replace_files(tmp_path / "ut", FIRST)


def test_a_folder_one_may_not_write_to_is_said_in_norwegian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(InputCannotBeUsed, match=r"du har ikke lov til å skrive der\. Velg en annen mappe med --out"):
        replace_files(tmp_path, FIRST)


def test_files_too_large_for_the_machine_are_said_in_norwegian() -> None:
    with pytest.raises(InputCannotBeUsed, match="Det er ikke nok minne eller diskplass"), private_database() as connection:
        connection.execute("SET memory_limit = '10MB'; SET max_temp_directory_size = '0KB'")
        connection.execute("CREATE TABLE numbers AS SELECT i FROM range(20_000_000) AS numbers(i) ORDER BY hash(i)")


def test_what_is_spilt_to_the_disk_is_the_owners_only_and_does_not_stay() -> None:
    with private_database() as connection:
        (row,) = connection.execute("SELECT current_setting('temp_directory')").fetchall()
        folder = Path(row[0])
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()
