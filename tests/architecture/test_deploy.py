"""The files an installation is set up with: read by their own program where it is there, and naming only commands there are."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from fjorten.cli.main import COMMANDS, parser_of
from fjorten.config.settings import SETTINGS

DEPLOY = Path(__file__).resolve().parent.parent.parent / "deploy"
UNITS = sorted(path for path in (DEPLOY / "systemd").iterdir() if path.suffix in {".service", ".timer"})
PROGRAM = "/opt/fjorten/bin/fjorten "


class _Unit(configparser.RawConfigParser):
    def optionxform(self, optionstr: str) -> str:
        return optionstr


def read(unit: Path) -> _Unit:
    parser = _Unit(delimiters=("=",), comment_prefixes=("#",), strict=True)
    parser.read_string(unit.read_text(encoding="utf-8"))
    return parser


def commands_in(text: str) -> list[list[str]]:
    return [found.split() for found in re.findall(rf"{PROGRAM}([^>\n]+)", text)]


def test_there_are_pages_a_night_a_watch_a_worker_and_a_backup() -> None:
    assert [unit.name for unit in UNITS] == [
        "fjorten-backup.service",
        "fjorten-backup.timer",
        "fjorten-nightly.service",
        "fjorten-nightly.timer",
        "fjorten-status.service",
        "fjorten-status.timer",
        "fjorten-worker.service",
        "fjorten.service",
    ]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_has_its_sections_and_says_what_it_is(unit: Path) -> None:
    sections = read(unit)
    assert sections["Unit"]["Description"].startswith("fjorten: ")
    assert sections.has_section(unit.suffix[1:].capitalize())
    if unit.suffix == ".timer":
        assert unit.with_suffix(".service").is_file()
        assert sections["Timer"]["OnCalendar"].endswith(" Europe/Oslo")
        assert sections["Install"]["WantedBy"] == "timers.target"


@pytest.mark.parametrize("file", [*UNITS, DEPLOY / "cron" / "fjorten"], ids=lambda file: file.name)
def test_what_is_run_are_commands_there_are_with_options_they_take(file: Path) -> None:
    commands = commands_in(file.read_text(encoding="utf-8"))
    assert commands or file.suffix == ".timer"
    for name, *options in commands:
        assert name in COMMANDS
        parser_of(name).parse_args(options)


def test_cron_does_what_systemd_does_but_for_the_pages() -> None:
    cron = commands_in((DEPLOY / "cron" / "fjorten").read_text(encoding="utf-8"))
    systemd = [command for unit in UNITS for command in commands_in(unit.read_text(encoding="utf-8"))]
    assert {command[0] for command in cron} == {"backup", "nightly", "status", "worker"}
    assert {command[0] for command in systemd} == {"backup", "nightly", "serve", "status", "worker"}


def test_the_server_in_front_asks_where_the_pages_are_and_tells_nobody_what_was_searched_for() -> None:
    text = (DEPLOY / "nginx" / "fjorten.conf").read_text(encoding="utf-8")
    assert f"proxy_pass http://127.0.0.1:{parser_of('serve').get_default('port')};" in text
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in text
    log_format = re.findall(r"log_format (.+);", text)[0]
    assert {"$request ", "$request_uri", "$args", "$query_string", "$http_referer"} & set(re.findall(r"\$\w+ ?", log_format)) == set()
    assert re.findall(r"access_log (.+);", text) == ["off", "/var/log/nginx/fjorten.log fjorten"]


def test_the_example_of_an_environment_names_settings_there_are_and_no_password() -> None:
    lines = (DEPLOY / "systemd" / "environment.example").read_text(encoding="utf-8").splitlines()
    named = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    assert named <= set(SETTINGS)
    assert not [name for name in named if "PASSWORD" in name]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
def test_systemd_itself_finds_no_fault(tmp_path: Path) -> None:
    program = tmp_path / "fjorten"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace(PROGRAM.strip(), str(program))
        (tmp_path / unit.name).write_text(text.replace("User=fjorten\n", ""), encoding="utf-8")
    files = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, check=False)
    told = [line for line in done.stderr.splitlines() if "fjorten" in line]
    assert (done.returncode, told) == (0, []), done.stderr
    for moment in [read(unit)["Timer"]["OnCalendar"] for unit in UNITS if unit.suffix == ".timer"]:
        assert subprocess.run(["systemd-analyze", "calendar", moment], capture_output=True, check=False).returncode == 0
