"""
Who sees to a thing, and who does it while they are away: nothing that waits for a person waits for nobody.

The choice is pure and always the same for the same staff, so that a second look does not hand the work to somebody else.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Absence, Employee, Municipality


class NobodyToOwnIt(Refused):
    """The municipality has no staff noted who could see to it."""

    sentence = "Ingen ansatte er ført som kan ta seg av dette. Før minst en leder (`fjorten staff hire`), så får det en eier."


@dataclass(frozen=True, slots=True)
class Responsible:
    """Whose a thing is, and who stands in. They are the same only where a service has a single employee."""

    owner: Employee
    deputy: Employee


@dataclass(frozen=True, slots=True)
class Staff:
    """Those employed in a municipality on a day, in the order they were noted, and the keys of those away the whole day."""

    employed: Sequence[Employee]
    away: Collection[int]

    def responsible(self, role: Employee.Role, *, clinic: int, preferred: int | None = None) -> Responsible:
        """
        Choose who sees to something at a clinic (by primary key).

        The preferred employee, if employed and of the role; else one of the role at the clinic, else elsewhere in the municipality, else a
        leader, else anybody; present before away [default]. The deputy is the one the owner has named, else another of the role, else a
        leader. Raises NobodyToOwnIt.
        """
        ranked = sorted(self.employed, key=lambda one: self._rank(one, role, clinic, preferred))
        if not ranked:
            raise NobodyToOwnIt
        owner = ranked[0]
        named = next((one for one in self.employed if one.pk == owner.deputy_id), None)
        others = [one for one in ranked if one.pk != owner.pk]
        return Responsible(owner, named or (others[0] if others else owner))

    def acting(self, responsible: Responsible) -> Employee:
        """Tell who does it today: the owner, else the deputy, else a leader who is here, else still the owner."""
        leaders = [one for one in self.employed if one.role == Employee.Role.LEADER]
        for one in (responsible.owner, responsible.deputy, *leaders):
            if one.pk not in self.away and any(one.pk == employed.pk for employed in self.employed):
                return one
        return responsible.owner

    def _rank(self, one: Employee, role: Employee.Role, clinic: int, preferred: int | None) -> tuple[int, bool, bool, bool, int]:
        fitness = 0 if one.role == role else 1 if one.role == Employee.Role.LEADER else 2
        return (fitness, one.pk in self.away, one.pk != preferred, one.clinic_id != clinic, one.pk)


def staff_on(*, municipality: Municipality, on: date) -> Staff:
    """Read who is employed on a day, and who is away all of it."""
    employed = list(Employee.objects.filter(municipality=municipality).employed_on(on).select_related("municipality").order_by("pk"))
    away = Absence.objects.filter(clinic__municipality=municipality, employee__isnull=False, begins__isnull=True).on(on)
    return Staff(employed, frozenset(key for key in away.values_list("employee_id", flat=True) if key is not None))
