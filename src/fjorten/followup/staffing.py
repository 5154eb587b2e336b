"""Who is there to own a case or act in it: the staff of a day, and the rules of `owners` asked of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fjorten.appointments.models import Appointment
from fjorten.appointments.states import State
from fjorten.followup.ladder import Owner
from fjorten.followup.models import Case
from fjorten.followup.owners import Because, Colleague, acting_for, deputy_of, responsible
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Clinic, Employee, Municipality
from fjorten.people.models import Person


class NobodyToOwnTheCase(Refused):
    """Neither anybody of the role nor a leader works here on the day."""

    sentence = "Ingen kan eie saken: kommunen har verken noen i rollen eller en leder den dagen. Registrer en leder, så åpnes den."


@dataclass(frozen=True, slots=True)
class Pair:
    """Whose a case is, and their deputy."""

    owner: Employee
    deputy: Employee


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody employed in a municipality on a day, by id in the order of their codes, and which of them are in."""

    on: date
    employees: Mapping[int, Employee]
    present: frozenset[int]

    def responsible_for(self, who: Owner, *, clinic_id: int, same_as: int | None = None, turn: int = 0) -> Pair:
        """Choose owner and deputy of a step (the rule is `owners.responsible`). Raises NobodyToOwnTheCase."""
        chosen = responsible(who, self._colleagues(clinic_id), same_as=same_as, turn=turn)
        if chosen is None:
            raise NobodyToOwnTheCase(who)
        return Pair(self.employees[chosen.owner], self.employees[chosen.deputy])

    def deputy_of(self, owner: Employee, *, clinic_id: int, turn: int = 0) -> Employee:
        """Choose the deputy of an owner (the rule is `owners.responsible`)."""
        return self.employees[deputy_of(self._colleague(owner, clinic_id), self._colleagues(clinic_id), turn=turn)]

    def acting_in(self, case: Case) -> tuple[Employee, Because]:
        """Tell who acts in a case on the day and why; the case comes with owner, deputy and enrolment."""
        leader = self._leader_of(case.planned_step.enrolment.clinic_id)
        by_id = {case.owner_id: case.owner, case.deputy_id: case.deputy}
        if leader is not None:
            by_id[leader.pk] = leader
        away = by_id.keys() - self.present
        acting = acting_for(owner=case.owner_id, deputy=case.deputy_id, leader=leader.pk if leader else None, away=away)
        return by_id[acting.who], acting.because

    def _colleagues(self, clinic_id: int) -> list[Colleague]:
        return [self._colleague(employee, clinic_id) for employee in self.employees.values()]

    def _colleague(self, employee: Employee, clinic_id: int) -> Colleague:
        return Colleague(
            id=employee.pk,
            role=employee.role,
            is_here=employee.clinic_id == clinic_id,
            is_present=employee.pk in self.present,
            deputy=employee.deputy_id,
        )

    def _leader_of(self, clinic_id: int) -> Employee | None:
        leaders = [employee for employee in self.employees.values() if employee.role == Employee.Role.LEADER]
        ranked = sorted(leaders, key=lambda leader: (leader.pk not in self.present, leader.clinic_id != clinic_id))
        return ranked[0] if ranked else None


def staff_on(municipality: Municipality, *, on: date) -> Staff:
    """This function will read the staff of a municipality on a day, in two queries."""
    employed = Employee.objects.filter(municipality=municipality).employed_on(on).order_by("code")
    present = Employee.objects.filter(municipality=municipality).present_on(on).values_list("pk", flat=True)
    return Staff(on, {employee.pk: employee for employee in employed}, frozenset(present))


def responsible_for(who: Owner, *, clinic: Clinic, on: date, same_as: Employee | None = None, turn: int = 0) -> Pair:
    """
    This function will choose who owns a step at a clinic on a day, and who their deputy is. `turn` spreads cases over several of a role.

    Raises NobodyToOwnTheCase.
    """
    staff = staff_on(clinic.municipality, on=on)
    return staff.responsible_for(who, clinic_id=clinic.pk, same_as=same_as.pk if same_as else None, turn=turn)


def nurse_known_to(person: Person) -> int | None:
    """This function will find the nurse, by id, who last met the child, so that the family meets somebody they know."""
    met = Appointment.objects.filter(person=person, state=State.ATTENDED.value, employee__role=Employee.Role.NURSE)
    return met.order_by("-begins_at").values_list("employee_id", flat=True).first()
