"""
Accounts that can sign in, and who they are at work.

    kari = an_account(here.municipality, "kari", employee=here.nurse, roles=[Role.NURSE], clinics=[here.clinic])
    may_open_child(child, staff=at_work(kari), at=AT)
"""

from collections.abc import Sequence
from datetime import date, datetime

from fjorten.access.actions import give_role, open_account, set_password, tell_own_number
from fjorten.access.models import User
from fjorten.access.permissions import Role
from fjorten.access.queries import Staff, staff_of
from fjorten.audit.actor import Actor
from fjorten.kernel.national_id import NationalId
from fjorten.organisation.models import Clinic, Employee, Municipality
from tests.factories.clinic import AT, TODAY

OWNER = Actor(who="drift", role="technical_administrator", ground="test")
PASSWORD = "hest batteri stift"


def an_account(
    municipality: Municipality,
    login: str,
    *,
    name: str = "",
    employee: Employee | None = None,
    roles: Sequence[Role] = (Role.NURSE,),
    clinics: Sequence[Clinic | None] = (None,),
    number: str = "",
    has_password: bool = False,
    from_on: date = TODAY,
    at: datetime = AT,
) -> User:
    """An account with roles at all clinics, or at some, from a day on."""
    told = name or (employee.name if employee else login.title())
    user = open_account(municipality=municipality, login=login, name=told, employee=employee, by=OWNER, at=at)
    for role in roles:
        for clinic in clinics:
            give_role(user=user, role=role, clinic=clinic, from_on=from_on, by=OWNER, at=at)
    if number:
        tell_own_number(user=user, number=NationalId(number), by=OWNER, at=at)
    if has_password:
        set_password(user=user, password=PASSWORD, by=OWNER, at=at)
    return user


def at_work(user: User, *, at: datetime = AT) -> Staff:
    """Who they are at work: fails when they are nobody."""
    staff = staff_of(user, at=at)
    assert staff is not None
    return staff
