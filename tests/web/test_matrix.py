"""
What every address gives every role of every kind of child: the running pages are asked whether they do as docs/reference/access_matrix.md says.

Each address is asked by one of the roles that may ask and one that may not, in turn. The long run asks on behalf of all, about all.
"""

import os
from collections import Counter
from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tools.pages.matrix import ABOUT_A_CHILD, OTHERS, Given, Kind, Row, rows

from fjorten.access.permissions import Role
from fjorten.organisation.models import Municipality
from tests.web.everybody import Everybody, everybody_in

MATRIX = list(rows())
# Which of a child's rows a page is about, where its address does not say: the first that it can be about. Pages ask for what they know.
WHICH = "?entry=2&answer=1&assessment=1&step=4&asker=guardian"
# Forms name a row by its number: one that is nobody's is refused in words to whoever may see the child.
FORM = {"appointment": "999999", "number": "999999"}
ALL = os.environ.get("FJORTEN_LONG_RUN") == "1"


@pytest.fixture
def world(municipality: Municipality, clock: time_machine.Traveller) -> Everybody:
    return everybody_in(municipality)


def asked(browser: Client, row: Row, method: str, world: Everybody, kind: Kind = Kind.OWN) -> Given | int:
    """What a role is given; for a page that is shown or a form that is taken: shown. Nothing that is done stays done."""
    child = world.children[kind].public_id
    address = reverse(
        str(row.pattern.name), kwargs={name: child if name in ABOUT_A_CHILD else OTHERS[name] for name in row.pattern.pattern.converters}
    )
    address += WHICH
    point = transaction.savepoint()
    answer = browser.get(address) if method == "GET" else browser.post(address, FORM)
    transaction.savepoint_rollback(point)
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith(reverse("sign_in"))
    if to_sign_in or answer.status_code >= 500:
        return answer.status_code
    return {403: Given.REFUSED, 404: Given.ABSENT}.get(answer.status_code, Given.SHOWN)


def questions(row: Row, nth: int) -> Iterator[tuple[Role, str, Kind]]:
    """
    Whom to ask an address on behalf of, how, and about which child. In the short run one role in turn: about every kind of child that is to
    seem not to be there, one kind that is refused and one that is shown; and with a form, one that is not shown.
    """
    if ALL:
        yield from ((role, method, kind) for role in row.roles for method in row.methods for kind in row.kinds)
        return
    role = row.roles[nth % len(row.roles)]
    by_answer = {given: [kind for kind in row.kinds if row.kinds[kind] is given] for given in Given}
    in_turn = [kinds[nth % len(kinds)] for given, kinds in by_answer.items() if kinds and given is not Given.ABSENT]
    yield from ((role, row.methods[0], kind) for kind in [*by_answer[Given.ABSENT], *in_turn])
    yield from ((role, method, by_answer[Given.ABSENT][nth % len(by_answer[Given.ABSENT])]) for method in row.methods[1:])


def test_the_pages_do_as_the_matrix_says(world: Everybody) -> None:
    differing = [
        (row.pattern.name, method, role.value, kind.value, found)
        for nth, row in enumerate(row for row in MATRIX if row.kinds)
        for role, method, kind in questions(row, nth)
        if (found := asked(world.browsers[role], row, method, world, kind)) is not row.kinds[kind]
    ]
    assert differing == [], differing


def test_a_role_that_stands_at_no_row_of_an_address_is_refused(world: Everybody) -> None:
    able: dict[str, set[Role]] = {}
    for row in MATRIX:
        able.setdefault(str(row.pattern.name), set()).update(row.roles)
    for nth, row in enumerate(MATRIX):
        unable = [role for role in Role if role not in able[str(row.pattern.name)]]
        for role in unable if ALL else unable[nth % max(1, len(unable)) :][:1]:
            assert asked(world.browsers[role], row, row.methods[-1], world) is Given.REFUSED, (row.pattern.name, role)


def test_every_answer_there_is_stands_in_the_matrix() -> None:
    given = Counter(given for row in MATRIX for given in row.kinds.values())
    assert set(given) == set(Given)
    assert {role for row in MATRIX for role in row.roles} == set(Role)
