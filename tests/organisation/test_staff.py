"""Those who work at a clinic, their deputies, and its rooms."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent
from fjorten.organisation.actions import (
    DeputyCannotStandIn,
    EmployeeCodeIsTaken,
    EmploymentEndsBeforeItBegins,
    EmploymentHasEnded,
    NameIsMissing,
    end_employment,
    hire,
    name_deputy,
    open_clinic,
    open_municipality,
    open_room,
)
from fjorten.organisation.models import Clinic, Employee, Municipality, Room
from fjorten.organisation.queries import NoSuchEmployee, employee_coded, employees_of

TODAY = date(2026, 3, 10)


@pytest.fixture
def signed(clerk: Actor, at: datetime) -> dict[str, Any]:
    return {"by": clerk, "at": at}


@pytest.fixture
def clinic(municipality: Municipality) -> Clinic:
    return municipality.clinics.get()


def hired(clinic: Clinic, code: str, signed: dict[str, Any], **traits: Any) -> Employee:
    usual = {"name": code.title(), "role": Employee.Role.NURSE, "employed_from": date(2025, 1, 1)}
    return hire(clinic=clinic, code=code, **(usual | traits), **signed)


def last_event() -> tuple[str, dict[str, Any]]:
    event = AuditEvent.objects.latest("seq")
    return event.action, event.detail


def test_an_employee_is_found_by_the_code_the_rosters_use(clinic: Clinic, signed: dict[str, Any]) -> None:
    kari = hired(clinic, "kari", signed, name="Kari Kvist", email="kari@klinikken.example")
    assert employee_coded("kari", clinic.municipality) == kari
    assert (str(kari), kari.role, kari.email, kari.municipality) == (
        "Kari Kvist",
        "public_health_nurse",
        "kari@klinikken.example",
        clinic.municipality,
    )
    assert last_event() == ("employee.hired", {"employee": "kari", "role": "public_health_nurse", "employed_from": "2025-01-01"})
    with pytest.raises(NoSuchEmployee):
        employee_coded("Kari", clinic.municipality)


def test_a_code_is_one_employees_in_a_municipality(clinic: Clinic, signed: dict[str, Any]) -> None:
    hired(clinic, "kari", signed)
    with pytest.raises(EmployeeCodeIsTaken):
        hired(open_clinic(municipality=clinic.municipality, name="Nord", **signed), "kari", signed)
    neighbour = open_municipality(code="9902", name="Nabokommunen", **signed)
    assert hired(neighbour.clinics.get(), "kari", signed) != employee_coded("kari", clinic.municipality)


@pytest.mark.parametrize("told", [{"code": " "}, {"code": "k", "name": " "}])
def test_an_employee_has_a_code_and_a_name(told: dict[str, str], clinic: Clinic, signed: dict[str, Any]) -> None:
    with pytest.raises(NameIsMissing):
        hired(clinic, told.pop("code"), signed, **told)
    with pytest.raises(NameIsMissing):
        open_room(clinic=clinic, name="", **signed)
    assert not Employee.objects.exists()
    assert not Room.objects.exists()


def test_employees_are_those_of_a_day_and_a_clinic(clinic: Clinic, signed: dict[str, Any]) -> None:
    north = open_clinic(municipality=clinic.municipality, name="Nord", **signed)
    per, kari = hired(clinic, "per", signed), hired(clinic, "kari", signed)
    nora, coming = hired(north, "nora", signed), hired(clinic, "ny", signed, employed_from=TODAY + timedelta(days=1))
    end_employment(employee=per, on=TODAY, **signed)
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    assert list(employees_of(clinic.municipality, on=yesterday)) == [kari, nora, per]
    assert list(employees_of(clinic.municipality, on=TODAY)) == [kari, nora]
    assert list(employees_of(clinic.municipality, on=tomorrow, clinic=clinic)) == [kari, coming]
    assert employee_coded("per", clinic.municipality) == per


def test_an_employment_ends_once_and_not_before_it_began(clinic: Clinic, signed: dict[str, Any]) -> None:
    kari = hired(clinic, "kari", signed)
    with pytest.raises(EmploymentEndsBeforeItBegins):
        end_employment(employee=kari, on=date(2024, 12, 31), **signed)
    end_employment(employee=kari, on=TODAY, **signed)
    assert last_event() == ("employee.left", {"employee": "kari", "on": "2026-03-10"})
    for day in (TODAY, TODAY + timedelta(days=1)):
        with pytest.raises(EmploymentHasEnded):
            end_employment(employee=kari, on=day, **signed)
    end_employment(employee=kari, on=TODAY - timedelta(days=1), **signed)
    kari.refresh_from_db()
    assert kari.employed_until == TODAY - timedelta(days=1)


def test_a_deputy_is_somebody_else_who_works_here(clinic: Clinic, signed: dict[str, Any]) -> None:
    kari, per, left = (hired(clinic, code, signed) for code in ("kari", "per", "borte"))
    end_employment(employee=left, on=TODAY, **signed)
    neighbour = hired(open_municipality(code="9902", name="Nabokommunen", **signed).clinics.get(), "nora", signed)
    for wrong in (kari, left, neighbour):
        with pytest.raises(DeputyCannotStandIn):
            name_deputy(employee=kari, deputy=wrong, **signed)
    name_deputy(employee=kari, deputy=per, **signed)
    kari.refresh_from_db()
    assert kari.deputy == per
    assert last_event() == ("employee.deputy_named", {"employee": "kari", "deputy": "per"})
    name_deputy(employee=kari, deputy=None, **signed)
    kari.refresh_from_db()
    assert kari.deputy is None


def test_a_room_is_opened_once(clinic: Clinic, signed: dict[str, Any]) -> None:
    first = open_room(clinic=clinic, name="Rom 1", **signed)
    assert last_event() == ("room.opened", {"clinic": "Helsestasjonen", "name": "Rom 1"})
    events = AuditEvent.objects.count()
    assert open_room(clinic=clinic, name="Rom 1", **signed) == first
    assert AuditEvent.objects.count() == events
