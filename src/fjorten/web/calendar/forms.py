"""The forms of the calendar."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Final, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fjorten.appointments.actions.absences import AbsenceHasNoTime, AbsenceIsOfOne
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import ABSENCE_REASON, Absence, Clinic, Employee, Room
from fjorten.plans.reasons import REASON_LENGTH
from fjorten.web.asked import AskedForm, Choices, a_choice, a_clock, a_day, one_of, some_words

FAMILY: Final = "family"
CLINIC: Final = "clinic"
_WHO: Final = cast("Choices", ((FAMILY, _("Familien")), (CLINIC, _("Helsestasjonen"))))


class MoveForm(AskedForm):
    """On whose account an appointment is moved: the clinic's moves never count as the family's."""

    groups_asked = (("", ("who", "reason")),)
    who = one_of(_("Hvem ville flytte timen?"), _WHO, missing=_("Velg om det var familien eller helsestasjonen som ville flytte timen."))
    reason = some_words(_("Merknad"), most=REASON_LENGTH, hint=_("Valgfritt."), rows=2)


class CancelForm(AskedForm):
    """On whose account an appointment is cancelled, and why."""

    groups_asked = (("", ("who", "reason")),)
    who = one_of(_("Hvem avlyser timen?"), _WHO, missing=_("Velg om det er familien eller helsestasjonen som avlyser."))
    reason = some_words(_("Hvorfor?"), most=REASON_LENGTH, hint=_("Valgfritt når familien avlyser."), rows=2)

    def clean(self) -> dict[str, object]:
        """Ask for the reason when the clinic cancels: the family will ask for it."""
        said = super().clean() or {}
        if said.get("who") == CLINIC and not str(said.get("reason", "")).strip():
            self.add_error("reason", forms.ValidationError(_("Skriv hvorfor helsestasjonen avlyser, for eksempel «sykdom».")))
        return said


@dataclass(frozen=True, slots=True)
class Away:
    """Whoever can be away: an employee, a room, or (neither) the clinic."""

    clinic: Clinic
    employee: Employee | None = None
    room: Room | None = None

    @property
    def key(self) -> str:
        """What the form sends to mean it."""
        if self.employee is not None:
            return f"employee.{self.employee.pk}"
        return f"room.{self.room.pk}" if self.room is not None else f"clinic.{self.clinic.pk}"

    @property
    def label(self) -> str:
        """How the menu names it."""
        if self.employee is not None:
            return self.employee.name
        name = self.room.name if self.room is not None else gettext("hele helsestasjonen")
        return f"{self.clinic.name}, {name}"


class AbsenceForm(AskedForm):
    """Who is away, in which days, or in which hours of each, and why."""

    groups_asked = (("", ("who", "first", "last", "begins", "ends", "reason")),)
    about: ClassVar[Mapping[type[Refused], str]] = {AbsenceHasNoTime: "last", AbsenceIsOfOne: "who"}
    who = a_choice(_("Hvem eller hva er borte?"), (), missing=_("Velg en ansatt, et rom eller hele helsestasjonen."), none=_("Velg"))
    first = a_day(_("Første dag"), missing=_("Skriv den første dagen, for eksempel 24.11.2026."))
    last = a_day(_("Siste dag"), hint=_("Tomt når det bare er én dag."))
    begins = a_clock(_("Fra klokken"), hint=_("Tomt når det er hele dagen."))
    ends = a_clock(_("Til klokken"))
    reason = some_words(_("Hvorfor?"), most=ABSENCE_REASON, hint=_("Valgfritt. Skriv ingenting om helsen til den som er borte."), rows=2)

    def __init__(self, *args: Any, whom: Iterable[Away], **kwargs: Any) -> None:
        """Take those who can be away."""
        super().__init__(*args, **kwargs)
        self.whom = {away.key: away for away in whom}
        field = cast("forms.ChoiceField", self.fields["who"])
        field.choices = [("", str(_("Velg"))), *((away.key, away.label) for away in self.whom.values())]

    def absence(self) -> Absence:
        """Make the absence that was asked for, not recorded."""
        said, away = self.cleaned_data, self.whom[self.cleaned_data["who"]]
        last = said["last"] or said["first"]
        return Absence(
            clinic=away.clinic,
            employee=away.employee,
            room=away.room,
            from_on=said["first"],
            until_on=last + timedelta(days=1),
            begins=said["begins"],
            ends=said["ends"],
            reason=said["reason"],
        )
