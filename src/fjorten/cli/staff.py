"""`fjorten staff`: who works here, who is away, and who does their work meanwhile."""

import argparse
from typing import TYPE_CHECKING

from fjorten.cli.edge import a_day, acting, now, today, with_day, with_employee, with_municipality

if TYPE_CHECKING:
    from fjorten.organisation.models import Municipality

ROLES = ("public_health_nurse", "doctor", "physiotherapist", "midwife", "clerk", "leader")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    with_municipality(parser)
    with_day(parser, "dagen det gjelder fra, eller listen gjelder for")
    verbs = parser.add_subparsers(dest="verb", metavar="hva", title="hva (uten: listen)")
    hire = verbs.add_parser("hire", help="før en ansatt")
    hire.add_argument("code", metavar="KODE", help="det sporet og timeplanene kaller den ansatte")
    hire.add_argument("name", metavar="NAVN")
    hire.add_argument("role", choices=ROLES, metavar="ROLLE", help=", ".join(ROLES))
    hire.add_argument("--clinic", metavar="NAVN", help="helsestasjonen (uten: den kommunen begynte med)")
    hire.add_argument("--email", default="", metavar="ADRESSE")
    leave = verbs.add_parser("leave", help="før at en ansatt har sluttet; siste dag er dagen før")
    deputy = verbs.add_parser("deputy", help="si hvem som gjør arbeidet når en ansatt er borte")
    absent = verbs.add_parser("absent", help="før et fravær: timene avlyses, og familiene får beskjed")
    for child in (leave, deputy, absent):
        child.add_argument("code", metavar="KODE")
    deputy.add_argument("deputy", metavar="KODE", nargs="?", help="stedfortrederen (uten: lederen)")
    absent.add_argument("from_on", type=a_day, metavar="FRA")
    absent.add_argument("until_on", type=a_day, metavar="TIL", help="dagen den ansatte er tilbake")
    absent.add_argument("--reason", default="", metavar="TEKST")
    back = verbs.add_parser("back", help="ta tilbake et fravær; timene som ble avlyst, forblir avlyst")
    back.add_argument("absence", type=int, metavar="NR")
    for child in (hire, leave, deputy, absent, back):
        with_employee(child)


def run(options: argparse.Namespace) -> int:
    """Show who works here, or do what was asked."""
    from fjorten.appointments.actions.absences import cancel_absence, record_absence
    from fjorten.cli.tasks import wake
    from fjorten.organisation import actions
    from fjorten.organisation.models import Employee
    from fjorten.organisation.queries import absence_numbered, clinic_named, employee_coded, municipality_named

    municipality = municipality_named(options.municipality)
    on, at = options.on or today(), now()
    if options.verb is None:
        return _list(municipality, options)
    by = acting(options, municipality)
    match options.verb:
        case "hire":
            clinic, role = clinic_named(options.clinic, municipality), Employee.Role(options.role)
            actions.hire(
                clinic=clinic, code=options.code, name=options.name, role=role, employed_from=on, email=options.email, by=by, at=at
            )
            print(f"{options.code} er ført som {role.label} ved {clinic} fra {on.strftime('%d.%m.%Y')}.")
        case "leave":
            actions.end_employment(employee=employee_coded(options.code, municipality), on=on, by=by, at=at)
            print(f"{options.code} er ført som sluttet fra {on.strftime('%d.%m.%Y')}. Sakene får ny eier i natt.")
        case "deputy":
            deputy = employee_coded(options.deputy, municipality) if options.deputy else None
            actions.name_deputy(employee=employee_coded(options.code, municipality), deputy=deputy, by=by, at=at)
            print(f"{options.deputy or 'Lederen'} gjør arbeidet til {options.code} ved fravær.")
        case "absent":
            employee = employee_coded(options.code, municipality)
            days = {"from_on": options.from_on, "until_on": options.until_on}
            given_back = record_absence(clinic=employee.clinic, employee=employee, **days, reason=options.reason, by=by, at=at)
            wake(municipality.code)
            print(f"Fravær {given_back.absence.pk} er ført. {len(given_back.appointments)} timer er avlyst og skal få ny tid.")
        case _:
            cancel_absence(absence=absence_numbered(options.absence, municipality), by=by, at=at)
            print(f"Fravær {options.absence} er tatt tilbake. Timene som ble avlyst, forblir avlyst.")
    return 0


def _list(municipality: "Municipality", options: argparse.Namespace) -> int:
    from fjorten.cli.listing import show
    from fjorten.organisation.queries import absences_from, employees_of

    on = options.on or today()
    away = absences_from(on, municipality)
    gone = {absence.employee_id for absence in away if absence.from_on <= on and absence.begins is None}
    employees = employees_of(municipality, on=on).select_related("clinic", "deputy")
    rows = [
        (one.code, one.name, one.get_role_display(), one.clinic, one.deputy.code if one.deputy else "", "borte" if one.pk in gone else "")
        for one in employees
    ]
    show("Ansatte", ("kode", "navn", "rolle", "helsestasjon", "stedfortreder", "i dag"), rows, nothing="Ingen ansatte er ført.")
    absences = [
        (one.pk, one.from_on.strftime("%d.%m.%Y"), one.until_on.strftime("%d.%m.%Y"), one.employee or one.room or one.clinic)
        for one in away
    ]
    if absences:
        show("Fravær", ("nr", "fra", "tilbake", "hvem"), absences, nothing="")
    return 0 if rows else 1
