"""One account for each role in a simulated municipality, all with one password: for the demo, which tells it to whoever tries it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from fjorten.access.actions import give_role, open_account, set_password
from fjorten.access.permissions import Role
from fjorten.audit.actor import Actor
from fjorten.organisation.models import Municipality
from fjorten.organisation.queries import employees_of

PASSWORD: Final = "fjorten konsultasjoner"  # noqa: S105  of invented people in an invented municipality
_BY: Final = Actor(who="demo", role="technical_administrator", ground="demo")

# Sign-in names, and those of the roles that have nobody among the simulated staff.
_LOGINS: Final = {
    Role.NURSE: "helsesykepleier",
    Role.DOCTOR: "lege",
    Role.PHYSIOTHERAPIST: "fysioterapeut",
    Role.CLERK: "merkantil",
    Role.LEADER: "leder",
    Role.MIDWIFE: "jordmor",
    Role.SCHOOL_NURSE: "skole",
    Role.ANALYST: "analytiker",
    Role.PRIVACY_OFFICER: "personvern",
    Role.ADMINISTRATOR: "drift",
}
_NAMES: Final = {
    Role.MIDWIFE: "Jordmor Lind",
    Role.SCHOOL_NURSE: "Helsesykepleier Rogn",
    Role.ANALYST: "Analytiker Bjørk",
    Role.PRIVACY_OFFICER: "Personvernombud Alm",
    Role.ADMINISTRATOR: "Driftsansvarlig Gran",
}


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Who can be tried out: sign-in name, role, and where."""

    login: str
    role: Role
    place: str


def open_demo_accounts(municipality: Municipality, *, on: date, at: datetime) -> list[DemoAccount]:
    """This function will open one account for each role: of the first employee who has it, and without an employee for the others."""
    opened = []
    staff = {employee.role: employee for employee in reversed(employees_of(municipality, on=on).select_related("clinic").order_by("code"))}
    for role, login in _LOGINS.items():
        employee = staff.get(role.value)
        name = employee.name if employee else _NAMES[role]
        user = open_account(municipality=municipality, login=login, name=name, employee=employee, by=_BY, at=at)
        clinic = employee.clinic if employee else None
        give_role(user=user, role=role, clinic=clinic, from_on=on, by=_BY, at=at)
        set_password(user=user, password=PASSWORD, by=_BY, at=at)
        opened.append(DemoAccount(login, role, clinic.name if clinic else municipality.name))
    return opened
