"""Files of others lie unchanged, listed and with their licences."""

import shutil
from pathlib import Path

import pytest
from tools.vendored import FOLDERS, LIST, problems


def test_every_vendored_file_is_the_one_that_was_listed() -> None:
    assert [problem for folder in FOLDERS for problem in problems(folder)] == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of one vendored file with its list, to spoil."""
    vendor = FOLDERS[0]
    text = (vendor / LIST).read_text(encoding="utf-8")
    (tmp_path / "LICENSES").mkdir()
    shutil.copy(vendor / "LICENSES" / "htmx.txt", tmp_path / "LICENSES")
    shutil.copy(vendor / "htmx-4.0.1.min.js", tmp_path)
    start = text.index('["htmx')
    (tmp_path / LIST).write_text(text[start : text.index("\n[", start)], encoding="utf-8")
    assert problems(tmp_path) == []
    return tmp_path


def test_a_changed_file_is_noticed(folder: Path) -> None:
    with (folder / "htmx-4.0.1.min.js").open("a") as file:
        file.write(" ")
    assert problems(folder) == ["htmx-4.0.1.min.js: is not the file that was listed (its sum differs)"]


def test_an_unlisted_file_is_noticed(folder: Path) -> None:
    (folder / "deeper").mkdir()
    (folder / "deeper" / "stranger.js").write_text("1")
    assert problems(folder) == ["deeper/stranger.js: lies here unlisted"]


def test_a_missing_file_and_a_missing_licence_are_noticed(folder: Path) -> None:
    (folder / "htmx-4.0.1.min.js").unlink()
    (folder / "LICENSES" / "htmx.txt").unlink()
    assert problems(folder) == ["htmx-4.0.1.min.js: is listed but is not there", "htmx-4.0.1.min.js: its licence is not there"]


@pytest.mark.parametrize("line", ["version", "why", "taken_on", "licence_file"])
def test_a_list_that_leaves_something_out_is_noticed(folder: Path, line: str) -> None:
    kept = [row for row in (folder / LIST).read_text(encoding="utf-8").splitlines() if not row.startswith(f"{line} ")]
    (folder / LIST).write_text("\n".join(kept), encoding="utf-8")
    assert problems(folder)[0].startswith("htmx-4.0.1.min.js: its list")


def test_a_list_with_an_address_is_noticed(folder: Path) -> None:
    text = (folder / LIST).read_text(encoding="utf-8").replace("0BSD", "https" + "://example.invalid")
    (folder / LIST).write_text(text, encoding="utf-8")
    assert problems(folder) == [f"{LIST}: holds an address"]
