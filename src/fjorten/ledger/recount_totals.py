"""Recounting the totals of the ledger from the recounted children, one by one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from fjorten.ledger.differences import Difference, Table
from fjorten.ledger.raw_rows import ClinicAreaRow, ClinicRow, rows, rows_with
from fjorten.ledger.recount_people import Child
from fjorten.ledger.recount_plans import PlansOfPerson
from fjorten.organisation.models import Clinic, ClinicArea, Municipality

_STANDINGS: Final = ("enrolled", "in_transfer", "outside", "unaccounted")
_OTHER_COUNTS: Final = ("protected", "enrolled_not_resident", "past_age_unsettled", "unconfirmed_elsewhere", "not_closed", "open_cases")
_UNSETTLED: Final = frozenset({"not_yet_due", "due", "overdue", "booked", "missed"})


class CountedChild(NamedTuple):
    """One resident child as recounted: where it stands (L1), and every step with its state (L3)."""

    standing: str
    steps: tuple[tuple[str, str], ...]


class Totals:
    """
    The totals of the ledger, added up child by child. `as_plain` gives them under the same keys as `fjorten ledger --json`.

    `of_children` are the resident children by opaque id.
    """

    def __init__(self, municipality: Municipality) -> None:
        self._clinics = _Clinics(municipality)
        self._counts: dict[str, int] = defaultdict(int)
        self._steps: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._by_clinic: dict[str, dict[str, int]] = {name: defaultdict(int) for name in self._clinics.names.values()}
        self.of_children: dict[str, CountedChild] = {}

    def add(self, public_id: str, child: Child, plans: PlansOfPerson, *, on: date) -> None:
        """Count one person."""
        if not child.is_resident:
            self._count_not_resident(child, plans, on)
            return
        standing = _standing(plans)
        self._counts["residents"] += 1
        self._counts[standing] += 1
        self._counts["protected"] += child.is_protected
        steps = [step for enrolment in plans.enrolments for step in enrolment.steps]
        for step in steps:
            self._steps[step.step][step.state] += 1
            self._counts["unconfirmed_elsewhere"] += step.is_claimed
        if not child.is_protected:
            followed_at = [self._clinics.names[enrolment.clinic] for enrolment in plans.enrolments]
            for clinic in followed_at or [self._clinics.serving(child.basic_unit)]:
                self._by_clinic[clinic]["residents"] += 1
                self._by_clinic[clinic][standing] += 1
        self.of_children[public_id] = CountedChild(standing, tuple((step.step, step.state) for step in steps))

    def add_not_closed(self, number: int) -> None:
        """Count appointments of earlier days nobody has closed, whoever's they are."""
        self._counts["not_closed"] += number

    def add_open_cases(self, number: int) -> None:
        """Count cases nobody has closed, whoever's they are."""
        self._counts["open_cases"] += number

    def _count_not_resident(self, child: Child, plans: PlansOfPerson, on: date) -> None:
        """Count who is enrolled and not among the residents of the age group: gone by the register, or past the age with something left."""
        if not child.is_alive:
            return
        if child.is_in_age_group:
            self._counts["enrolled_not_resident"] += len(plans.enrolments)
        elif child.lives_here and child.born_on is not None and child.born_on <= on:
            unsettled = [enrolment for enrolment in plans.enrolments if any(step.state in _UNSETTLED for step in enrolment.steps)]
            self._counts["past_age_unsettled"] += len(unsettled)

    def as_plain(self) -> dict[str, Any]:
        """Give the totals as plain values."""
        return {
            **{name: self._counts[name] for name in ("residents", *_STANDINGS)},
            **{name: self._counts[name] for name in _OTHER_COUNTS},
            "steps": {step: dict(sorted(states.items())) for step, states in sorted(self._steps.items())},
            "clinics": {
                clinic: {name: counts[name] for name in ("residents", *_STANDINGS)} for clinic, counts in sorted(self._by_clinic.items())
            },
        }


def differing_totals(table: Table, row: str, told: Mapping[str, Any], recounted: Mapping[str, Any]) -> Iterator[Difference]:
    """Hold totals as they are told against the recounted ones. Only what has been recounted is compared; zero and absent are the same."""
    ledger, recount = _flat({name: told.get(name, {}) for name in recounted}), _flat(recounted)
    for name in sorted(ledger.keys() | recount.keys()):
        if ledger.get(name, 0) != recount.get(name, 0):
            part = f"{row}, {name}" if row else name
            yield Difference(table, "", part, "balance", str(ledger.get(name, 0)), str(recount.get(name, 0)))


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, int]:
    flat: dict[str, int] = {}
    for name, told in values.items():
        if isinstance(told, Mapping):
            flat |= _flat(told, f"{prefix}{name} › ")
        else:
            flat[f"{prefix}{name}"] = told
    return flat


def _standing(plans: PlansOfPerson) -> str:
    """Tell where a resident stands (L1). The journal on its way counts before the plan, the plan before a reason for standing outside."""
    if "in_transfer" in plans.decisions:
        return "in_transfer"
    if plans.enrolments:
        return "enrolled"
    return "outside" if "outside" in plans.decisions else "unaccounted"


class _Clinics:
    """The clinics by primary key, and which of them serves a basic unit."""

    def __init__(self, municipality: Municipality) -> None:
        own = list(rows(ClinicRow, Clinic, municipality=municipality.pk))
        self.names = {row.id: row.name for row in own}
        self._default = next((row.name for row in own if row.is_default), "")
        self._areas = {
            row.basic_unit_prefix: self.names[row.clinic_id] for row in rows_with(ClinicAreaRow, ClinicArea, "clinic_id", self.names)
        }

    def serving(self, basic_unit: str) -> str:
        """Tell the clinic of a basic unit: the longest area that fits, else the default clinic."""
        fitting = [prefix for prefix in self._areas if basic_unit.startswith(prefix)]
        return self._areas[max(fitting, key=len)] if fitting and basic_unit else self._default
