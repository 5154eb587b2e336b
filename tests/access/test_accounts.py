"""Accounts and roles: given by somebody else, held from a day until a day, and told afterwards as they were."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, IntegrityError, connection, transaction

from fjorten.access.actions import (
    AccountIsClosed,
    AccountIsOpen,
    ClinicIsElsewhere,
    EmployeeHasAnAccount,
    LoginIsInvalid,
    LoginIsTaken,
    NobodyChangesTheirOwnRoles,
    NumberIsTaken,
    PasswordIsTooWeak,
    RoleEndsInThePast,
    RoleHasEnded,
    RoleHasNoDays,
    RoleIsHeldAlready,
    close_account,
    end_role,
    give_role,
    open_account,
    reopen_account,
    set_password,
    tell_own_number,
)
from fjorten.access.models import RoleHeld, User
from fjorten.access.permissions import Permission, Role
from fjorten.access.queries import (
    NoSuchAccount,
    RoleIsNotHeld,
    account_called,
    account_named,
    accounts_of,
    role_of_account,
    roles_held,
    staff_at,
    staff_of,
)
from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent
from fjorten.kernel.national_id import NationalId
from fjorten.kernel.writing import TextIsTooLong
from fjorten.organisation.actions import end_employment, open_clinic, open_municipality
from fjorten.organisation.models import Clinic, Municipality
from tests.factories.access import OWNER, an_account, at_work
from tests.factories.clinic import AT, LEADER, TODAY, StaffedClinic, a_staffed_clinic
from tests.factories.register import a_number

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def here(municipality: Municipality) -> StaffedClinic:
    return a_staffed_clinic(municipality, has_rosters=False)


@pytest.fixture
def north(municipality: Municipality) -> Clinic:
    return open_clinic(municipality=municipality, name="Nord", by=LEADER, at=AT)


@pytest.fixture
def neighbour(db: None) -> Municipality:
    return open_municipality(code="9902", name="Nabokommunen", by=OWNER, at=AT)


def held(user: User, role: Role) -> RoleHeld:
    return RoleHeld.objects.select_related("user__municipality", "user__employee", "clinic").get(user=user, role=role.value)


def test_a_nurse_is_told_who_she_is_at_work(here: StaffedClinic) -> None:
    kari = at_work(an_account(here.municipality, "kari.kvist", employee=here.nurse, clinics=[here.clinic]))
    assert (kari.who, kari.login, kari.name, kari.initials) == ("kari", "kari.kvist", "Kari Kvist", "KK")
    assert (kari.employee, kari.clinics, kari.roles) == (here.nurse.pk, {here.clinic.pk}, {Role.NURSE})
    assert kari.may(Permission.WRITE_JOURNAL)
    assert not kari.may(Permission.APPROVE_TEXTS)
    assert kari.actor(ground="clinic") == Actor("kari", "public_health_nurse", "Helsestasjonen", "clinic")
    assert "KK" not in repr(kari) and repr(kari) == "Staff('kari')"


def test_who_she_is_costs_two_questions_at_most(here: StaffedClinic, django_assert_max_num_queries: Any) -> None:
    everywhere = an_account(here.municipality, "eva", roles=[Role.NURSE, Role.LEADER], clinics=[None])
    with django_assert_max_num_queries(2):
        at_work(everywhere)


def test_several_roles_act_as_the_one_that_may(here: StaffedClinic) -> None:
    staff = at_work(an_account(here.municipality, "lea", name="Lea", roles=[Role.LEADER, Role.NURSE]))
    assert staff.actor().role == "public_health_nurse"
    assert staff.actor(using=Permission.APPROVE_TEXTS).role == "leader"
    assert (staff.actor().unit, staff.initials) == ("Prøvekommunen", "L")


def test_a_role_that_sees_no_child_opens_no_clinic(here: StaffedClinic, north: Clinic) -> None:
    user = an_account(here.municipality, "mons", roles=[Role.ANALYST])
    give_role(user=user, role=Role.CLERK, clinic=north, from_on=TODAY, by=OWNER, at=AT)
    assert at_work(user).clinics == {north.pk}


def test_nobody_without_a_role_today_is_let_in(here: StaffedClinic) -> None:
    coming = an_account(here.municipality, "vikar", from_on=TODAY + DAY)
    assert staff_of(coming, at=AT) is None
    assert staff_of(coming, at=AT + DAY) is not None
    assert staff_of(AnonymousUser(), at=AT) is None
    assert staff_of(User(login="ingen"), at=AT) is None


def test_a_closed_account_and_somebody_who_has_left_are_refused_at_once(here: StaffedClinic) -> None:
    leaves = an_account(here.municipality, "per", employee=here.other_nurse)
    is_closed = an_account(here.municipality, "ola", employee=here.doctor, roles=[Role.DOCTOR])
    end_employment(employee=here.other_nurse, on=TODAY, by=LEADER, at=AT)
    close_account(user=is_closed, by=OWNER, at=AT)
    assert staff_of(leaves, at=AT) is None
    assert staff_of(is_closed, at=AT) is None


def test_who_had_access_on_a_day_is_told_afterwards(here: StaffedClinic) -> None:
    user = an_account(here.municipality, "kari", employee=here.nurse)
    later = AT + 10 * DAY
    end_role(held=held(user, Role.NURSE), on=TODAY + 10 * DAY, by=OWNER, at=later)
    days = {day: roles_held(here.municipality, on=TODAY + day * DAY).exists() for day in (-1, 0, 9, 10, 11)}
    assert days == {-1: False, 0: True, 9: True, 10: True, 11: False}, "held until she lost it in the course of the tenth day"
    assert [one.who for one in staff_at(here.municipality, at=AT)] == ["kari"]
    close_account(user=user, by=OWNER, at=later + DAY)
    assert roles_held(here.municipality, on=TODAY).exists(), "also when the account is closed since"


def test_a_role_ended_the_same_day_was_held_that_day_and_lets_nobody_in_after(here: StaffedClinic) -> None:
    user = an_account(here.municipality, "eva")
    end_role(held=held(user, Role.NURSE), on=TODAY, by=OWNER, at=AT + timedelta(hours=1))
    assert staff_of(user, at=AT + timedelta(hours=1)) is None
    assert roles_held(here.municipality, on=TODAY).exists()
    with pytest.raises(RoleHasEnded):
        end_role(held=held(user, Role.NURSE), on=TODAY, by=OWNER, at=AT)


def test_a_role_that_has_not_begun_is_never_held_when_it_is_ended(here: StaffedClinic) -> None:
    user = an_account(here.municipality, "vikar", from_on=TODAY + 5 * DAY)
    end_role(held=held(user, Role.NURSE), on=TODAY + DAY, by=OWNER, at=AT)
    assert staff_of(user, at=AT + 6 * DAY) is None
    assert not roles_held(here.municipality, on=TODAY + 5 * DAY).exists()


def test_closing_ends_every_role_also_those_to_come_and_opening_again_gives_none(here: StaffedClinic) -> None:
    user = an_account(here.municipality, "eva")
    give_role(user=user, role=Role.LEADER, clinic=None, from_on=TODAY + 5 * DAY, by=OWNER, at=AT)
    close_account(user=user, by=OWNER, at=AT)
    with pytest.raises(AccountIsClosed):
        close_account(user=user, by=OWNER, at=AT)
    reopen_account(user=user, by=OWNER, at=AT)
    with pytest.raises(AccountIsOpen):
        reopen_account(user=user, by=OWNER, at=AT)
    assert staff_of(User.objects.get(pk=user.pk), at=AT) is None
    assert staff_of(User.objects.get(pk=user.pk), at=AT + 6 * DAY) is None
    assert [one.ended_by for one in RoleHeld.objects.filter(user=user)] == ["drift", "drift"]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"from_on": TODAY - DAY}, RoleHasNoDays),
        ({"until_on": TODAY}, RoleHasNoDays),
        ({"role": Role.NURSE}, RoleIsHeldAlready),
        ({"by": Actor(who="eva", role="leader")}, NobodyChangesTheirOwnRoles),
    ],
)
def test_a_role_is_not_given(here: StaffedClinic, changes: dict[str, Any], refusal: type[Exception]) -> None:
    user = an_account(here.municipality, "eva")
    usual = {"role": Role.LEADER, "clinic": None, "from_on": TODAY, "by": OWNER}
    with pytest.raises(refusal):
        give_role(user=user, at=AT, **(usual | changes))


def test_days_of_one_role_do_not_overlap_and_may_follow_on_each_other(here: StaffedClinic) -> None:
    user = an_account(here.municipality, "vikar", roles=[])
    week = {"role": Role.NURSE, "clinic": None, "by": OWNER, "at": AT}
    give_role(user=user, from_on=TODAY, until_on=TODAY + 7 * DAY, **week)
    with pytest.raises(RoleIsHeldAlready):
        give_role(user=user, from_on=TODAY + 6 * DAY, **week)
    give_role(user=user, from_on=TODAY + 7 * DAY, until_on=TODAY + 9 * DAY, **week)
    assert [staff_of(user, at=AT + day * DAY) is not None for day in (0, 6, 7, 8, 9)] == [True, True, True, True, False]


def test_a_role_is_given_in_the_municipality_and_ended_from_today_on(here: StaffedClinic, neighbour: Municipality) -> None:
    user = an_account(here.municipality, "eva")
    with pytest.raises(ClinicIsElsewhere):
        give_role(user=user, role=Role.CLERK, clinic=neighbour.clinics.get(), from_on=TODAY, by=OWNER, at=AT)
    with pytest.raises(RoleEndsInThePast):
        end_role(held=held(user, Role.NURSE), on=TODAY - DAY, by=OWNER, at=AT)
    close_account(user=user, by=OWNER, at=AT)
    with pytest.raises(AccountIsClosed):
        give_role(user=user, role=Role.CLERK, clinic=None, from_on=TODAY, by=OWNER, at=AT)


@pytest.mark.parametrize("login", ["", "to ord", "usynlig\0", "linje\n"])
def test_a_sign_in_name_is_one_word(here: StaffedClinic, login: str) -> None:
    with pytest.raises(LoginIsInvalid):
        open_account(municipality=here.municipality, login=login, name="Navn", by=OWNER, at=AT)


def test_one_person_has_one_account(here: StaffedClinic, neighbour: Municipality) -> None:
    number = NationalId(a_number(date(1990, 1, 1)))
    kari = an_account(here.municipality, "kari.kvist", employee=here.nurse, number=number.digits)
    other = an_account(here.municipality, "annen")
    opened = {"name": "Navn", "by": OWNER, "at": AT}
    with pytest.raises(NumberIsTaken):
        tell_own_number(user=other, number=number, by=OWNER, at=AT)
    tell_own_number(user=kari, number=number, by=OWNER, at=AT)
    with pytest.raises(LoginIsTaken):
        open_account(municipality=neighbour, login="kari.kvist", **opened)
    with pytest.raises(LoginIsTaken):  # the trail would take the account for the doctor
        open_account(municipality=here.municipality, login="ola", **opened)
    with pytest.raises(EmployeeHasAnAccount):
        open_account(municipality=here.municipality, login="kari2", employee=here.nurse, **opened)
    with pytest.raises(EmployeeHasAnAccount):
        open_account(municipality=neighbour, login="per", employee=here.other_nurse, **opened)
    with pytest.raises(TextIsTooLong):
        open_account(municipality=neighbour, login="p" * 151, **opened)
    with pytest.raises(LoginIsInvalid):
        open_account(municipality=neighbour, login="p", name=" ", by=OWNER, at=AT)


def test_no_number_and_no_password_stands_in_the_trail(here: StaffedClinic) -> None:
    number = a_number(date(1990, 1, 1))
    an_account(here.municipality, "eva", number=number, has_password=True)
    written = str(list(AuditEvent.objects.values()))
    assert number not in written
    assert "hest batteri" not in written
    assert {"account.opened", "role.given", "account.number_told", "account.password_set"} <= set(
        AuditEvent.objects.values_list("action", flat=True)
    )


@pytest.mark.parametrize(
    ("password", "reason"),
    [("hest batte", "minst 12 tegn"), ("password1234", "mange bruker"), ("karikvistkari", "likner"), ("karikvist", "minst 12 tegn")],
)
def test_a_weak_password_is_refused_with_the_reason(here: StaffedClinic, password: str, reason: str) -> None:
    user = an_account(here.municipality, "karikvist", name="Kari Kvist")
    with pytest.raises(PasswordIsTooWeak, match=reason) as refused:
        set_password(user=user, password=password, by=OWNER, at=AT)
    assert password not in str(refused.value)


def test_accounts_are_found_by_name_and_by_what_the_trail_calls_them(here: StaffedClinic, neighbour: Municipality) -> None:
    kari = an_account(here.municipality, "kari.kvist", employee=here.nurse)
    ombud = an_account(here.municipality, "ombudet", roles=[Role.PRIVACY_OFFICER])
    assert account_named("kari.kvist", here.municipality) == kari
    assert [account_called(who, here.municipality) for who in ("kari", "ombudet", "kari.kvist", "nattkjøring")] == [kari, ombud, None, None]
    assert accounts_of(here.municipality) == [kari, ombud]
    assert role_of_account(kari, Role.NURSE, None, on=TODAY).user == kari
    with pytest.raises(RoleIsNotHeld):
        role_of_account(kari, Role.NURSE, here.clinic, on=TODAY)
    with pytest.raises(NoSuchAccount):
        account_named("kari.kvist", neighbour)


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "keiser"},
        {"until_on": TODAY - DAY},
        {"given_by": ""},
        {"ended_by": "leder"},
        {"ended_at": AT, "ended_by": "leder"},
    ],
)
def test_the_database_keeps_roles_whole(here: StaffedClinic, wrong: dict[str, Any]) -> None:
    user = an_account(here.municipality, "eva", roles=[])
    usual: dict[str, Any] = {"role": "clerk", "from_on": TODAY, "given_by": "leder", "given_at": AT}
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleHeld.objects.create(user=user, **(usual | wrong))


def test_a_role_is_never_deleted(here: StaffedClinic) -> None:
    an_account(here.municipality, "eva")
    statements = ["DELETE FROM access_roleheld"]
    if connection.vendor == "postgresql":
        statements.append("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE access_roleheld CASCADE")
    for statement in statements:
        with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert RoleHeld.objects.exists()
