"""What is asked for about rosters and absences."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fjorten.access.permissions import Role
from fjorten.appointments.actions import rosters
from fjorten.appointments.models import RosterOpening
from fjorten.appointments.staffing import PERFORMERS
from fjorten.organisation.models import Employee, Room
from fjorten.programme.steps import Setting
from fjorten.web import words
from fjorten.web.administration.rosters.presenters import SETTINGS, WEEKDAYS
from fjorten.web.asked import AskedForm, a_choice, a_clock, a_day, a_number, one_of
from fjorten.web.words import capital

_NO_ROOM: Final = gettext_lazy("Uten rom, hjemmebesøk")
_NO_DOCTOR: Final = gettext_lazy("Ingen")


class OpeningForm(AskedForm):
    """A piece of the rosters."""

    groups_asked = (
        (gettext_lazy("Hvem og hvor"), ("employee", "doctor", "setting", "room")),
        (gettext_lazy("Når"), ("weekday", "begins", "ends", "every_weeks", "valid_from", "valid_until")),
        (gettext_lazy("Timene"), ("slot_minutes", "capacity", "travel_minutes")),
    )
    about: ClassVar = {
        rosters.OpeningGivesNoTime: "ends",
        rosters.ReceivesNobody: "employee",
        rosters.IsNotADoctorBeside: "doctor",
        rosters.RoomIsMissing: "room",
        rosters.RoomIsClosed: "room",
        rosters.OpeningIsAnotherMunicipalitys: "room",
        rosters.EmployeeHasAnOpeningThen: "begins",
        rosters.RoomHasAnOpeningThen: "room",
        rosters.OpeningEndsBeforeItBegins: "valid_from",
        rosters.OpeningHasEnded: "valid_from",
    }

    def __init__(
        self, staff: Sequence[Employee], rooms: Sequence[Room], data: Any = None, *, today: date, opening: RosterOpening | None = None
    ) -> None:
        """Fill in the opening that is changed, or what most are."""
        super().__init__(data, initial=_of(opening, today) if opening else {"valid_from": today, **_USUAL})
        receive = [one for one in staff if one.role in PERFORMERS]
        doctors = [one for one in staff if one.role == Employee.Role.DOCTOR]
        settings = [(setting.value, capital(str(said))) for setting, said in SETTINGS.items()]
        weekdays = [(str(number), capital(str(day))) for number, day in enumerate(WEEKDAYS)]
        self.fields["employee"] = a_choice(_("Hvem tar imot"), _people(receive), missing=_("Velg hvem som tar imot."), none=_("Velg"))
        self.fields["doctor"] = a_choice(_("Lege som er med"), _people(doctors), none=_NO_DOCTOR)
        self.fields["setting"] = one_of(_("Hva"), settings, missing=_("Velg hva åpningen er til."))
        self.fields["room"] = a_choice(_("Rom"), [(str(room.pk), f"{room.clinic.name}: {room.name}") for room in rooms], none=_NO_ROOM)
        self.fields["weekday"] = a_choice(_("Ukedag"), weekdays, missing=_("Velg en ukedag."), none=_("Velg"))
        self.fields["begins"] = a_clock(_("Fra kl."), missing=_("Skriv når åpningen begynner."))
        self.fields["ends"] = a_clock(_("Til kl."), missing=_("Skriv når åpningen slutter."))
        self.fields["every_weeks"] = a_number(_("Uker mellom hver gang"), least=1, most=52, missing=_("Skriv et tall fra 1 til 52."))
        self.fields["valid_from"] = a_day(_("Gjelder fra"), missing=_("Skriv fra hvilken dag åpningen gjelder."))
        self.fields["valid_until"] = a_day(_("Gjelder til"), hint=_("Første dag den ikke gjelder. Kan stå tomt."))
        self.fields["slot_minutes"] = a_number(_("Minutter til hver time"), least=5, most=480, missing=_("Skriv et tall fra 5 til 480."))
        self.fields["capacity"] = a_number(
            _("Plasser i hver time"), least=1, most=30, missing=_("Skriv et tall fra 1 til 30."), hint=_("Mer enn 1 bare i grupper.")
        )
        self.fields["travel_minutes"] = a_number(
            _("Reisetid etter hver time"),
            least=0,
            most=240,
            missing=_("Skriv et tall fra 0 til 240."),
            hint=_("Minutter, ved hjemmebesøk."),
        )
        self._staff = {str(one.pk): one for one in staff}
        self._rooms = {str(room.pk): room for room in rooms}

    def opening(self) -> dict[str, Any]:
        """Give what was chosen as the actions take it, but for the first day."""
        said = self.cleaned_data
        room, employee = self._rooms.get(said["room"]), self._staff[said["employee"]]
        kept = {name: said[name] for name in ("begins", "ends", "valid_until", "slot_minutes", "capacity", "every_weeks", "travel_minutes")}
        return {
            "clinic": room.clinic if room else employee.clinic,
            "employee": employee,
            "doctor": self._staff.get(said["doctor"]),
            "room": room,
            "setting": Setting(said["setting"]),
            "weekday": int(said["weekday"]),
            **kept,
        }


_USUAL: Final = {"setting": Setting.CLINIC.value, "every_weeks": 1, "slot_minutes": 30, "capacity": 1, "travel_minutes": 0}


def _of(opening: RosterOpening, today: date) -> dict[str, Any]:
    return {
        "employee": opening.employee_id,
        "doctor": opening.doctor_id or "",
        "setting": opening.setting,
        "room": opening.room_id or "",
        "weekday": opening.weekday,
        "begins": opening.begins,
        "ends": opening.ends,
        "every_weeks": opening.every_weeks,
        "valid_from": max(today, opening.valid_from),
        "valid_until": opening.valid_until,
        "slot_minutes": opening.slot_minutes,
        "capacity": opening.capacity,
        "travel_minutes": opening.travel_minutes,
    }


class EndOpeningForm(AskedForm):
    """The first day an opening gives no time."""

    groups_asked = (("", ("on",)),)
    about: ClassVar = {rosters.OpeningEndsBeforeItBegins: "on", rosters.OpeningHasEnded: "on"}

    def __init__(self, data: Any = None, *, today: date) -> None:
        """Ask for today."""
        super().__init__(data, initial={"on": today})
        self.fields["on"] = a_day(_("Gir ingen timer fra"), missing=_("Skriv fra hvilken dag."))


def _people(employees: Iterable[Employee]) -> list[tuple[str, str]]:
    return [(str(one.pk), f"{one.name}, {words.role(Role(one.role))}") for one in employees]
