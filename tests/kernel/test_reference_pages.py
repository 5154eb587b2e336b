"""The reference pages are made from the spec tests, and a page that has fallen behind is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from tools import reference
from tools.reference import ReferenceCannotBeMade

SPEC_MODULE = '''"""
Frister

Hvor lenge noe kan vente. Kilde: et eksempel.

Et avsnitt til,
over to linjer.
"""

@spec("En frist på null dager er i dag")
def test_no_time_to_wait() -> None:
    check_table(due_on, """
        days | note       | due_on
        0    | a_b *c*    | 2026-01-31
    """)
    check_table(due_on, """
        days | note | due_on
        1    |      | 2026-02-01
    """)


def helper() -> None: ...


@spec("En regel kan stå uten tabell")
def test_words_only() -> None:
    assert True
'''

PAGE = """# Frister

<!-- Laget av tools/reference.py. Endre kilden, ikke denne filen, og kjør «make docs». -->

Hvor lenge noe kan vente. Kilde: et eksempel.

Et avsnitt til, over to linjer.

## En frist på null dager er i dag

| days | note | due\\_on |
| --- | --- | --- |
| 0 | a\\_b \\*c\\* | 2026-01-31 |

| days | note | due\\_on |
| --- | --- | --- |
| 1 |  | 2026-02-01 |

## En regel kan stå uten tabell

Reglene prøves av `tests/spec/journal/test_deadlines.py` hver gang testene kjøres.
"""


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tests/spec/ of its own, with one module in it."""
    folder = tmp_path / "tests" / "spec"
    (folder / "journal").mkdir(parents=True)
    (folder / "journal" / "test_deadlines.py").write_text(SPEC_MODULE, encoding="utf-8")
    monkeypatch.setattr(reference, "SPECS", folder)
    return folder


def test_a_spec_module_becomes_a_page(specs: Path) -> None:
    assert reference.spec_pages() == {"deadlines.md": PAGE}


def test_the_index_lists_every_page_in_norwegian_order_with_its_first_sentence() -> None:
    pages = {
        "order.md": reference.page(title="Ønsker", paragraphs=["Først dette. Så mer."]),
        "words.md": reference.page(title="Ord", paragraphs=["Ord og\nuttrykk. Mer."]),
        "empty.md": reference.page(title="Åpne spørsmål", paragraphs=[]),
        "findings.schema.json": "{}",
    }

    lines = reference.index(pages).splitlines()

    assert [line for line in lines if line.startswith("- ")] == [
        "- [Ord](words.md): Ord og uttrykk.",
        "- [Ønsker](order.md): Først dette.",
        "- [Åpne spørsmål](empty.md): ",
    ]


@pytest.mark.parametrize(
    ("module", "says"),
    [
        ("def test_x() -> None: ...", "begin with"),
        ('"""Bare en tittel."""', "begin with"),
        ('"""T\n\nI."""\ndef test_x() -> None: ...', "test_x has no @spec sentence"),
        ('"""T\n\nI."""\nclass TestX: ...', "TestX would not be seen"),
        ('"""T\n\nI."""\n@spec(sentence)\ndef test_x() -> None: ...', "plain text"),
        ('"""T\n\nI."""\n@spec("S")\ndef test_x() -> None:\n    check_table(rule, TABLE)', "plain text"),
    ],
)
def test_a_spec_module_that_cannot_be_read_is_named(specs: Path, module: str, says: str) -> None:
    (specs / "journal" / "test_deadlines.py").write_text(module, encoding="utf-8")

    with pytest.raises(ReferenceCannotBeMade, match=says) as refused:
        reference.spec_pages()

    assert "test_deadlines.py" in str(refused.value)


def test_two_rooms_cannot_make_the_same_page(specs: Path) -> None:
    (specs / "plans").mkdir()
    (specs / "plans" / "test_deadlines.py").write_text(SPEC_MODULE, encoding="utf-8")

    with pytest.raises(ReferenceCannotBeMade, match=r"deadlines\.md: rename"):
        reference.spec_pages()


@pytest.mark.parametrize("name", ["settings.md", "README.md"])
def test_two_generators_cannot_make_the_same_page(name: str) -> None:
    def settings() -> dict[str, str]:
        return {name: "# Innstillinger\n"}

    with pytest.raises(ReferenceCannotBeMade, match=f"{name} is made twice"):
        reference.all_pages([settings, settings])


def test_writing_brings_the_folder_into_line_and_writing_again_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "reference"
    pages = {"a.md": "# A\n", "deep/b.md": "# B\n"}

    assert reference.write(pages, folder) == [folder / "a.md", folder / "deep" / "b.md"]
    assert reference.write(pages, folder) == []
    assert reference.differences(pages, folder) == {}


def test_pages_that_are_missing_changed_or_made_by_nobody_are_named(tmp_path: Path) -> None:
    reference.write({"changed.md": "# A\n", "left_over.md": "# B\n"}, tmp_path)
    pages = {"changed.md": "# A, ny\n", "missing.md": "# C\n"}

    assert reference.differences(pages, tmp_path) == {
        tmp_path / "changed.md": "differs from what the code says",
        tmp_path / "left_over.md": "is made by no generator any more",
        tmp_path / "missing.md": "is missing",
    }
    reference.write(pages, tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["changed.md", "missing.md"]


def test_the_command_writes_then_agrees_then_names_what_differs(specs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "reference"

    assert reference.main(["--check", "--into", str(folder)]) == 1
    assert reference.main(["--into", str(folder)]) == 0
    assert reference.main(["--check", "--into", str(folder)]) == 0
    capsys.readouterr()
    (folder / "deadlines.md").write_text("# Gammelt\n", encoding="utf-8")

    assert reference.main(["--check", "--into", str(folder)]) == 1
    assert "deadlines.md differs from what the code says: run «make docs»" in capsys.readouterr().err


def test_the_command_says_what_cannot_be_made(specs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (specs / "journal" / "test_deadlines.py").write_text("", encoding="utf-8")

    assert reference.main(["--into", str(tmp_path / "reference")]) == 1
    assert "begin with" in capsys.readouterr().err
    assert not (tmp_path / "reference").exists()
