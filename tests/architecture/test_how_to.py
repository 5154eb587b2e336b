"""What the how-to pages say to type are commands there are, and what they point at is there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from fjorten.cli.main import COMMANDS, parser_of
from fjorten.config.settings import SETTINGS

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = sorted((ROOT / "docs" / "how-to").glob("*.md"))


def typed(page: Path) -> Iterator[list[str]]:
    """Every `fjorten ...` in a block of shell, as the shell would split it."""
    for block in re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|<>")
            lexer.whitespace_split = True
            words: list[str] = []
            for word in [*lexer, ";"]:
                if set(word) <= set(";&|<>"):
                    if words[:1] == ["fjorten"]:
                        yield words[1:]
                    words = []
                else:
                    words.append(word)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_is_typed_are_commands_there_are_with_options_they_take(page: Path) -> None:
    commands = list(typed(page))
    assert commands
    for name, *options in commands:
        assert name in COMMANDS
        parser_of(name).parse_args(options)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_settings_files_and_pages_that_are_named_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    names = set(re.findall(r"\b(?:FJORTEN_[A-Z_]*[A-Z]|DATABASE_URL)\b(?!_)", text))
    assert not [name for name in names if name not in SETTINGS and not any(setting.startswith(f"{name}_") for setting in SETTINGS)]
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (page.parent / link).exists(), link
    for file in re.findall(r"deploy/[\w./-]+\w", text):
        assert (ROOT / file).exists(), file


def test_a_command_is_found_behind_others_and_in_front_of_a_comment(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        '```sh\ncd x && fjorten a "b c"; echo $?   # fjorten no\nls fjorten\n  fjorten d \\\n  --e\n```\n`fjorten f`\n', encoding="utf-8"
    )
    assert list(typed(page)) == [["a", "b c"], ["d", "--e"]]
