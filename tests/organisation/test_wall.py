"""
The wall between municipalities, tried as the application's own role on PostgreSQL: what is seen, what is refused, what cannot be switched
off, and that nothing that was told is there for the next who asks.
"""

import contextlib
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test import Client, override_settings
from django.urls import reverse
from tools.pages.matrix import Kind

from fjorten.appointments.actions.booking import book
from fjorten.appointments.models import Appointment
from fjorten.audit.models import AuditHead
from fjorten.cli.main import main as fjorten
from fjorten.config.wall import walls
from fjorten.ledger.signing import ensure_key
from fjorten.nightly.models import Run
from fjorten.organisation.actions import open_municipality
from fjorten.organisation.models import Clinic, Municipality
from fjorten.organisation.wall import over_all, within
from fjorten.people.models import Person
from fjorten.plans.actions.enrolment import enrol
from fjorten.plans.models import PlannedStep
from fjorten.programme.definitions import child_programme
from tests.approle import APP, connected_as, make_roles
from tests.databases import database_of_its_own
from tests.factories.access import PASSWORD, an_account
from tests.factories.clinic import AT, CLERK
from tests.web.conftest import NOW
from tests.web.everybody import Everybody, everybody_in

pytestmark = [
    pytest.mark.usefixtures("the_application"),
    pytest.mark.skipif("postgres" not in os.environ.get("DATABASE_URL", ""), reason="SQLite has no row-level security"),
]
WALLED: list[type[models.Model]] = [apps.get_model(name) for name in walls()]
READ_BY_ALL = {apps.get_model(name) for name, walled in walls().items() if walled.is_read_by_all}
OWNER: list[str] = []


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everybody]:
    """A database of this module's own, with work in two municipalities, the two roles, and a night run as the application's."""
    settings, home = override_settings(HOME=tmp_path_factory.mktemp("home")), connection.settings_dict["USER"]
    OWNER.append(home)
    with django_db_blocker.unblock(), database_of_its_own(), settings, time_machine.travel(NOW, tick=False):
        ensure_key()
        world = everybody_in(open_municipality(code="9901", name="Prøvekommunen", by=CLERK, at=AT))
        for there, kind in ((world.here, Kind.OWN), (world.neighbours, Kind.FOREIGN)):
            login = f"kari.{there.municipality.code}"
            an_account(there.municipality, login, employee=there.nurse, clinics=[there.clinic], has_password=True)
            step = step_of(world.children[kind], "C05_M4")
            book(planned_step=step, slot=there.slot("2026-04-09 09:00"), by=CLERK, at=NOW - timedelta(days=3))
        make_roles()
        with connected_as(APP):
            assert fjorten(["nightly"]) in {0, 1}
        yield world


@pytest.fixture
def the_application(world: Everybody) -> Iterator[None]:
    with connected_as(APP), time_machine.travel(NOW, tick=False):
        yield


def step_of(child: Person, code: str) -> PlannedStep:
    return PlannedStep.objects.get(enrolment__person=child, step=code)


def municipality(code: str) -> Municipality:
    return Municipality.objects.get(code=code)


def counted() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in WALLED if model not in READ_BY_ALL}


def told() -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('fjorten.municipality', true), ''), "
            "coalesce(current_setting('fjorten.municipality_code', true), ''), coalesce(current_setting('fjorten.over_all', true), '')"
        )
        found: tuple[str, str, str] = cursor.fetchone()
    return found


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_role_is_one_that_walls_hold_and_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (APP, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)


def test_every_table_with_a_municipalitys_rows_is_walled_and_forced_in_the_database_too() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity AND relforcerowsecurity "
            "AND EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'wall' AND polwithcheck IS NOT NULL)"
        )
        assert {table for (table,) in cursor.fetchall()} == {model._meta.db_table for model in WALLED}


def test_before_anything_is_told_nothing_is_seen() -> None:
    assert set(counted().values()) == {0}


def test_each_municipality_sees_its_own_and_together_they_see_all() -> None:
    with over_all("test"):
        everything = counted()
    with within(municipality("9901")):
        ours = counted()
        assert set(Person.objects.values_list("municipality__code", flat=True)) == {"9901"}
        assert not Appointment.objects.filter(municipality=municipality("9902")).exists()
    with within(municipality("9902")):
        theirs = counted()
    assert {label: ours[label] + theirs[label] for label in everything} == everything
    assert len([label for label in everything if everything[label]]) > 35


def test_a_row_for_another_municipality_is_refused_in_every_table() -> None:
    """Of every table that has a row: written again by the other municipality, it is refused before anything else is asked of it."""
    tried = set()
    for model in WALLED:
        for theirs, ours in (("9901", "9902"), ("9902", "9901")):
            with within(municipality(theirs)):
                row = model._default_manager.order_by("pk").last() if model not in READ_BY_ALL else municipality(theirs)
            if row is None or not isinstance(row, model):
                continue
            with within(municipality(ours)), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                model._default_manager.bulk_create([row])
            tried.add(model._meta.label)
    assert len(tried) > 35


def test_a_row_cannot_be_given_away_or_taken(world: Everybody) -> None:
    theirs = world.children[Kind.FOREIGN]
    with within(municipality("9901")):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            Clinic.objects.update(municipality=municipality("9902"))
        assert Municipality.objects.filter(code="9902").update(name="Tatt") == 0
        assert Person.objects.filter(pk=theirs.pk).update(given_name="Tatt") == 0
        assert Person.objects.filter(pk=world.children[Kind.OWN].pk).update(given_name="Zqgivena") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE people_person DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE people_person NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY wall ON people_person",
        "CREATE POLICY open ON people_person USING (true)",
        "ALTER TABLE people_person OWNER TO CURRENT_USER",
        "TRUNCATE people_person CASCADE",
        "SET ROLE fjorten",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
        "SET row_security = off; SELECT count(*) FROM people_person",
        "COPY people_person (born_on) FROM STDIN",
        "CREATE TABLE public.mine (id int)",
    ],
)
def test_the_application_cannot_switch_it_off(statement: str) -> None:
    with pytest.raises(DatabaseError):
        execute(statement)
    execute("RESET row_security")


class TestWhatIsTold:
    def test_it_is_gone_after_the_block_also_when_something_goes_wrong_in_it(self) -> None:
        for trouble in (contextlib.nullcontext(), contextlib.suppress(ZeroDivisionError)):
            with trouble, within(municipality("9901")):
                assert told()[1] == "9901"
                if isinstance(trouble, contextlib.suppress):
                    raise ZeroDivisionError
            assert told() == ("", "", "")

    def test_blocks_inside_each_other_are_taken_back_one_by_one(self) -> None:
        with within(municipality("9901")):
            with over_all("test"):
                assert told() == ("", "", "on")
            assert told()[1:] == ("9901", "")
            with within(municipality("9902")):
                assert told()[1:] == ("9902", "")
            assert told()[1:] == ("9901", "")

    def test_a_transaction_that_fails_inside_or_around_leaves_nothing_behind(self) -> None:
        with within(municipality("9901")):
            with pytest.raises(DatabaseError), transaction.atomic():
                execute("SELECT 1/0")
            assert told()[1] == "9901"
        with pytest.raises(DatabaseError), transaction.atomic(), within(municipality("9901")):
            execute("SELECT 1/0")
        assert told() == ("", "", "")
        with pytest.raises(DatabaseError), transaction.atomic():
            with within(municipality("9901")), pytest.raises(ZeroDivisionError), transaction.atomic(), within(municipality("9902")):
                raise ZeroDivisionError
            assert told() == ("", "", "")
            execute("SELECT 1/0")
        assert told() == ("", "", "")

    def test_a_new_connection_in_the_middle_is_told_the_same(self) -> None:
        with within(municipality("9901")):
            connection.close()
            assert Person.objects.exists()
        connection.close()
        assert told() == ("", "", "")

    def test_a_connection_somebody_left_something_in_is_told_anew_when_it_is_taken_out_of_a_pool(self) -> None:
        execute("SELECT set_config('fjorten.over_all', 'on', false)")
        from fjorten.organisation.wall import tell_new_connection

        tell_new_connection(connection)
        assert told() == ("", "", "")


class TestThePages:
    def signed_in(self, code: str) -> Client:
        browser = Client()
        answer = browser.post(reverse("sign_in"), {"name": f"kari.{code}", "password": PASSWORD})
        assert (answer.status_code, answer["Location"]) == (302, "/")
        return browser

    def test_somebody_signs_in_finds_their_children_and_nobody_elses(self, world: Everybody) -> None:
        browser, word = self.signed_in("9901"), world.canaries[Kind.OWN]["family"].title()
        for address in ("/today/", "/today/2026-04-09/", "/worklist/", "/register/", f"/child/{world.children[Kind.OWN].public_id}/"):
            answer = browser.get(address)
            assert answer.status_code == 200, address
            assert told() == ("", "", "")
        assert word in answer.content.decode()
        assert word in browser.get("/today/2026-04-09/").content.decode()
        assert word in browser.post("/search/", {"q": "Zqgivena"}).content.decode()
        assert browser.get(f"/child/{world.children[Kind.FOREIGN].public_id}/").status_code == 404
        assert self.signed_in("9902").get(f"/child/{world.children[Kind.FOREIGN].public_id}/").status_code == 200

    def test_a_form_is_taken_and_leaves_nothing_behind_when_it_fails(self, world: Everybody) -> None:
        browser, own = self.signed_in("9901"), world.children[Kind.OWN]
        browser.raise_request_exception = False
        answer = browser.post(f"/child/{own.public_id}/case/pause/", {})
        assert answer.status_code == 422
        with within(municipality("9901")):
            seq = AuditHead.objects.values_list("seq", flat=True).get()
            AuditHead.objects.update(seq=0)  # the trail cannot be written
        assert browser.get(f"/child/{own.public_id}/").status_code == 500
        assert told() == ("", "", "")
        with within(municipality("9901")):
            AuditHead.objects.update(seq=seq)

    def test_a_wrong_password_and_an_ended_session_are_written_down(self) -> None:
        assert Client().post(reverse("sign_in"), {"name": "kari.9902", "password": "feil feil feil"}).status_code == 422
        browser = self.signed_in("9902")
        assert browser.post("/sign-out/").status_code == 302
        assert told() == ("", "", "")
        assert browser.get("/today/").status_code == 302

    def test_a_time_is_booked_by_whom_it_is_for(self, world: Everybody) -> None:
        with within(municipality("9901")):
            step = step_of(world.children[Kind.OWN], "C06_M5")
            time = book(planned_step=step, slot=world.here.slot("2026-06-02 09:00"), by=CLERK, at=NOW)
            assert Appointment.objects.filter(pk=time.pk).exists()
        with within(municipality("9902")), pytest.raises(PlannedStep.DoesNotExist):
            book(planned_step=step, slot=world.here.slot("2026-06-03 09:00"), by=CLERK, at=NOW)

    def test_many_plans_are_written_at_once(self, world: Everybody) -> None:
        with within(municipality("9901")):
            child = Person.objects.create(municipality=municipality("9901"), born_on=AT.date(), born_by=AT.date())
            told = {"definition": child_programme(AT.date()), "on": AT.date(), "reason": "bor her", "by": CLERK, "at": AT}
            enrolment = enrol(person=child, clinic=world.here.clinic, with_catch_up=False, **told)
            assert enrolment.steps.count() == 14


def test_the_night_has_gone_into_one_municipality_after_the_other() -> None:
    for code in ("9901", "9902"):
        with within(municipality(code)):
            [night] = Run.objects.all()
            assert night.finished_at is not None
            assert night.balanced
            assert list(night.troubles.values_list("sentence", flat=True)) == []


def test_the_command_line_counts_within_the_municipality_it_names(capsys: pytest.CaptureFixture[str]) -> None:
    def verified() -> str:
        fjorten(["verify", "--json", "--municipality", "9902"])
        return capsys.readouterr().out

    as_the_application = verified()
    with connected_as(OWNER[0]):
        assert verified() == as_the_application
    assert '"persons": 1' in as_the_application
    assert fjorten(["work"]) == 2  # it does not say which
    assert told() == ("", "", "")
