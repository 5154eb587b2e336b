"""Who comes through the gate: every address says what it needs, and who has not got it is turned away and written down."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from fjorten.access.actions import close_account
from fjorten.access.permissions import GRANTS, Permission, Role
from fjorten.audit.models import AuditEvent
from fjorten.organisation.models import Municipality
from fjorten.web.addresses import urlpatterns
from fjorten.web.edge import IDLE, LONGEST
from fjorten.web.gate import EVERYBODY, SIGNED_IN, AddressHasNoGate, Gate
from fjorten.web.headers import HEADERS
from tests.factories.clinic import AT, LEADER, StaffedClinic
from tests.web.at_work import an_account, signed_in, text_of
from tests.web.conftest import NOW

ADDRESSES: list[URLPattern] = list(urlpatterns)
SAMPLE = {
    "day": "2026-04-06",
    "public_id": "00000000-0000-4000-8000-000000000000",
    "number": 1,
    "letter": 2,
    "kind": "invitation",
    "channel": "sms",
    "language": "ar",
}


def address_of(pattern: URLPattern) -> str:
    return reverse(str(pattern.name), kwargs={name: SAMPLE[name] for name in pattern.pattern.converters})


def test_no_address_of_the_installation_is_outside_the_list() -> None:
    found = [pattern for included in get_resolver().url_patterns for pattern in included.url_patterns]
    assert found == ADDRESSES


@pytest.mark.parametrize("pattern", ADDRESSES, ids=lambda pattern: pattern.name)
def test_every_address_says_what_it_needs(pattern: URLPattern) -> None:
    assert pattern.callback.needs in {EVERYBODY, SIGNED_IN, *Permission}


def test_a_view_that_says_nothing_is_shown_to_nobody(rf: object) -> None:
    gate = Gate(lambda request: pytest.fail("shown"))
    with pytest.raises(AddressHasNoGate):
        gate.process_view(rf.get("/"), lambda request: pytest.fail("shown"), (), {})  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", ADDRESSES, ids=lambda pattern: pattern.name)
def test_nobody_comes_in_without_signing_in(pattern: URLPattern) -> None:
    for answer in (Client().get(address_of(pattern)), Client().post(address_of(pattern))):
        open_page = pattern.callback.needs is EVERYBODY
        assert open_page or (answer.status_code == 302 and answer["Location"].startswith(reverse("sign_in")))


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", ADDRESSES, ids=lambda pattern: pattern.name)
def test_every_answer_has_the_strict_headers_and_is_kept_by_nobody(pattern: URLPattern) -> None:
    for answer in (Client().get(address_of(pattern)), Client().post(address_of(pattern))):
        assert {name: answer.get(name) for name in HEADERS} == HEADERS
        assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("role", Role)
def test_who_lacks_the_permission_is_turned_away_and_it_is_written_down(
    role: Role, here: StaffedClinic, clock: time_machine.Traveller
) -> None:
    browser = signed_in(an_account(here.municipality, role), at=NOW)
    for pattern in ADDRESSES:
        needs = pattern.callback.needs
        if needs in {EVERYBODY, SIGNED_IN} or needs in GRANTS[role]:
            continue
        before = AuditEvent.objects.filter(kind="refused").count()
        assert browser.get(address_of(pattern)).status_code == 403, pattern.name
        [refusal] = AuditEvent.objects.filter(kind="refused").order_by("seq")[before:]
        assert (refusal.action, refusal.role, refusal.detail["page"]) == ("page.refused", role, pattern.name)


class TestASession:
    def test_left_alone_too_long_it_ends(self, municipality: Municipality, clock: time_machine.Traveller) -> None:
        browser = signed_in(an_account(municipality, Role.CLERK), at=NOW)
        clock.shift(IDLE)
        assert browser.get("/today/").status_code == 200
        clock.shift(IDLE + timedelta(seconds=1))
        assert browser.get("/today/").status_code == 302

    def test_after_ten_hours_it_ends_however_busy(self, municipality: Municipality, clock: time_machine.Traveller) -> None:
        user = an_account(municipality, Role.CLERK)
        assert signed_in(user, at=NOW - LONGEST, seen_at=NOW).get("/today/").status_code == 200
        assert signed_in(user, at=NOW - LONGEST - timedelta(seconds=1), seen_at=NOW).get("/today/").status_code == 302

    def test_an_account_that_is_closed_is_out_on_its_next_request(self, municipality: Municipality, clock: time_machine.Traveller) -> None:
        user = an_account(municipality, Role.CLERK)
        browser = signed_in(user, at=NOW)
        assert browser.get("/today/").status_code == 200
        close_account(user=user, by=LEADER, at=AT)
        assert browser.get("/today/").status_code == 302


def test_a_form_without_the_token_of_its_page_is_told_so_and_changes_nothing(
    municipality: Municipality, clock: time_machine.Traveller
) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = signed_in(an_account(municipality, Role.CLERK), at=NOW).cookies
    answer = careful.post("/reception/", {"appointment": "1", "do": "arrived"})
    assert answer.status_code == 403
    assert "Skjemaet kunne ikke tas imot" in text_of(answer.content)
