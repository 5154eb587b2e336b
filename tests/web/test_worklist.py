"""The worklist: who is on it, for whose eyes, a page at a time; and what is done with the rows that are picked."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fjorten.access.permissions import Role
from fjorten.appointments.actions.booking import book
from fjorten.appointments.models import Appointment
from fjorten.audit.models import AuditEvent
from fjorten.database.questions import Question
from fjorten.followup.actions.cases import open_case
from fjorten.followup.models import Case
from fjorten.ledger import needing_now
from fjorten.ledger import worklist as lists
from fjorten.ledger.needing_now import ShortLists, on_short_lists
from fjorten.ledger.worklist import Group, Wanted, counts_wanted, rows_wanted
from fjorten.organisation.actions import open_clinic
from fjorten.organisation.models import Clinic
from fjorten.people.models import Person, Residence
from fjorten.plans.models import Enrolment, PlannedStep
from fjorten.registers.enrolment import enrol_resident
from fjorten.web.worklist import presenters
from tests.factories.clinic import CLERK, NURSE, StaffedClinic, an_enrolled_child, step_of
from tests.factories.family import a_guardian, family_of
from tests.web.at_work import an_account, signed_in, text_of
from tests.web.conftest import NOW

TODAY = NOW.date()


@pytest.fixture
def desk(here: StaffedClinic, clock: time_machine.Traveller) -> Client:
    Clinic.objects.filter(pk=here.clinic.pk).update(telephone="+4700000009", visiting_address="Gata 1")
    return signed_in(an_account(here.municipality, Role.CLERK, clinic=here.clinic), at=NOW)


def a_newcomer(here: StaffedClinic, **facts: Any) -> Person:
    """A child who lives here, and whom nobody has a journal for."""
    born_on = facts.pop("born_on", date(2025, 6, 1))
    child = Person.objects.create(municipality=here.municipality, born_on=born_on, born_by=born_on, **facts)
    Residence.objects.create(
        person=child, municipality_code=here.municipality.code, is_here=True, kind="street", source="prøve", valid_from=date(2026, 3, 2)
    )
    return child


def a_due_child(here: StaffedClinic, *guardians: Any, **facts: Any) -> Enrolment:
    """A child at the clinic whose consultation at three months is due, and all before it done."""
    enrolment = an_enrolled_child(here, **facts)
    settle_before(enrolment)
    family_of(enrolment.person, *guardians)
    return enrolment


def settle_before(enrolment: Enrolment) -> None:
    before = PlannedStep.objects.filter(enrolment=enrolment, position__lt=step_of(enrolment, "C04_M3").position)
    before.update(outcome="done", outcome_on=date(2026, 2, 20), outcome_at=NOW, outcome_by="kari", outcome_reason="møtt")


def missed(here: StaffedClinic, enrolment: Enrolment, begins: str) -> Appointment:
    appointment = book(planned_step=step_of(enrolment, "C04_M3"), slot=here.slot(begins), by=CLERK, at=NOW - timedelta(days=20))
    Appointment.objects.filter(pk=appointment.pk).update(state="did_not_attend", state_at=NOW - timedelta(days=2))
    appointment.holds.all().delete()
    return appointment


def shown(browser: Client, address: str = "/worklist/") -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return text_of(answer.content)


def pick(group: Group, key: int) -> str:
    return f"{group}.{key}"


class TestTheLists:
    def test_each_child_stands_with_what_it_lacks_and_what_comes_next(self, desk: Client, here: StaffedClinic) -> None:
        a_newcomer(here, given_name="Mateo", family_name="Costa")
        late = a_due_child(here, given_name="Zofia", family_name="Nowak", born_on=date(2026, 1, 6))
        missed(here, late, "2026-04-03 09:00")
        a_due_child(here, a_guardian(language="pl", needs_interpreter=True), given_name="Iben", family_name="Solvang")
        page = shown(desk)
        assert "Alle 3 Uten journal 1 Ikke møtt 1 Skal ha time nå 1" in page
        assert re.search(r"Mateo Costa 10 mnd · f. 01.06.2025 Uten journal Bor her siden 02.03.2026 0 av 14 Norsk Ingen foresatte", page)
        assert "Zofia Nowak 12 uker · f. 06.01.2026 3 mnd, ikke møtt 03.04.2026" in page
        assert re.search(r"Iben Solvang 3 mnd · f. 05.01.2026 3 mnd, skal ha time nå vaksine: .* Polsk, tolk SMS", page)
        assert "Send innkalling innen" in page

    def test_a_list_nobody_is_on_says_so_and_when_it_was_last_found_out(self, desk: Client) -> None:
        page = shown(desk)
        assert "Ingen barn uten journal. Regnskapet er aldri avstemt, så vi vet det ikke sikkert." in page

    def test_a_list_that_has_just_been_emptied_says_so_whatever_was_counted_before(
        self, desk: Client, here: StaffedClinic, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where counting takes long, what was counted is shown for a while; not beside rows that tell otherwise."""
        monkeypatch.setattr("fjorten.web.glance.CHEAP", -1)
        monkeypatch.setattr("fjorten.web.glance.REST", 10**6)
        child = a_newcomer(here)
        assert "Uten journal 1" in shown(desk)
        desk.post(reverse("open_journals"), {"pick": pick(Group.WITHOUT_JOURNAL, child.pk)})
        page = shown(desk, "/worklist/?group=without_journal")
        assert "Ingen barn uten journal." in page
        assert "Uten journal 0" in page
        assert "Viser 0 av 0" in page

    def test_who_works_at_another_clinic_sees_the_newcomer_only(self, here: StaffedClinic, clock: time_machine.Traveller) -> None:
        a_newcomer(here, given_name="Mateo", family_name="Costa")
        a_due_child(here, given_name="Iben", family_name="Solvang")
        north = open_clinic(municipality=here.municipality, name="Nord", by=CLERK, at=NOW)
        page = shown(signed_in(an_account(here.municipality, Role.CLERK, clinic=north), at=NOW))
        assert "Mateo Costa" in page
        assert "Solvang" not in page
        assert "I hele kommunen er det 2; her står de 1 som er dine å se." in page

    def test_a_protected_child_is_on_nobodys_list_but_the_named(self, desk: Client, here: StaffedClinic) -> None:
        a_newcomer(here, given_name="Mateo", family_name="Costa", protection="confidential")
        a_due_child(here, given_name="Iben", family_name="Solvang", protection="strictly_confidential")
        page = shown(desk)
        assert "Costa" not in page
        assert "Solvang" not in page

    @pytest.mark.parametrize(
        ("asked", "names"),
        [
            ("group=due", {"Solvang", "Rahimi"}),
            ("group=without_journal", {"Costa"}),
            ("language=pl", {"Solvang"}),
            ("language=nb", {"Costa", "Rahimi"}),
            ("step=C04_M3", {"Solvang", "Rahimi"}),
            ("step=C04_M3&language=pl", {"Solvang"}),
            ("owner=nobody", {"Costa", "Solvang"}),
            ("group=hår&owner=hår&after=hår", {"Costa", "Solvang", "Rahimi"}),
            ("owner=999999999999999999999999", {"Costa", "Solvang", "Rahimi"}),
            ("after=due.2026-02-30.1&before=due.x.y", {"Costa", "Solvang", "Rahimi"}),
        ],
    )
    def test_it_is_narrowed_to_what_is_asked_for(self, desk: Client, here: StaffedClinic, asked: str, names: set[str]) -> None:
        a_newcomer(here, family_name="Costa")
        a_due_child(here, a_guardian(language="pl"), family_name="Solvang")
        owned = a_due_child(here, a_guardian(nth=1), family_name="Rahimi", born_on=date(2026, 1, 6))
        open_case(planned_step=step_of(owned, "C04_M3"), reason="Ikke møtt", by=NURSE, at=NOW)
        page = shown(desk, f"/worklist/?{asked}")
        assert {name for name in ("Costa", "Solvang", "Rahimi") if name in page} == names

    def test_it_is_narrowed_to_whoever_acts_in_the_case(self, desk: Client, here: StaffedClinic) -> None:
        a_due_child(here, family_name="Solvang")
        owned = a_due_child(here, a_guardian(nth=1), family_name="Rahimi", born_on=date(2026, 1, 6))
        case = open_case(planned_step=step_of(owned, "C04_M3"), reason="Ikke møtt", by=NURSE, at=NOW)
        page = shown(desk, f"/worklist/?owner={case.owner_id}")
        assert "Rahimi" in page
        assert "Solvang" not in page
        other = here.doctor
        assert "Rahimi" not in shown(desk, f"/worklist/?owner={other.pk}")

    def test_the_look_is_written_down_before_it_is_shown(self, desk: Client, here: StaffedClinic) -> None:
        a_newcomer(here)
        shown(desk)
        look = AuditEvent.objects.filter(action="list.seen").latest("seq")
        assert (look.kind, look.detail) == ("read", {"list": "worklist", "rows": 1})

    def test_it_costs_the_same_number_of_questions_however_many_there_are(self, desk: Client, here: StaffedClinic) -> None:
        def questions() -> int:
            shown(desk)
            with CaptureQueriesContext(connection) as asked:
                shown(desk)
            return len(asked)

        def one_more_of_each(nth: int) -> None:
            a_newcomer(here, born_on=date(2025, 6, 1 + nth))
            late = a_due_child(here, a_guardian(nth=2 * nth), born_on=date(2026, 1, 5 + nth))
            missed(here, late, f"2026-04-0{2 + nth // 6} {9 + nth // 2:02}:{30 * (nth % 2):02}")
            due = a_due_child(here, a_guardian(nth=2 * nth + 1), born_on=date(2026, 1, 5 + nth))
            open_case(planned_step=step_of(due, "C04_M3"), reason="Ikke møtt", by=NURSE, at=NOW)

        one_more_of_each(0)
        for_one = questions()
        for nth in range(1, 5):
            one_more_of_each(nth)
        assert questions() == for_one


class TestPages:
    @pytest.fixture(autouse=True)
    def of_three(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lists, "PAGE", 3)

    def test_every_row_is_on_one_page_and_back_again_in_the_same_order(self, here: StaffedClinic) -> None:
        for day in range(1, 5):
            a_newcomer(here, born_on=date(2025, 6, day))
            an_enrolled_child(here, born_on=date(2026, 1, 4 + day))
        wanted = Wanted(children=Question(Person.objects.of, (here.municipality,)))
        total = sum(counts_wanted(wanted, municipality=here.municipality, on=TODAY).values())
        assert total > 8
        forth = list(self._pages(wanted, here))
        assert [len(page.rows) for page in forth[:-1]] == [3] * (len(forth) - 1)
        places = [row.place for page in forth for row in page.rows]
        assert len(places) == len(set(places)) == total
        assert places == sorted(places, key=lambda one: (list(Group).index(one.group), one.due_on, one.row))
        back = rows_wanted(wanted, municipality=here.municipality, on=TODAY, before=forth[2].rows[0].place)
        assert back.rows == forth[1].rows
        assert (back.has_earlier, back.has_later) == (True, True)
        assert not rows_wanted(wanted, municipality=here.municipality, on=TODAY, before=forth[1].rows[0].place).has_earlier

    def test_those_with_a_case_stand_among_those_without_by_their_deadline(self, here: StaffedClinic) -> None:
        children = [a_due_child(here, a_guardian(nth=nth), born_on=date(2026, 1, 5 + nth)) for nth in range(6)]
        for child in children[::2]:
            open_case(planned_step=step_of(child, "C04_M3"), reason="Ikke møtt", by=NURSE, at=NOW)
        wanted = Wanted(children=Question(Person.objects.of, (here.municipality,)), groups=(Group.DUE,))
        rows = [row for page in self._pages(wanted, here) for row in page.rows]
        with_case = {row.planned.pk for row in rows if row.planned} & set(Case.objects.values_list("planned_step", flat=True))
        assert len(with_case) == 3
        deadlines = [row.place.due_on for row in rows]
        assert deadlines == sorted(deadlines)
        assert len(rows) == len({row.place for row in rows}) == counts_wanted(wanted, municipality=here.municipality, on=TODAY)[Group.DUE]
        assert {row.place.due_on for row in rows if row.planned and row.planned.pk in with_case} == set(
            Case.objects.values_list("due_on", flat=True)
        )
        last = list(self._pages(wanted, here))[-1]
        before = rows_wanted(wanted, municipality=here.municipality, on=TODAY, before=last.rows[0].place)
        assert [row.place for row in (*before.rows, *last.rows)] == [row.place for row in rows][-len(before.rows) - len(last.rows) :]

    def test_whom_the_short_lists_held_a_moment_ago_is_asked_about_again(self, here: StaffedClinic) -> None:
        stays, leaves = a_newcomer(here, born_on=date(2025, 6, 1)), a_newcomer(here, born_on=date(2025, 6, 2))
        short = on_short_lists(municipality=here.municipality, on=TODAY)
        assert short.without_journal == {stays.pk, leaves.pk}
        enrol_resident(person=leaves, on=TODAY, reason="Bor her", by=NURSE, at=NOW)
        comes = a_newcomer(here, born_on=date(2025, 6, 3))
        wanted = Wanted(children=Question(Person.objects.of, (here.municipality,)), groups=(Group.WITHOUT_JOURNAL,))

        def listed(among: ShortLists | None) -> set[int]:
            return {row.place.row for row in rows_wanted(wanted, municipality=here.municipality, on=TODAY, among=among).rows}

        assert listed(short) == {stays.pk}, "who has left is off, who has come is not on yet"
        assert listed(None) == {stays.pk, comes.pk}
        assert counts_wanted(wanted, municipality=here.municipality, on=TODAY, among=short)[Group.WITHOUT_JOURNAL] == 1

    def test_short_lists_that_are_too_long_to_name_are_walked(self, here: StaffedClinic, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(needing_now, "MOST_NAMED", 1)
        for day in (1, 2):
            a_newcomer(here, born_on=date(2025, 6, day))
        short = on_short_lists(municipality=here.municipality, on=TODAY)
        assert short == ShortLists(without_journal=None, missed=frozenset())
        wanted = Wanted(children=Question(Person.objects.of, (here.municipality,)))
        assert len(rows_wanted(wanted, municipality=here.municipality, on=TODAY, among=short).rows) == 2

    def test_a_list_that_is_not_counted_to_its_end_says_so(
        self, desk: Client, here: StaffedClinic, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lists, "MOST_COUNTED", 2)
        monkeypatch.setattr(presenters, "MOST_COUNTED", 2)
        for day in range(1, 5):
            a_newcomer(here, born_on=date(2025, 6, day))
        assert "av over 2" in shown(desk, "/worklist/?group=without_journal")

    def test_the_page_leads_on_and_back(self, desk: Client, here: StaffedClinic) -> None:
        for day in range(1, 5):
            a_newcomer(here, born_on=date(2025, 6, day), family_name=f"Nummer{day}")
        page = desk.get("/worklist/").content.decode()
        assert "Viser 3 av 4" in page
        [later] = re.findall(r'href="([^"]*after=[^"]*)"', page)
        second = desk.get(later.replace("&amp;", "&")).content.decode()
        assert ("Nummer4" in second, "Nummer1" in second) == (True, False)
        [earlier] = re.findall(r'href="([^"]*before=[^"]*)"', second)
        assert "Nummer1" in shown(desk, earlier.replace("&amp;", "&"))

    def _pages(self, wanted: Wanted, here: StaffedClinic) -> Iterator[lists.WorklistPage]:
        page = rows_wanted(wanted, municipality=here.municipality, on=TODAY)
        yield page
        while page.has_later:
            page = rows_wanted(wanted, municipality=here.municipality, on=TODAY, after=page.rows[-1].place)
            yield page


class TestOnPaper:
    def test_a_print_is_written_down_on_every_child_in_it(self, desk: Client, here: StaffedClinic) -> None:
        child = a_newcomer(here, family_name="Costa")
        a_due_child(here, family_name="Solvang")
        page = text_of(desk.post("/worklist/print/", {"group": "without_journal"}).content)
        assert "Costa" in page
        assert "Solvang" not in page
        [printed] = AuditEvent.objects.filter(action="list.printed")
        assert (printed.about, printed.kind) == (str(child.public_id), "read")


class TestOpeningJournals:
    def test_every_picked_child_is_enrolled(self, desk: Client, here: StaffedClinic) -> None:
        children = [a_newcomer(here, born_on=date(2025, 6, day)) for day in (1, 2)]
        picks = [pick(Group.WITHOUT_JOURNAL, child.pk) for child in children]
        page = text_of(desk.post("/worklist/open-journals/", {"pick": picks, "group": "due"}, follow=True).content)
        assert "2 journaler er opprettet." in page
        assert Enrolment.objects.filter(person__in=children).count() == 2
        assert AuditEvent.objects.filter(action="child.seen", detail__page="open_journal").count() == 2

    def test_what_is_refused_is_told_with_its_sentence_and_the_others_are_done(self, desk: Client, here: StaffedClinic) -> None:
        unborn = a_newcomer(here, born_on=date(2025, 6, 2), family_name="Feil")
        Person.objects.filter(pk=unborn.pk).update(born_on=None)
        child, due = a_newcomer(here, family_name="Costa"), a_due_child(here, family_name="Solvang")
        picks = [pick(Group.WITHOUT_JOURNAL, child.pk), pick(Group.WITHOUT_JOURNAL, unborn.pk), pick(Group.DUE, step_of(due, "C04_M3").pk)]
        page = text_of(desk.post("/worklist/open-journals/", {"pick": picks}).content)
        assert "1 journal er opprettet." in page
        assert "Solvang Barnet har alt journal her." in page
        assert re.search(r"Ikke gjort 2 .*Feil .*fødselsdato", page)
        assert Enrolment.objects.filter(person=child).exists()

    @pytest.mark.parametrize("picks", [[], ["without_journal.999999"], ["hår", "due.x", "..", "without_journal.9999999999999999999999"]])
    def test_who_picked_nobody_is_told_so(self, desk: Client, here: StaffedClinic, picks: list[str]) -> None:
        page = text_of(desk.post("/worklist/open-journals/", {"pick": picks}, follow=True).content)
        assert "Kryss av for minst ett barn som står på listen." in page

    def test_a_child_that_is_not_shown_is_not_to_be_picked(self, desk: Client, here: StaffedClinic) -> None:
        child = a_newcomer(here, protection="confidential")
        desk.post("/worklist/open-journals/", {"pick": [pick(Group.WITHOUT_JOURNAL, child.pk)]})
        assert not Enrolment.objects.filter(person=child).exists()


class TestGivingCases:
    def test_a_case_is_given_with_a_reason_and_who_has_none_is_told(self, desk: Client, here: StaffedClinic) -> None:
        owned, due = a_due_child(here, family_name="Rahimi"), a_due_child(here, a_guardian(nth=1), family_name="Solvang")
        case = open_case(planned_step=step_of(owned, "C04_M3"), reason="Ikke møtt", by=NURSE, at=NOW)
        to = here.other_nurse if case.owner_id == here.nurse.pk else here.nurse
        picks = [pick(Group.DUE, step_of(one, "C04_M3").pk) for one in (owned, due)]
        asked = text_of(desk.post("/worklist/give/", {"pick": picks, "owner": "nobody"}).content)
        assert "Gi sakene til noen" in asked
        refused = desk.post("/worklist/give/", {"pick": picks, "to": to.pk, "reason": ""})
        assert refused.status_code == 422
        page = text_of(desk.post("/worklist/give/", {"pick": picks, "to": to.pk, "reason": "Ferie"}).content)
        assert f"1 sak er gitt til {to.name}." in page
        assert "Solvang Det er ingen åpen sak om denne konsultasjonen" in page
        assert Case.objects.get(pk=case.pk).owner == to


class TestInviting:
    @pytest.fixture
    def due(self, here: StaffedClinic) -> Enrolment:
        return a_due_child(
            here, a_guardian(language="ar", telephone="+4700000002"), a_guardian(nth=1), given_name="Iben", family_name="Solvang"
        )

    def test_nothing_is_booked_until_every_message_has_been_seen(self, desk: Client, here: StaffedClinic, due: Enrolment) -> None:
        newcomer = a_newcomer(here, family_name="Costa")
        picks = [pick(Group.DUE, step_of(due, "C04_M3").pk), pick(Group.WITHOUT_JOURNAL, newcomer.pk)]
        answer = desk.post("/worklist/invite/", {"pick": picks})
        page = text_of(answer.content)
        assert re.search(r"2 SMS \(\d deler\)", page)
        assert "ingen godkjent tekst på arabisk" in page
        assert "Iben har time" in page
        assert "Costa Opprett journal først." in page
        assert not Appointment.objects.exists()

        sent = re.findall(r'name="(pick|time)" value="([^"]*)"', answer.content.decode())
        fields = {name: [value for one, value in sent if one == name] for name in ("pick", "time")}
        page = text_of(desk.post("/worklist/send/", fields, follow=True).content)
        assert "1 time er satt opp. Meldingen går til familien." in page
        appointment = Appointment.objects.get()
        assert f".{int(appointment.begins_at.timestamp())}.{appointment.employee_id}.clinic" in fields["time"][0]

    def test_a_time_that_was_taken_meanwhile_is_not_replaced_by_another(self, desk: Client, here: StaffedClinic, due: Enrolment) -> None:
        step = step_of(due, "C04_M3")
        answer = desk.post("/worklist/invite/", {"pick": [pick(Group.DUE, step.pk)]}).content.decode()
        [time] = re.findall(r'name="time" value="([^"]*)"', answer)
        begins_at = int(time.split(".")[1])
        for wrong in (
            f"{step.pk}.{begins_at + 60}.{here.nurse.pk}.clinic",
            f"{step.pk}.{10**17}.1.clinic",
            "x.y.z.clinic",
            "1.2.clinic",
            "",
        ):
            page = text_of(desk.post("/worklist/send/", {"pick": [pick(Group.DUE, step.pk)], "time": [wrong]}).content)
            assert "Se forslagene på nytt." in page
        assert not Appointment.objects.exists()

    def test_who_cannot_be_given_a_time_is_listed_with_the_reason(self, desk: Client, here: StaffedClinic, due: Enrolment) -> None:
        for opening in here.openings:
            opening.delete()
        page = text_of(desk.post("/worklist/invite/", {"pick": [pick(Group.DUE, step_of(due, "C04_M3").pk)]}).content)
        assert "Solvang Ingen slik tid er åpnet" in page
        assert "Sett opp timen og send" not in page
