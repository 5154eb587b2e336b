from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fjorten.registers.reconcile.request import AgeRange, InputCannotBeUsed, Request


@pytest.mark.parametrize(
    ("text", "ages"), [("0-5", AgeRange(0, 5)), (" 2 – 3 ", AgeRange(2, 3)), ("4", AgeRange(4, 4)), ("0-0", AgeRange(0, 0))]
)
def test_an_age_range_is_read(text: str, ages: AgeRange) -> None:
    assert AgeRange.parse(text) == ages


@pytest.mark.parametrize("text", ["", "fem", "0-", "-5", "0-5-6", "5-0", "0-121"])
def test_an_age_range_that_makes_no_sense_is_turned_down(text: str) -> None:
    with pytest.raises(InputCannotBeUsed, match="0-5"):
        AgeRange.parse(text)


def test_an_age_range_is_written_as_it_was_read() -> None:
    assert str(AgeRange.parse("0-5")) == "0-5"


@pytest.mark.parametrize(("municipality", "paths", "sentence"), [("301", (Path("a"),), "fire siffer"), ("0301", (), "registerfil")])
def test_a_request_that_cannot_be_run_is_turned_down(municipality: str, paths: tuple[Path, ...], sentence: str) -> None:
    with pytest.raises(InputCannotBeUsed, match=sentence):
        Request(register_paths=paths, journals_path=Path("j"), municipality=municipality, on=date(2026, 11, 21), out=Path("o"))


def test_the_sentence_of_a_refusal_is_its_text() -> None:
    assert str(InputCannotBeUsed("Fila er tom.")) == InputCannotBeUsed("Fila er tom.").sentence == "Fila er tom."
