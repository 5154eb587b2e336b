"""What is asked for about staff and accounts. Shape only; what can be done is the actions' to say."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fjorten.access import actions as access
from fjorten.access.models import DISPLAY_NAME, LOGIN
from fjorten.access.permissions import Role
from fjorten.followup.actions.leaving import HeirCannotTakeOver
from fjorten.kernel.refusals import Refused
from fjorten.kernel.writing import LONGEST_EMAIL, EmailIsInvalid
from fjorten.organisation import actions as organisation
from fjorten.organisation.models import EMPLOYEE_CODE, EMPLOYEE_NAME, Clinic, Employee
from fjorten.web import words
from fjorten.web.asked import AskedForm, a_choice, a_day, a_line
from fjorten.web.words import capital

_EVERYWHERE: Final = gettext_lazy("Alle helsestasjonene")
_WRONG_DAYS: Final[dict[type[Refused], str]] = {
    access.RoleHasNoDays: "from_on",
    access.RoleEndsInThePast: "from_on",
    access.RoleHasEnded: "from_on",
}


class HireForm(AskedForm):
    """Somebody who begins to work here."""

    groups_asked = (("", ("name", "code", "role", "clinic", "employed_from", "email")),)
    about: ClassVar = {organisation.EmployeeCodeIsTaken: "code", EmailIsInvalid: "email", organisation.NameIsMissing: "name"}

    def __init__(self, clinics: Sequence[Clinic], data: Any = None, *, today: date | None = None) -> None:
        """Ask for a start today, at the clinic the municipality began with."""
        usual = next((clinic.pk for clinic in clinics if clinic.is_default), None)
        super().__init__(data, initial={"employed_from": today, "clinic": usual})
        self.fields["name"] = a_line(_("Navn"), most=EMPLOYEE_NAME, missing=_("Skriv navnet på den ansatte."))
        self.fields["code"] = a_line(
            _("Kode"),
            most=EMPLOYEE_CODE,
            missing=_("Skriv en kode for den ansatte."),
            hint=_("Det timeplanene og loggen kaller den ansatte. Den kan ikke endres. Bruk gjerne brukernavnet."),
        )
        self.fields["role"] = a_choice(_("Arbeider som"), _work(), missing=_("Velg hva den ansatte arbeider som."), none=_("Velg"))
        self.fields["clinic"] = a_choice(_("Helsestasjon"), _clinics(clinics), missing=_("Velg hvor den ansatte arbeider."))
        self.fields["employed_from"] = a_day(_("Første dag"), missing=_("Skriv den første dagen."))
        self.fields["email"] = a_line(_("E-post"), most=LONGEST_EMAIL, hint=_("Kan stå tomt."))


class LeaveForm(AskedForm):
    """The day somebody no longer works here, and who takes over."""

    groups_asked = (("", ("on", "heir")),)
    about: ClassVar = {
        organisation.EmploymentEndsBeforeItBegins: "on",
        organisation.EmploymentHasEnded: "on",
        HeirCannotTakeOver: "heir",
    }

    def __init__(self, colleagues: Iterable[Employee], data: Any = None) -> None:
        """Ask for the day; the rules choose who takes over unless somebody is named."""
        super().__init__(data)
        self.fields["on"] = a_day(_("Første dag borte"), missing=_("Skriv den første dagen den ansatte er borte."))
        self.fields["heir"] = a_choice(
            _("Hvem tar over saker og oppgaver"),
            _people(colleagues),
            none=_("Stedfortrederne, som reglene sier"),
            hint=_("Den du velger, får dem med en gang."),
        )


class DeputyForm(AskedForm):
    """Who does somebody's work while they are away."""

    groups_asked = (("", ("deputy",)),)
    about: ClassVar = {organisation.DeputyCannotStandIn: "deputy"}

    def __init__(self, colleagues: Iterable[Employee], data: Any = None, *, deputy: int | None = None) -> None:
        """Show who it is now."""
        super().__init__(data, initial={"deputy": deputy or ""})
        self.fields["deputy"] = a_choice(_("Stedfortreder"), _people(colleagues), none=_("Lederen"))


class AccountForm(AskedForm):
    """A new account with its first role; of somebody not employed also the name."""

    groups_asked = (("", ("name", "login", "role", "clinic", "from_on")),)
    about: ClassVar = {access.LoginIsInvalid: "login", access.LoginIsTaken: "login", access.ClinicIsElsewhere: "clinic", **_WRONG_DAYS}

    def __init__(self, clinics: Sequence[Clinic], data: Any = None, *, employee: Employee | None, today: date) -> None:
        """Suggest the code as sign-in name, and the role of the employment."""
        suggested = {"login": employee.code.lower(), "role": employee.role, "clinic": employee.clinic_id} if employee else {}
        super().__init__(data, initial={**suggested, "from_on": today})
        if employee is None:
            self.fields["name"] = a_line(_("Navn"), most=DISPLAY_NAME, missing=_("Skriv navnet på den som skal ha kontoen."))
        self.fields["login"] = a_line(_("Brukernavn"), most=LOGIN, missing=_("Skriv et brukernavn."), hint=_("Ett ord, små bokstaver."))
        _ask_role(self, clinics)


class RoleForm(AskedForm):
    """A role from a day on."""

    groups_asked = (("", ("role", "clinic", "from_on", "until_on")),)
    about: ClassVar = {access.RoleIsHeldAlready: "role", access.ClinicIsElsewhere: "clinic", **_WRONG_DAYS}

    def __init__(self, clinics: Sequence[Clinic], data: Any = None, *, today: date, ends: bool) -> None:
        """Ask from when; `ends` also until when."""
        super().__init__(data, initial={"from_on": today})
        _ask_role(self, clinics)
        if ends:
            self.fields["until_on"] = a_day(_("Til"), hint=_("Dagen rollen ikke gjelder lenger. Kan stå tomt."))


class EndRoleForm(AskedForm):
    """The day a role is no longer held."""

    groups_asked = (("", ("from_on",)),)
    about: ClassVar = _WRONG_DAYS

    def __init__(self, data: Any = None, *, today: date) -> None:
        """Ask for today: at once."""
        super().__init__(data, initial={"from_on": today})
        self.fields["from_on"] = a_day(_("Ikke lenger fra"), missing=_("Skriv fra hvilken dag."), hint=_("I dag betyr med en gang."))


def _ask_role(form: AskedForm, clinics: Sequence[Clinic]) -> None:
    roles = [(role.value, capital(words.role(role))) for role in Role]
    form.fields["role"] = a_choice(_("Rolle"), roles, missing=_("Velg en rolle."), none=_("Velg"))
    form.fields["clinic"] = a_choice(_("Ved"), _clinics(clinics), none=_EVERYWHERE)
    form.fields["from_on"] = a_day(_("Fra"), missing=_("Skriv fra hvilken dag rollen gjelder."))


def _work() -> list[tuple[str, str]]:
    return [(role.value, capital(words.role(Role(role.value)))) for role in Employee.Role]


def _clinics(clinics: Iterable[Clinic]) -> list[tuple[str, str]]:
    return [(str(clinic.pk), clinic.name) for clinic in clinics]


def _people(employees: Iterable[Employee]) -> list[tuple[str, str]]:
    return [(str(one.pk), f"{one.name}, {words.role(Role(one.role))}") for one in employees]
