"""`fjorten appointments`: a day's times, what became of them, and those somebody must see to."""

import argparse
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fjorten.cli.edge import a_number, acting, an_instant, now, today, with_day, with_employee, with_municipality

if TYPE_CHECKING:
    from fjorten.appointments.models import Appointment
    from fjorten.appointments.states import Follows
    from fjorten.organisation.models import Municipality

_DAYS_AHEAD = 21
STATES = (
    "offered",
    "confirmed",
    "attended",
    "did_not_attend",
    "not_brought",
    "cancelled_by_family",
    "moved_by_family",
    "cancelled_by_clinic",
    "moved_by_clinic",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    with_municipality(parser)
    with_day(parser, "dagen listen gjelder for")
    verbs = parser.add_subparsers(dest="verb", metavar="hva", title="hva (uten: dagens timer)")
    verbs.add_parser("not-closed", help="timer fra tidligere dager som ingen har ført")
    verbs.add_parser("to-rebook", help="timer helsestasjonen har avlyst uten å gi ny")
    verbs.add_parser("need", help="barn det ikke finnes time til, og behovet i tolv uker")
    free = verbs.add_parser("free", help="ledige timer de neste ukene")
    book = verbs.add_parser("book", help="gi et barn en ledig time")
    book.add_argument("number", type=a_number, metavar="NUMMER", help="barnets fødselsnummer eller D-nummer")
    book.add_argument("step", metavar="KODE", help="konsultasjonens kode, for eksempel C04_M3")
    book.add_argument("--interpreter", action="store_true", help="det skal være tolk")
    move = verbs.add_parser("move", help="flytt en time til en ledig")
    cancel = verbs.add_parser("cancel", help="avlys en time")
    attended = verbs.add_parser("attended", help="før at barnet møtte")
    missed = verbs.add_parser("missed", help="før at ingen kom")
    missed.add_argument("--not-brought", action="store_true", help="noen kunne ha fulgt barnet (en fagpersons vurdering)")
    correct = verbs.add_parser("correct", help="rett det som ble ført feil; det gamle blir stående i historien")
    for child in (move, cancel, attended, missed, correct):
        child.add_argument("appointment", type=int, metavar="NR")
    for child in (book, move):
        child.add_argument("begins", type=an_instant, metavar="TID", help="for eksempel 2026-03-30T09:00")
        child.add_argument("--with", dest="employee", metavar="KODE", help="hos denne ansatte")
    for child in (free, book, move):
        child.add_argument("--clinic", metavar="NAVN", help="helsestasjonen (uten: den kommunen begynte med)")
    for child in (move, cancel):
        whose = child.add_mutually_exclusive_group(required=True)
        whose.add_argument("--family", action="store_true", help="familien ber om det")
        whose.add_argument("--ours", action="store_true", help="helsestasjonen gjør det")
    correct.add_argument("state", choices=STATES, metavar="TILSTAND", help=", ".join(STATES))
    for child in (book, move, cancel, attended, missed):
        child.add_argument("--reason", default="", metavar="TEKST")
    correct.add_argument("--reason", required=True, metavar="TEKST")
    for child in (book, move, cancel, attended, missed, correct):
        with_employee(child)


def run(options: argparse.Namespace) -> int:
    """Show a list (exit code 1 when somebody must see to what is on it), or do what was asked."""
    from fjorten.appointments import queries
    from fjorten.organisation.queries import municipality_named

    municipality = municipality_named(options.municipality)
    on = options.on or today()
    match options.verb:
        case None:
            _list(f"Timer {on.strftime('%d.%m.%Y')}", queries.appointments_on(on, municipality=municipality), "Ingen timer.")
            return 0
        case "not-closed":
            found = queries.not_closed(municipality=municipality, on=on)
            return 1 if _list("Ikke ført", found, "Alle timer fra tidligere dager er ført.") else 0
        case "to-rebook":
            found = queries.appointments_to_rebook(municipality=municipality, on=on)
            return 1 if _list("Skal ha ny tid", found.select_related("employee"), "Ingen venter på ny tid.") else 0
        case "free":
            return _free(municipality, options)
        case "need":
            return _need(municipality, options)
        case _:
            return _do(municipality, options)


def _do(municipality: "Municipality", options: argparse.Namespace) -> int:
    from fjorten.cli.tasks import wake

    told = _book(municipality, options) if options.verb == "book" else _change(municipality, options)
    wake(municipality.code)
    print(told)
    return 0


def _book(municipality: "Municipality", options: argparse.Namespace) -> str:
    from fjorten.appointments.actions.booking import book
    from fjorten.cli.listing import hour
    from fjorten.people.queries import person_with_number
    from fjorten.plans.queries import open_enrolment_of, step_of_enrolment

    enrolment = open_enrolment_of(person_with_number(options.number, municipality=municipality))
    appointment = book(
        planned_step=step_of_enrolment(enrolment, options.step),
        slot=_slot(municipality, options),
        needs_interpreter=options.interpreter,
        reason=options.reason,
        by=acting(options, municipality),
        at=now(),
    )
    return f"Time {appointment.pk}: {hour(appointment.begins_at)} hos {appointment.employee.code}. Familien får beskjed."


def _slot(municipality: "Municipality", options: argparse.Namespace) -> Any:
    from fjorten.appointments.queries import free_slot_at
    from fjorten.organisation.queries import clinic_named, employee_coded

    employee = employee_coded(options.employee, municipality) if options.employee else None
    return free_slot_at(options.begins, municipality=municipality, clinic=clinic_named(options.clinic, municipality), employee=employee)


def _change(municipality: "Municipality", options: argparse.Namespace) -> str:
    from fjorten.appointments.actions import booking, outcomes
    from fjorten.appointments.queries import appointment_numbered
    from fjorten.appointments.states import State
    from fjorten.cli.listing import hour

    appointment = appointment_numbered(options.appointment, municipality)
    told: dict[str, Any] = {"appointment": appointment, "reason": options.reason, "by": acting(options, municipality), "at": now()}
    follows: Callable[..., Follows]
    match options.verb:
        case "move":
            move = booking.move_by_family if options.family else booking.move_by_clinic
            given = move(**told, slot=_slot(municipality, options))
            return f"Time {appointment.pk} er flyttet til {hour(given.begins_at)}, time {given.pk}. Familien får beskjed."
        case "cancel":
            follows = outcomes.cancel_by_family if options.family else outcomes.cancel_by_clinic
        case "attended":
            follows = outcomes.mark_attended
        case "missed":
            follows = outcomes.mark_not_brought if options.not_brought else outcomes.mark_did_not_attend
        case _:
            return f"Time {appointment.pk} er rettet. {_FOLLOWS[outcomes.correct(**told, to=State(options.state)).value]}".rstrip()
    return f"Time {appointment.pk} er ført. {_FOLLOWS[follows(**told).value]}".rstrip()


_FOLLOWS = {
    "nothing": "",
    "consultation_is_written": "Skriv konsultasjonen i journalen.",
    "new_time_the_same_day": "Gi ny time samme dag; ellers gjør nattkjøringen det.",
    "new_time_is_found": "Barnet får ny time i natt, eller gi en nå.",
    "family_is_told": "Familien får beskjed.",
    "family_is_told_and_new_time_is_found": "Familien får beskjed, og barnet står på listen over dem som skal ha ny tid.",
}


def _list(title: str, appointments: "Iterable[Appointment]", nothing: str) -> int:
    from fjorten.appointments.states import State
    from fjorten.cli.listing import HIDDEN, born, child, hour, show

    rows = [
        (
            one.pk,
            hour(one.begins_at),
            child(one.person),
            born(one.person),
            HIDDEN if one.person.is_protected else one.planned_step.step,
            one.employee.code,
            State(one.state).value,
        )
        for one in appointments
    ]
    return show(title, ("nr", "tid", "barn", "født", "konsultasjon", "hos", "tilstand"), rows, nothing=nothing)


def _free(municipality: "Municipality", options: argparse.Namespace) -> int:
    from fjorten.appointments.queries import free_slots
    from fjorten.cli.listing import hour, show
    from fjorten.organisation.models import Employee
    from fjorten.organisation.queries import clinic_named

    from_on = options.on or today()
    clinic = clinic_named(options.clinic, municipality) if options.clinic else None
    codes = dict(Employee.objects.filter(municipality=municipality).values_list("pk", "code"))
    slots = free_slots(municipality=municipality, from_on=from_on, until_on=from_on + timedelta(days=_DAYS_AHEAD), clinic=clinic)
    rows = [
        (hour(one.begins_at), codes[one.employee_id], one.setting.value, one.places_left, codes.get(one.doctor_id or 0, ""))
        for one in slots
        if one.begins_at > now()
    ]
    show("Ledige timer", ("tid", "hos", "slag", "plasser", "lege"), rows, nothing="Ingen ledige timer de neste tre ukene.")
    return 0


def _need(municipality: "Municipality", options: argparse.Namespace) -> int:
    from fjorten.appointments.forecasts import forecast_from, shortages_on
    from fjorten.cli.listing import show

    on = options.on or today()
    missing = [
        (str(one.week), one.setting.value, one.competence.value, one.missing) for one in shortages_on(municipality=municipality, on=on)
    ]
    lacks = show("Mangler time", ("uke", "hvor", "hvem", "barn"), missing, nothing="Alle som skal ha time nå, kan få det i tide.")
    weeks = [
        (str(one.week), one.kind.setting.value, one.kind.competence.value, round(one.need), round(one.free))
        for one in forecast_from(municipality=municipality, on=on)
    ]
    show("Behov framover (anslag)", ("uke", "hvor", "hvem", "trengs", "ledige"), weeks, nothing="Ingenting å anslå.", most=200)
    return 1 if lacks else 0
