"""
Nothing that is protected comes out anywhere: every field of every kind of child holds a word of its own (a canary), and everybody goes
through all pages they can reach, by links, lists, search and error pages; the night writes its messages, and the command line its lists.

What a role may see is what the policy says (tools.pages.matrix); each canary that may be seen by somebody is found by them, so that a crawl
that sees nothing fails.
"""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import resolve, reverse
from tools.pages.matrix import OTHERS, Given, Kind, rows, what_is_given

from fjorten.access.permissions import GRANTS, Permission, Role
from fjorten.appointments.actions.booking import book
from fjorten.cli.main import main as fjorten
from fjorten.messages.models import Attempt, ContactTask
from fjorten.nightly.actions import run_night
from fjorten.organisation.actions import tell_where_clinic_is
from fjorten.organisation.models import Municipality
from fjorten.plans.models import PlannedStep
from tests.factories.clinic import AT, CLERK
from tests.factories.night import a_night
from tests.web.conftest import NOW
from tests.web.everybody import PROTECTED, Everybody, everybody_in

# What only those who weigh a concern may read, and what no page shows anybody.
OF_CONCERN = {"note", "grounds"}
NEVER_SHOWN = {"guardians_number"}
# What those who may see a child may be shown, but need not be: it is in letters.
IN_LETTERS = {"street"}
# Those who see the most of children go through everything they can reach, in the short run one who reads journals; the others through lists
# and the children's own pages.
FAR = (Role.NURSE, Role.CLERK, Role.LEADER) if os.environ.get("FJORTEN_LONG_RUN") == "1" else (Role.NURSE,)


# What the command line lists: to whoever runs the installation, who sees no child.
LISTS = (
    ["work"],
    ["cases"],
    ["appointments", "--on", "2026-04-09"],
    ["messages"],
    ["ledger", "--rows"],
    ["account"],
    ["staff"],
    ["status"],
)


@pytest.fixture
def world(municipality: Municipality, clock: time_machine.Traveller) -> Everybody:
    return everybody_in(municipality)


def may_read(role: Role, kind: Kind, field: str) -> bool:
    """Whether a role may read a field of a kind of child."""
    if field in NEVER_SHOWN or Permission.SEE_CHILDREN not in GRANTS[role]:
        return False
    if field in OF_CONCERN and Permission.ASSESS_CONCERN not in GRANTS[role]:
        return False
    return what_is_given("child", role, kind) is Given.SHOWN


def found_in(text: str, world: Everybody) -> set[tuple[Kind, str]]:
    """Which canaries stand in a text, however it is spaced and cased."""
    plain = re.sub(r"\s|&nbsp;", "", unescape(text)).casefold()
    return {(kind, field) for kind, words in world.canaries.items() for field, word in words.items() if word.casefold() in plain}


def crawled(world: Everybody, role: Role) -> Iterator[tuple[str, str]]:
    """Go through what a role can reach: every address without arguments, every child's own page, and far enough along the links."""
    browser = world.browsers[role]
    addresses = {row.pattern.name: row for row in rows() if "GET" in row.methods and not set(row.pattern.pattern.converters) - set(OTHERS)}
    waiting = [reverse(str(name), kwargs={key: OTHERS[key] for key in row.pattern.pattern.converters}) for name, row in addresses.items()]
    waiting += [reverse("child", args=[child.public_id]) for child in world.children.values()]
    seen: set[Any] = set()
    while waiting:
        address = waiting.pop(0)
        match = resolve(address.partition("?")[0])
        what = (match.view_name, match.kwargs.get("public_id"), address.partition("?")[2] and "?")
        if what in seen or match.view_name == "sign_out":
            continue
        seen.add(what)
        answer = browser.get(address, follow=True)
        page = answer.content.decode()
        yield address, page
        if role in FAR:
            waiting += [unescape(link) for link in re.findall(r'href="(/[^"#]*)', page) if not link.startswith("/static/")]


def leaks(told: Iterator[tuple[str, str]], world: Everybody, role: Role) -> tuple[list[Any], set[tuple[Kind, str]]]:
    """What came out that the role may not read, and all it could read."""
    leaking, read = [], set()
    for where, text in told:
        found = found_in(text, world)
        read |= found
        leaking += [(role.value, where, kind.value, field) for kind, field in sorted(found) if not may_read(role, kind, field)]
    return leaking, read


@pytest.mark.parametrize("role", FAR)
def test_nobody_reads_what_is_not_theirs_however_far_they_go(role: Role, world: Everybody) -> None:
    leaking, read = leaks(crawled(world, role), world, role)
    assert leaking == []
    expected = {(kind, field) for kind in Kind for field in {*world.canaries[kind]} - IN_LETTERS if may_read(role, kind, field)}
    assert read == expected


def test_nobody_reads_what_is_not_theirs_on_lists_and_childrens_own_pages(world: Everybody) -> None:
    for role in set(Role) - set(FAR):
        leaking, _ = leaks(crawled(world, role), world, role)
        assert leaking == [], role


def test_search_finds_nobody_who_is_not_theirs(world: Everybody) -> None:
    def searched(role: Role, field: str) -> Iterator[tuple[str, str]]:
        for kind, words in world.canaries.items():
            answer = world.browsers[role].post(reverse("search"), {"q": words[field]}, follow=True).content.decode()
            # What was asked is said back, which is no answer; and who has the whole number of a child that is refused knows who it is.
            told = answer.replace(words[field], "").replace(words[field].title(), "")
            if field == "number" and what_is_given("child", role, kind) is Given.REFUSED:
                told = re.sub(f"{words['given']}|{words['family']}", "", told, flags=re.IGNORECASE)
            yield f"search {kind} {field}", told

    for role, fields in {Role.NURSE: ("given", "number"), Role.CLERK: ("guardians_number",)}.items():
        leaking, read = [], set()
        for field in fields:
            more = leaks(searched(role, field), world, role)
            leaking += more[0]
            read |= more[1]
        assert leaking == []
        assert {(Kind.OWN, "family"), (Kind.NAMED, "family")} <= read


def test_error_pages_tell_of_nobody(world: Everybody) -> None:
    browser = world.browsers[Role.NURSE]
    browser.raise_request_exception = False
    for kind, child in world.children.items():
        careful = Client(enforce_csrf_checks=True)
        careful.cookies = browser.cookies
        at = reverse("break_glass", args=[child.public_id])
        for answer in (
            careful.post(at),
            browser.post(at, {"code": "acute", "reason": "kort"}),
            browser.get(f"/child/{child.public_id}/x/"),
        ):
            assert answer.status_code in {403, 404, 422}
            assert found_in(answer.content.decode(), world) == set(), (kind, answer.status_code)


@pytest.mark.usefixtures("signing_key")
def test_neither_the_night_nor_the_command_line_tells_of_a_protected_child(
    world: Everybody, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here, hidden = world.here, {Kind.NAMED, Kind.SECRET, Kind.FOREIGN}
    tell_where_clinic_is(clinic=here.clinic, telephone="+4700990000", visiting_address="Torget 1, Fjordvik", by=CLERK, at=AT)
    for nth, kind in enumerate((Kind.OWN, Kind.NAMED, Kind.SECRET)):
        step = PlannedStep.objects.get(enrolment__person=world.children[kind], step="C05_M4")
        book(planned_step=step, slot=here.slot(f"2026-04-09 1{nth}:00"), by=CLERK, at=NOW - timedelta(days=14))
    run_night(night=a_night(here, tmp_path, at=NOW, register=None))
    sent = "\n".join(f"{path.name}\n{path.read_text(encoding='utf-8')}" for path in (tmp_path / "outbox").rglob("*") if path.is_file())
    told = found_in(sent, world)
    assert (Kind.OWN, "telephone") in told
    assert {kind for kind, _ in told} & hidden == set()
    assert not Attempt.objects.filter(message__person__in=[world.children[kind].pk for kind in hidden]).exists()
    by_hand = {kind for kind in PROTECTED if ContactTask.objects.filter(person=world.children[kind]).exists()}
    assert by_hand == PROTECTED  # hidden, and never lost
    for command in LISTS:
        fjorten([*command, "--municipality", "9901"])
        listed = capsys.readouterr()
        assert listed.out, command
        assert found_in(listed.out + listed.err, world) == set(), command
