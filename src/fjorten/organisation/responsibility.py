"""
Who sees to a thing, and who does it while they are away: the staff of a day, and the rules of `owners` asked of them.

The choice is the same for the same staff, so that a second look does not hand the work to somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Employee, Municipality
from fjorten.organisation.owners import Because, Colleague, acting_for, deputy_of, responsible


class NobodyToOwnIt(Refused):
    """Neither anybody of the role nor a leader works here on the day."""

    sentence = (
        "Ingen kan ta seg av dette: kommunen har verken noen i rollen eller en leder den dagen. Før minst en leder (`fjorten staff hire`)."
    )


@dataclass(frozen=True, slots=True)
class Responsible:
    """Whose a thing is, and who stands in. They are the same only where a service has a single employee."""

    owner: Employee
    deputy: Employee


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody employed in a municipality on a day, by primary key in the order of their codes, and which of them are in."""

    on: date
    employees: Mapping[int, Employee]
    present: frozenset[int]

    def responsible(self, role: str, *, clinic: int, same_as: int | None = None, turn: int = 0) -> Responsible:
        """
        Choose who sees to something at a clinic (by primary key), and their deputy: `owners.responsible`. Raises NobodyToOwnIt.
        """
        chosen = responsible(role, self._colleagues(clinic), same_as=same_as, turn=turn)
        if chosen is None:
            raise NobodyToOwnIt(role)
        return Responsible(self.employees[chosen.owner], self.employees[chosen.deputy])

    def deputy_of(self, owner: Employee, *, clinic: int, turn: int = 0) -> Employee:
        """Choose the deputy of an owner (the rule is `owners.deputy_of`)."""
        return self.employees[deputy_of(self._colleague(owner, clinic), self._colleagues(clinic), turn=turn)]

    def acting(self, responsible: Responsible, *, clinic: int) -> tuple[Employee, Because]:
        """Tell who does it today, and why (the rule is `owners.acting_for`)."""
        leader = self._leader_of(clinic)
        by_id = {one.pk: one for one in (responsible.owner, responsible.deputy, leader) if one is not None}
        found = acting_for(
            owner=responsible.owner.pk,
            deputy=responsible.deputy.pk,
            leader=leader.pk if leader else None,
            away=by_id.keys() - self.present,
        )
        return by_id[found.who], found.because

    def _colleagues(self, clinic: int) -> list[Colleague]:
        return [self._colleague(employee, clinic) for employee in self.employees.values()]

    def _colleague(self, employee: Employee, clinic: int) -> Colleague:
        return Colleague(
            id=employee.pk,
            role=employee.role,
            is_here=employee.clinic_id == clinic,
            is_present=employee.pk in self.present,
            deputy=employee.deputy_id,
        )

    def _leader_of(self, clinic: int) -> Employee | None:
        leaders = [employee for employee in self.employees.values() if employee.role == Employee.Role.LEADER]
        ranked = sorted(leaders, key=lambda leader: (leader.pk not in self.present, leader.clinic_id != clinic))
        return ranked[0] if ranked else None


def staff_on(*, municipality: Municipality, on: date) -> Staff:
    """Read the staff of a municipality on a day, in two questions."""
    employed = Employee.objects.filter(municipality=municipality).employed_on(on).order_by("code")
    present = Employee.objects.filter(municipality=municipality).present_on(on).values_list("pk", flat=True)
    return Staff(on, {employee.pk: employee for employee in employed}, frozenset(present))
