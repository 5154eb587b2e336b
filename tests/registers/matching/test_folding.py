"""The fold in the database is the kernel's fold, letter for letter."""

from __future__ import annotations

import unicodedata

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fjorten.kernel.names import fold
from fjorten.registers.matching.folding import ALPHABET, create_folded_names, sound_of

_NAMES = st.text(alphabet=st.sampled_from(ALPHABET), max_size=12)
_ANY_TEXT = st.one_of(_NAMES, st.text(max_size=8), _NAMES.map(lambda name: unicodedata.normalize("NFD", name)))


def _folded(texts: list[str]) -> dict[str, str | None]:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE written AS SELECT unnest($texts::VARCHAR[]) AS name", {"texts": texts})
        create_folded_names(connection, table="name", sources=[("written", "name")])
        return dict(connection.execute("SELECT raw, folded FROM name").fetchall())


def _kernels(texts: list[str]) -> dict[str, str | None]:
    return {text: fold(text) or None for text in texts}


def test_every_letter_of_the_alphabet_is_folded_as_by_the_kernel_alone_and_between_others() -> None:
    texts = [text for letter in ALPHABET for text in (letter, f"a{letter}n", f"{letter}{letter}", unicodedata.normalize("NFD", letter))]
    assert _folded(texts) == _kernels(texts)


@pytest.mark.parametrize(
    "text", ["Мария", "مريم", "İsmail", "Groß", "Þórdís", "ǽ", "ǿ", "Ǻsa", "a\u0301\u0323", "Kari\tAnne", "O\u2010Brien", "ﬁn", ""]
)
def test_what_is_outside_the_alphabet_is_folded_by_the_kernel(text: str) -> None:
    assert _folded([text, "Åse"]) == _kernels([text, "Åse"])


@given(st.lists(_ANY_TEXT.filter(lambda text: "\x00" not in text), min_size=30, max_size=60))
@settings(max_examples=20, deadline=None)
def test_any_texts_are_folded_as_by_the_kernel(texts: list[str]) -> None:
    assert _folded(texts) == _kernels(texts)


@pytest.mark.parametrize(
    "spellings",
    [
        "Mohammed Muhammad Mohamed Mahamed Muhammed",
        "Khadija Hadija",
        "Yuliia Julia Iuliia",
        "Shevchenko Sjevtsjenko",
        "Christoffer Kristofer Kristoffer",
        "Oleksandr Aleksander Alexander",
        "Rikke Ricke",
        "Yousef Josef Yusuf",
        "Filip Philip Phillip",
    ],
)
def test_spellings_of_one_name_sound_alike(spellings: str) -> None:
    assert len(_sounds([fold(name) for name in spellings.split()])) == 1


def test_different_names_do_not_all_sound_alike() -> None:
    assert len(_sounds(["emma", "ella", "jonas", "jakob", "hansen", "olsen"])) == 6


def _sounds(names: list[str]) -> set[str]:
    with duckdb.connect() as connection:
        rows = connection.execute(f"SELECT {sound_of('name')} FROM (SELECT unnest($names::VARCHAR[]) AS name)", {"names": names}).fetchall()
        return {sound for (sound,) in rows}
