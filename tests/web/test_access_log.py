"""The log of looks: the odd first, each closed by somebody else with a verdict; whom each may know it is about; what is given and blocked."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fjorten.access.actions import tell_own_number
from fjorten.access.models import User
from fjorten.access.permissions import Role
from fjorten.audit.looks import note_look, note_refused
from fjorten.audit.models import AuditEvent
from fjorten.care_relations.models import AccessReview, Authorisation, Blocked, Emergency, NamedForProtected
from fjorten.kernel.national_id import NationalId
from fjorten.people.models import FamilyRelation, Person
from fjorten.web.access_log.naming import reference
from tests.factories.access import at_work
from tests.factories.clinic import LEADER, StaffedClinic, an_enrolled_child
from tests.factories.register import a_number
from tests.web.at_work import an_account, signed_in, text_of
from tests.web.conftest import NOW
from tests.web.pages import read

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OWN = a_number(date(1990, 1, 1))
LOG = "/access-log/"


@pytest.fixture
def kari(here: StaffedClinic) -> User:
    return an_account(here.municipality, Role.NURSE, employee=here.nurse, clinic=here.clinic)


@pytest.fixture
def lea(here: StaffedClinic) -> User:
    return an_account(here.municipality, Role.LEADER, clinic=here.clinic)


@pytest.fixture
def leader(lea: User, clock: time_machine.Traveller) -> Client:
    return signed_in(lea, at=NOW)


@pytest.fixture
def ombud(here: StaffedClinic) -> User:
    return an_account(here.municipality, Role.PRIVACY_OFFICER)


@pytest.fixture
def officer(ombud: User, clock: time_machine.Traveller) -> Client:
    return signed_in(ombud, at=NOW)


@pytest.fixture
def child(here: StaffedClinic) -> Person:
    return an_enrolled_child(here, given_name="Ada", family_name="Fjell").person


def look(child: Person, user: User, *, at: datetime = NOW - HOUR, ground: str = "", is_refused: bool = False, page: str = "child") -> None:
    note = note_refused if is_refused else note_look
    persons = [str(child.public_id)]
    by = at_work(user).actor(ground=ground)
    note("child.refused" if is_refused else "child.seen", persons=persons, municipality="9901", by=by, at=at, detail={"page": page})


def an_emergency(child: Person, user: User, *, at: datetime = NOW - HOUR) -> Emergency:
    return Emergency.objects.create(
        user=user, person=child, code="acute", reason="Legevakten ringte om barnet", opened_at=at, until_at=at + HOUR
    )


def shown(browser: Client, address: str = LOG) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    read(answer.content.decode())
    return text_of(answer.content)


def sent(browser: Client, address: str, fields: dict[str, Any]) -> tuple[int, str]:
    answer = browser.post(address, fields, follow=True)
    read(answer.content.decode())
    return answer.status_code, text_of(answer.content)


def hidden(browser: Client, action: str) -> dict[str, str]:
    """What the first form that is sent to an address sends besides what is typed."""
    page = read(browser.get(LOG).content.decode())
    form = next(form for form in page.all("form") if (form.attrs["action"] or "").startswith(action))
    return {str(one.attrs["name"]): str(one.attrs["value"]) for one in form.all("input") if one.attrs["type"] == "hidden"}


def questions(browser: Client, address: str) -> int:
    shown(browser, address)
    with CaptureQueriesContext(connection) as asked:
        shown(browser, address)
    return len(asked)


VERDICT = {"verdict": "in_order", "note": "Snakket med henne. Hun vikarierte."}


class TestWhoSeesIt:
    @pytest.mark.parametrize("role", [Role.NURSE, Role.DOCTOR, Role.CLERK, Role.ANALYST, Role.ADMINISTRATOR])
    def test_others_than_leader_and_privacy_officer_do_not(
        self, role: Role, here: StaffedClinic, clock: time_machine.Traveller, child: Person
    ) -> None:
        browser = signed_in(an_account(here.municipality, role, clinic=None), at=NOW)
        for there in (LOG, f"{LOG}reviewed/", f"{LOG}employee/", f"{LOG}protected/", f"/child/{child.public_id}/access-log/"):
            assert browser.get(there).status_code == 403
        for there in (f"{LOG}odd/", f"{LOG}emergency/", f"/child/{child.public_id}/access/authorise/"):
            assert browser.post(there).status_code == 403

    def test_a_privacy_officer_begins_there_and_gives_nothing(self, officer: Client, child: Person) -> None:
        assert officer.get("/")["Location"] == LOG
        assert officer.get(f"/child/{child.public_id}/access/").status_code == 403
        assert officer.get(f"{LOG}protected/").status_code == 403

    def test_the_look_at_the_log_is_written_down(self, leader: Client, kari: User, child: Person) -> None:
        shown(leader)
        shown(leader, f"{LOG}employee/?account={kari.pk}")
        shown(leader, f"/child/{child.public_id}/access-log/")
        looks = AuditEvent.objects.filter(who="leader.web").order_by("seq").values_list("action", "detail")
        assert list(looks) == [
            ("list.seen", {"list": "access_log", "rows": 0}),
            ("list.seen", {"list": "employees_log", "rows": 0, "of": "kari"}),
            ("child.seen", {"page": "access_log"}),
        ]


class TestEmergencies:
    def test_one_is_told_to_the_leader_until_it_is_reviewed(self, leader: Client, kari: User, child: Person) -> None:
        opened = an_emergency(child, kari)
        page = shown(leader)
        assert "Innsynslogg 1" in page
        assert (
            "Kari Kvist helsesykepleier nødåpning frist 13.04.2026 Åpnet 06.04.2026 kl. 08.10 til kl. 09.10 Grunn Barnet trenger hjelp nå "
            "Begrunnelse Legevakten ringte om barnet Barn Ada Fjell"
        ) in page
        assert "Gå gjennom en nødåpning Kari Kvist · 06.04.2026 kl. 08.10" in shown(leader, "/today/")
        status, page = sent(leader, f"{LOG}emergency/", {"emergency": opened.pk, **VERDICT})
        assert (status, "Nødåpningen til Kari Kvist er gjennomgått." in page) == (200, True)
        assert "Innsynslogg 1" not in page
        assert "nødåpning" not in shown(leader, "/today/")
        opened.refresh_from_db()
        assert (opened.verdict, opened.note, opened.reviewed_by) == ("in_order", VERDICT["note"], "leader.web")
        assert "Kari Kvist Ada Fjell" in shown(leader, f"{LOG}reviewed/")
        assert "I orden Snakket med henne. Hun vikarierte. 06.04.2026 kl. 09.10 Prøve leader" in shown(leader, f"{LOG}reviewed/")

    def test_a_second_click_changes_nothing(self, leader: Client, kari: User, child: Person) -> None:
        opened = an_emergency(child, kari)
        sent(leader, f"{LOG}emergency/", {"emergency": opened.pk, **VERDICT})
        answer = leader.post(f"{LOG}emergency/", {"emergency": opened.pk, "verdict": "breach", "note": "Noe annet"})
        assert (answer.status_code, "allerede gjennomgått" in text_of(answer.content)) == (409, True)
        opened.refresh_from_db()
        assert opened.verdict == "in_order"

    def test_without_a_verdict_nothing_is_closed_and_nothing_typed_is_lost(self, leader: Client, kari: User, child: Person) -> None:
        opened = an_emergency(child, kari)
        status, page = sent(leader, f"{LOG}emergency/", {"emergency": opened.pk, "note": "Hun vikarierte"})
        assert (status, "Vurdering: Velg hva du kom fram til." in page, "Hun vikarierte" in page) == (422, True, True)
        opened.refresh_from_db()
        assert opened.reviewed_at is None

    @pytest.mark.parametrize("number", ["x", "", "999999", "9" * 30])
    def test_what_no_form_of_ours_sends_is_refused(self, leader: Client, number: str) -> None:
        assert leader.post(f"{LOG}emergency/", {"emergency": number, **VERDICT}).status_code in {404, 409}

    def test_nobody_reviews_their_own(self, here: StaffedClinic, clock: time_machine.Traveller, kari: User, child: Person) -> None:
        give = an_account(here.municipality, Role.LEADER, login="begge", clinic=here.clinic)
        opened = an_emergency(child, give)
        browser = signed_in(give, at=NOW)
        assert "Dette er dine egne oppslag." in shown(browser)
        answer = browser.post(f"{LOG}emergency/", {"emergency": opened.pk, **VERDICT})
        assert answer.status_code == 409
        opened.refresh_from_db()
        assert opened.reviewed_at is None


class TestOddLooks:
    def test_one_is_told_with_why_and_closed_with_a_verdict(self, leader: Client, kari: User, child: Person) -> None:
        look(child, kari)
        page = shown(leader)
        assert "Kari Kvist helsesykepleier, Helsestasjonen uten behandlingsrelasjon utenfor arbeidstid Når 06.04.2026 kl. 08.10" in page
        assert "Oppslag 1 Grunnlag Ingen Barn Ada Fjell" in page
        status, page = sent(leader, f"{LOG}odd/", {**hidden(leader, f"{LOG}odd/"), **VERDICT})
        assert (status, "Oppslagene til Kari Kvist er gjennomgått." in page) == (200, True)
        assert "Ingen uvanlige oppslag venter" in page
        review = AccessReview.objects.get()
        assert (review.who, review.about, review.verdict, review.reviewed_by) == ("kari", str(child.public_id), "in_order", "leader.web")
        assert "Uten behandlingsrelasjon, utenfor arbeidstid: 06.04.2026 kl. 08.10 I orden" in shown(leader, f"{LOG}reviewed/")

    def test_a_second_click_and_what_came_meanwhile_are_told_and_not_written(self, leader: Client, kari: User, child: Person) -> None:
        look(child, kari)
        seen = hidden(leader, f"{LOG}odd/")
        look(child, kari)
        status, page = sent(leader, f"{LOG}odd/", {**seen, **VERDICT})
        assert (status, "Det er kommet flere oppslag" in page, AccessReview.objects.count()) == (422, True, 0)
        fresh = {**hidden(leader, f"{LOG}odd/"), **VERDICT}
        assert sent(leader, f"{LOG}odd/", fresh)[0] == 200
        status, page = sent(leader, f"{LOG}odd/", fresh)
        assert (status, "allerede gjennomgått" in page, AccessReview.objects.count()) == (422, True, 1)

    def test_nobody_reviews_what_they_did_themselves(self, leader: Client, lea: User, child: Person) -> None:
        look(child, lea)
        page = shown(leader)
        assert "Dette er dine egne oppslag." in page
        odd = {
            "who": "leader.web",
            "about": str(child.public_id),
            "on": "2026-04-06",
            "up_to": AuditEvent.objects.filter(ground="").count(),
        }
        assert leader.post(f"{LOG}odd/", {**odd, **VERDICT}).status_code == 409
        assert not AccessReview.objects.exists()

    def test_looks_at_ones_own_family_are_for_another_to_review(
        self, officer: Client, ombud: User, kari: User, child: Person, here: StaffedClinic
    ) -> None:
        FamilyRelation.objects.create(person=child, role="mor", related_number=OWN, source="prøve")
        tell_own_number(user=ombud, number=NationalId(OWN), by=LEADER, at=NOW)
        look(child, kari)
        assert "Dette gjelder noen i familien din." in shown(officer)
        odd = {"who": "kari", "about": str(child.public_id), "on": "2026-04-06", "up_to": AuditEvent.objects.get(who="kari").seq}
        assert officer.post(f"{LOG}odd/", {**odd, **VERDICT}).status_code == 409
        assert officer.get(f"/child/{child.public_id}/access-log/").status_code == 403

    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"who": "kari", "about": "", "on": "i går", "up_to": "1"},
            {"who": "kari", "about": "", "on": "2026-04-06", "up_to": "x"},
            {"who": "kari", "about": "", "on": "2026-04-07", "up_to": "1"},
            {"who": "ingen", "about": "", "on": "2026-04-06", "up_to": "1"},
        ],
    )
    def test_what_no_form_of_ours_sends_is_no_page(self, leader: Client, fields: dict[str, str]) -> None:
        assert leader.post(f"{LOG}odd/", {**fields, **VERDICT}).status_code == 404

    @pytest.mark.parametrize("asked", ["page=0", "page=x", "until=2026-04-07", "until=0001-01-01", "until=hår"])
    def test_what_no_link_of_ours_asks_is_no_page(self, leader: Client, asked: str) -> None:
        assert leader.get(f"{LOG}?{asked}").status_code == 404

    def test_days_before_the_week_are_a_link_away(self, leader: Client, kari: User, child: Person) -> None:
        look(child, kari, at=NOW - 8 * DAY)
        assert "Ada Fjell" not in shown(leader)
        assert "Ada Fjell" in shown(leader, f"{LOG}?until=2026-03-30")

    def test_reading_the_log_is_a_look_without_a_relation_and_not_odd_for_that(
        self, officer: Client, leader: Client, child: Person
    ) -> None:
        shown(officer, f"/child/{child.public_id}/access-log/")
        page = shown(leader)
        assert "personvernombud, Prøvekommunen utenfor arbeidstid Når" in page
        assert "uten behandlingsrelasjon" not in page

    def test_many_are_on_pages_and_cost_the_same_however_many(
        self, leader: Client, here: StaffedClinic, kari: User, child: Person, clock: time_machine.Traveller
    ) -> None:
        look(child, kari)
        an_emergency(child, kari)
        for_one = questions(leader, LOG)
        for number in range(27):
            other = an_enrolled_child(here, given_name=f"Barn{number}").person
            look(other, kari)
            if number < 4:
                an_emergency(other, kari)
        assert questions(leader, LOG) == for_one
        assert "1–25 av 28 Neste" in shown(leader)
        assert "Forrige 26–28 av 28" in shown(leader, f"{LOG}?page=2")


class TestWhomItIsAbout:
    def test_a_privacy_officer_reviews_all_and_learns_of_no_child_who_it_is(self, officer: Client, kari: User, child: Person) -> None:
        look(child, kari)
        an_emergency(child, kari)
        for there in (LOG, f"{LOG}employee/?account={kari.pk}", f"/child/{child.public_id}/access-log/"):
            page = shown(officer, there)
            assert "Ada" not in page
            assert "Fjell" not in page
            assert reference(str(child.public_id)) in page
        assert sent(officer, f"{LOG}odd/", {**hidden(officer, f"{LOG}odd/"), **VERDICT})[0] == 200

    def test_a_protected_child_is_named_to_nobody_but_its_team(
        self, leader: Client, officer: Client, kari: User, lea: User, child: Person
    ) -> None:
        Person.objects.filter(pk=child.pk).update(protection="confidential")
        look(child, kari, is_refused=True)
        for browser in (leader, officer):
            page = shown(browser)
            assert "Fjell" not in page
            assert f"Barn {reference(str(child.public_id))}" in page
            assert "Fjell" not in shown(browser, f"{LOG}employee/?account={kari.pk}")
        nobody = "00000000-0000-4000-8000-000000000000"
        for page in ("access-log/", "access-log/extract/?asker=guardian", "access/"):
            secret, absent = leader.get(f"/child/{child.public_id}/{page}"), leader.get(f"/child/{nobody}/{page}")
            assert (secret.status_code, secret.content) == (404, absent.content)
        NamedForProtected.objects.create(user=lea, person=child, from_at=NOW - HOUR, reason="følger barnet", named_by="annen")
        assert "Ada Fjell" in shown(leader)

    def test_of_a_protected_and_an_unprotected_child_a_privacy_officer_sees_the_same(
        self, officer: Client, kari: User, child: Person
    ) -> None:
        look(child, kari)
        before = shown(officer, f"/child/{child.public_id}/access-log/")
        Person.objects.filter(pk=child.pk).update(protection="confidential")
        after = shown(officer, f"/child/{child.public_id}/access-log/")
        assert after.replace("2 oppslag", "1 oppslag").startswith(before[:200])

    def test_the_log_of_ones_own_family_is_not_shown(self, leader: Client, lea: User, child: Person) -> None:
        FamilyRelation.objects.create(person=child, role="mor", related_number=OWN, source="prøve")
        tell_own_number(user=lea, number=NationalId(OWN), by=LEADER, at=NOW)
        for page in ("access-log/", "access-log/extract/?asker=guardian", "access/"):
            assert leader.get(f"/child/{child.public_id}/{page}").status_code == 403


class TestOneChildsLog:
    def test_it_says_who_in_which_role_on_what_ground_and_what(self, leader: Client, kari: User, child: Person) -> None:
        look(child, kari, ground="clinic", page="case")
        look(child, kari, is_refused=True)
        page = shown(leader, f"/child/{child.public_id}/access-log/")
        assert "06.04.2026 kl. 08.10 Kari Kvist helsesykepleier, Helsestasjonen Prøvde å åpne: barnets side – ingen Avvist" in page
        assert ("Kari Kvist helsesykepleier, Helsestasjonen Åpnet: oppfølgingssaken Barnet hører til helsestasjonen deres Vist") in page

    def test_it_is_reached_from_the_childs_page(self, leader: Client, child: Person) -> None:
        page = read(leader.get(f"/child/{child.public_id}/").content.decode())
        assert f"/child/{child.public_id}/access-log/" in {link.attrs.get("href") for link in page.all("a")}

    def test_who_had_access_on_a_day_is_told_when_it_is_asked(self, leader: Client, kari: User, child: Person) -> None:
        page = shown(leader, f"/child/{child.public_id}/access-log/?on=2026-04-05")
        assert "Hadde tilgang 05.04.2026" in page
        assert "Kari Kvist helsesykepleier Barnet hører til helsestasjonen deres" in page
        assert leader.get(f"/child/{child.public_id}/access-log/?on=2026-04-07").status_code == 404

    def test_it_goes_on_where_the_page_ended_and_costs_the_same(self, leader: Client, kari: User, child: Person) -> None:
        there = f"/child/{child.public_id}/access-log/"
        look(child, kari)
        for_one = questions(leader, there)
        persons = [str(child.public_id)]
        for _ in range(120):
            note_look("child.seen", persons=persons, municipality="9901", by=at_work(kari).actor(ground="clinic"), at=NOW - 2 * HOUR)
        assert questions(leader, there) == for_one
        page = read(leader.get(there).content.decode())
        [later] = [link.attrs["href"] for link in page.all("a") if "before=" in (link.attrs.get("href") or "")]
        assert "Neste" not in shown(leader, str(later))
        assert leader.get(f"{there}?before=x").status_code == 404


class TestTheFamilysExtract:
    def test_it_is_in_plain_words_without_names_and_is_written_down_as_a_print(self, leader: Client, kari: User, child: Person) -> None:
        look(child, kari, ground="clinic")
        look(child, kari, ground="clinic", at=NOW - 2 * HOUR)
        page = shown(leader, f"/child/{child.public_id}/access-log/extract/?asker=guardian")
        assert "Ada Fjell, født 05.01.2026" in page
        assert "06.04.2026 07.10–08.10, 2 ganger Helsesykepleier, Helsestasjonen Barnet hører til helsestasjonen" in page
        assert "Kari" not in page
        printed = AuditEvent.objects.get(action="access_log.printed")
        assert (printed.about, printed.detail) == (str(child.public_id), {"page": "extract", "asker": "guardian"})

    def test_of_a_protected_child_parents_are_not_told_where_it_is_followed(
        self, leader: Client, lea: User, kari: User, child: Person
    ) -> None:
        Person.objects.filter(pk=child.pk).update(protection="confidential")
        NamedForProtected.objects.create(user=lea, person=child, from_at=NOW - HOUR, reason="følger barnet", named_by="annen")
        look(child, kari, ground="clinic")
        assert "Helsestasjonen" not in shown(leader, f"/child/{child.public_id}/access-log/extract/?asker=guardian")
        assert "Helsestasjonen" in shown(leader, f"/child/{child.public_id}/access-log/extract/?asker=themselves")

    def test_it_is_refused_to_guardians_of_a_youth_and_to_who_may_not_open_the_child(
        self, leader: Client, officer: Client, child: Person
    ) -> None:
        there = f"/child/{child.public_id}/access-log/extract/"
        assert officer.get(f"{there}?asker=guardian").status_code == 403
        assert leader.get(f"{there}?asker=nabo").status_code == 404
        Person.objects.filter(pk=child.pk).update(born_on=date(2009, 1, 1), born_by=date(2009, 1, 1))
        assert leader.get(f"{there}?asker=guardian").status_code == 409
        assert not AuditEvent.objects.filter(action="access_log.printed").exists()


class TestOneEmployeesLog:
    def test_it_says_what_they_opened_and_were_refused(self, leader: Client, kari: User, child: Person) -> None:
        look(child, kari, ground="clinic")
        look(child, kari, is_refused=True, at=NOW - 2 * DAY)
        assert "Velg ansatt" in shown(leader, f"{LOG}employee/")
        page = shown(leader, f"{LOG}employee/?account={kari.pk}")
        assert "Ada Fjell loggen Ada Fjell Åpnet: barnets side Barnet hører til helsestasjonen deres Vist" in page
        assert "Prøvde å åpne: barnets side – ingen Avvist" in page
        assert "Avvist" not in shown(leader, f"{LOG}employee/?account={kari.pk}&on=2026-04-06")

    @pytest.mark.parametrize("asked", ["account=x", "account=999999", "on=hår"])
    def test_what_no_link_of_ours_asks_is_no_page(self, leader: Client, asked: str) -> None:
        assert leader.get(f"{LOG}employee/?{asked}").status_code == 404

    def test_it_costs_the_same_however_many(self, leader: Client, here: StaffedClinic, kari: User, child: Person) -> None:
        there = f"{LOG}employee/?account={kari.pk}"
        look(child, kari)
        for_one = questions(leader, there)
        for number in range(5):
            look(an_enrolled_child(here, given_name=f"Barn{number}").person, kari)
        assert questions(leader, there) == for_one


class TestWhatIsGiven:
    def test_access_is_given_until_a_day_and_undone_with_its_history(self, leader: Client, kari: User, child: Person) -> None:
        there = f"/child/{child.public_id}/access/"
        fields = {"account": kari.pk, "until": "2026-04-20", "reason": "Vikar for Per"}
        status, page = sent(leader, f"{there}authorise/", fields)
        assert (status, "Prøve" in page, "Kari Kvist har tilgang til og med 20.04.2026." in page) == (200, True, True)
        assert "Kari Kvist 06.04.2026–20.04.2026 av Prøve leader Vikar for Per gjelder nå" in page
        given = Authorisation.objects.get()
        assert given.until_at == datetime.fromisoformat("2026-04-20T22:00:00+00:00")
        page = sent(leader, f"{there}withdraw/", {"number": given.pk})[1]
        assert "Tilgangen til Kari Kvist er trukket tilbake." in page
        assert "trukket tilbake 06.04.2026 kl. 09.10 av Prøve leader" in page
        assert leader.post(f"{there}withdraw/", {"number": given.pk}).status_code == 409

    @pytest.mark.parametrize(
        ("fields", "says"),
        [
            ({"until": "2026-04-20", "reason": "Vikar"}, "Ansatt: Velg hvem det gjelder."),
            ({"account": "0", "until": "2026-04-20", "reason": "Vikar"}, "Ansatt: Velg blant det som står på listen."),
            ({"account": "kari", "reason": "Vikar"}, "Til og med: Skriv den siste dagen tilgangen gjelder."),
            ({"account": "kari", "until": "2199-12-31", "reason": "Vikar"}, "Til og med: Tilgangen må slutte en dag fram i tid"),
            ({"account": "kari", "until": "1900-01-01", "reason": "Vikar"}, "Til og med: Tilgangen må slutte en dag fram i tid"),
            ({"account": "kari", "until": "2026-04-20", "reason": " "}, "Begrunnelse: Skriv hvorfor de trenger å se journalen."),
            ({"account": "leader", "until": "2026-04-20", "reason": "Vikar"}, "Ansatt: Dette kan du ikke gjøre for deg selv."),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_nothing_is_given(
        self, leader: Client, kari: User, lea: User, child: Person, fields: dict[str, Any], says: str
    ) -> None:
        known = {"kari": kari.pk, "leader": lea.pk}
        told = {**fields, "account": known.get(fields.get("account", ""), fields.get("account", ""))}
        status, page = sent(leader, f"/child/{child.public_id}/access/authorise/", told)
        assert (status, says in page) == (422, True)
        assert not Authorisation.objects.exists()

    def test_the_family_blocks_an_employee_and_takes_it_back(self, leader: Client, kari: User, child: Person) -> None:
        there = f"/child/{child.public_id}/access/"
        fields = {"account": kari.pk, "reason": "Mor på telefon"}
        assert "Kari Kvist er sperret fra journalen." in sent(leader, f"{there}block/", fields)[1]
        nurse = signed_in(kari, at=NOW)
        assert nurse.get(f"/child/{child.public_id}/").status_code == 403
        status, page = sent(leader, f"{there}block/", fields)
        assert (status, "Familien har allerede reservert seg" in page) == (422, True)
        blocked = Blocked.objects.get()
        assert sent(leader, f"{there}unblock/", {"number": blocked.pk, "reason": ""})[0] == 422
        page = sent(leader, f"{there}unblock/", {"number": blocked.pk, "reason": "Mor i møte"})[1]
        assert "opphevet av Prøve leader: Mor i møte" in page
        assert nurse.get(f"/child/{child.public_id}/").status_code == 200
        assert leader.post(f"{there}unblock/", {"number": blocked.pk, "reason": "Mor i møte"}).status_code == 422

    def test_what_is_another_childs_is_not_ended_here(self, leader: Client, kari: User, here: StaffedClinic, child: Person) -> None:
        other = an_enrolled_child(here, given_name="Bo").person
        given = Authorisation.objects.create(
            user=kari, person=other, from_at=NOW - HOUR, until_at=NOW + DAY, reason="vikar", given_by="annen"
        )
        assert leader.post(f"/child/{child.public_id}/access/withdraw/", {"number": given.pk}).status_code == 409
        given.refresh_from_db()
        assert given.withdrawn_at is None


class TestProtectedChildren:
    def test_the_team_is_named_by_reference_and_its_members_find_the_child(
        self, leader: Client, lea: User, kari: User, child: Person
    ) -> None:
        Person.objects.filter(pk=child.pk).update(protection="confidential")
        nurse = signed_in(kari, at=NOW)
        assert nurse.get(f"/child/{child.public_id}/").status_code == 404
        page = shown(leader, f"{LOG}protected/")
        assert "1 skjermet barn har ingen navngitt" in page
        assert "Fjell" not in page
        fields = {"child": str(child.public_id), "account": kari.pk, "reason": "Følger barnet"}
        page = sent(leader, f"{LOG}protected/name/", fields)[1]
        assert "Kari Kvist er navngitt for barnet." in page
        assert "Alle skjermede barn har minst én navngitt" in page
        assert nurse.get(f"/child/{child.public_id}/").status_code == 200
        status, page = sent(leader, f"{LOG}protected/name/", fields)
        assert (status, "allerede navngitt" in page) == (422, True)
        status, page = sent(leader, f"{LOG}protected/name/", {**fields, "account": lea.pk})
        assert (status, "Dette kan du ikke gjøre for deg selv." in page) == (422, True)
        named = NamedForProtected.objects.get()
        page = sent(leader, f"{LOG}protected/unname/", {"child": str(child.public_id), "number": named.pk})[1]
        assert "Kari Kvist er ikke lenger navngitt for barnet." in page
        assert nurse.get(f"/child/{child.public_id}/").status_code == 404

    def test_a_child_that_is_not_protected_and_one_that_is_not_there_are_answered_alike(
        self, leader: Client, kari: User, child: Person
    ) -> None:
        for there in (str(child.public_id), "00000000-0000-4000-8000-000000000000", "x", ""):
            fields = {"child": there, "account": kari.pk, "reason": "Følger barnet", "number": "1"}
            assert leader.post(f"{LOG}protected/name/", fields).status_code == 404
            assert leader.post(f"{LOG}protected/unname/", fields).status_code == 404

    def test_it_costs_the_same_however_many(self, leader: Client, here: StaffedClinic, child: Person) -> None:
        Person.objects.filter(pk=child.pk).update(protection="confidential")
        for_one = questions(leader, f"{LOG}protected/")
        for number in range(4):
            an_enrolled_child(here, given_name=f"Barn{number}", protection="confidential")
        assert questions(leader, f"{LOG}protected/") == for_one
