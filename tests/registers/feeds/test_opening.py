from __future__ import annotations

from pathlib import Path

import pytest

from fjorten.registers.feeds.credentials import BearerToken, NoCredentials
from fjorten.registers.feeds.directory import DirectorySource
from fjorten.registers.feeds.endpoints import is_on_this_machine, root_of
from fjorten.registers.feeds.http import HttpSource
from fjorten.registers.feeds.opening import open_source
from fjorten.registers.feeds.source import FeedCannotBeRead
from fjorten.simulation.register_answers import RegisterData
from fjorten.simulation.register_server import RegisterServer
from tests.registers.feeds.material import folder, row, sequences

USUAL = "https://freg.example/folkeregisteret/offentlig-med-hjemmel/api/v1"


@pytest.mark.parametrize(
    "address",
    [
        USUAL,
        f"{USUAL}/",
        f"{USUAL}/hendelser/feed?seq=1",
        "https://freg.example",
        "HTTPS://freg.example/",
        "https://freg.example/folkeregisteret/offentlig-med-hjemmel/api",
    ],
)
def test_an_address_is_understood_as_people_paste_it(address: str) -> None:
    assert root_of(address) == USUAL


def test_another_service_keeps_its_own_path() -> None:
    assert root_of("https://nhn.example/person/v3") == "https://nhn.example/person/v3"
    assert root_of("https://nhn.example/person/") == "https://nhn.example/person"
    assert root_of("http://localhost:8123/x") == "http://localhost:8123/x"


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("http://freg.example/", "https"),
        ("ftp://freg.example/", "https"),
        ("https:///v1", "vertsnavn"),
        ("https://kari:hemmelig@freg.example/", "passord"),
        ("https://freg.example:port/", "ikke gyldig"),
        ("https://[freg/", "ikke gyldig"),
    ],
)
def test_an_address_that_will_not_do_is_explained(address: str, part: str) -> None:
    with pytest.raises(FeedCannotBeRead, match=part) as refused:
        open_source(address)
    assert "hemmelig" not in refused.value.sentence


def test_only_loopback_is_this_machine() -> None:
    assert is_on_this_machine("http://127.0.0.1:8000/x")
    assert is_on_this_machine("http://[::1]:8000/x")
    assert not is_on_this_machine(USUAL)


def test_a_folder_and_an_address_open_the_same_feed(tmp_path: Path) -> None:
    rows = [row(1), row(2)]
    with open_source(str(folder(tmp_path, feed=rows))) as source:
        assert isinstance(source, DirectorySource)
        assert sequences(source) == [1, 2]
    with RegisterServer(RegisterData.of(rows, {})) as server, open_source(server.url) as source:
        assert isinstance(source, HttpSource)
        assert sequences(source) == [1, 2]


def test_a_file_instead_of_its_folder_is_explained(tmp_path: Path) -> None:
    folder(tmp_path)
    with pytest.raises(FeedCannotBeRead, match=r"er en fil\. Oppgi mappen"):
        open_source(str(tmp_path / "feed.jsonl"))
    with pytest.raises(FeedCannotBeRead, match="Finner ikke mappen"):
        open_source(str(tmp_path / "borte"))


def test_credentials_add_what_they_should() -> None:
    assert NoCredentials().headers(method="GET", url=USUAL) == {}
    assert not NoCredentials().after_refusal({})
    tokens = iter(["a", "b"])
    bearer = BearerToken(lambda: next(tokens))
    assert [bearer.headers(method="GET", url=USUAL) for _ in range(2)] == [{"Authorization": "Bearer a"}, {"Authorization": "Bearer b"}]
    assert bearer.after_refusal({})
