"""`fjorten roster`: who receives children where and when, week by week."""

from __future__ import annotations

import argparse
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from fjorten.cli.edge import a_clock, a_day, acting, now, today, with_day, with_employee, with_municipality

if TYPE_CHECKING:
    from fjorten.appointments.models import RosterOpening
    from fjorten.audit.actor import Actor
    from fjorten.organisation.models import Municipality

WEEKDAYS: Final = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    with_municipality(parser)
    with_day(parser, "timeplanene fra denne dagen, eller dagen det gjelder fra")
    verbs = parser.add_subparsers(dest="verb", metavar="hva", title="hva (uten: listen)")
    room = verbs.add_parser("room", help="åpne et rom")
    room.add_argument("name", metavar="NAVN")
    add = verbs.add_parser("add", help="sett opp en åpning")
    add.add_argument("code", metavar="KODE", help="den ansatte som tar imot")
    add.add_argument("weekday", choices=WEEKDAYS, metavar="UKEDAG")
    add.add_argument("begins", type=a_clock, metavar="FRA")
    add.add_argument("ends", type=a_clock, metavar="TIL")
    add.add_argument("--room", metavar="NAVN", help="rommet; bare hjemmebesøk er uten")
    add.add_argument("--setting", choices=("clinic", "group", "home"), default="clinic", help="uten: clinic")
    add.add_argument("--minutes", type=int, default=30, metavar="TALL", help="lengden på hver time (uten: 30)")
    add.add_argument("--capacity", type=int, default=1, metavar="TALL", help="plasser i en gruppe")
    add.add_argument("--doctor", metavar="KODE", help="legen som er med")
    add.add_argument("--every", type=int, default=1, metavar="UKER", help="hver så mange uker (uten: 1)")
    add.add_argument("--travel", type=int, default=0, metavar="MINUTTER", help="reisetid etter et hjemmebesøk")
    add.add_argument("--until", type=a_day, metavar="DATO", help="første dag åpningen ikke gjelder")
    end = verbs.add_parser("end", help="avslutt en åpning; timer som er gitt, står")
    end.add_argument("opening", type=int, metavar="NR")
    for child in (room, add):
        child.add_argument("--clinic", metavar="NAVN", help="helsestasjonen (uten: den kommunen begynte med)")
    for child in (room, add, end):
        with_employee(child)


def run(options: argparse.Namespace) -> int:
    """Show the rosters, or change them."""
    from fjorten.appointments.actions.rosters import end_opening
    from fjorten.appointments.queries import opening_numbered
    from fjorten.organisation.actions import open_room
    from fjorten.organisation.queries import clinic_named, municipality_named

    municipality = municipality_named(options.municipality)
    on, at, by = options.on or today(), now(), acting(options, municipality)
    match options.verb:
        case None:
            _show_openings(municipality, on)
        case "room":
            room = open_room(clinic=clinic_named(options.clinic, municipality), name=options.name, by=by, at=at)
            print(f"{room} er åpnet.")
        case "add":
            opening = _add_opening(options, municipality, on, by=by, at=at)
            print(f"Åpning {opening.pk} er satt opp fra {on.strftime('%d.%m.%Y')}.")
        case _:
            end_opening(opening=opening_numbered(options.opening, municipality), on=on, by=by, at=at)
            print(f"Åpning {options.opening} er avsluttet fra {on.strftime('%d.%m.%Y')}. Timer som er gitt, står.")
    return 0


def _show_openings(municipality: Municipality, on: date) -> None:
    from fjorten.appointments.queries import openings_on
    from fjorten.cli.listing import show

    rows = [
        (
            one.pk,
            one.employee.code,
            WEEKDAYS[one.weekday],
            f"{one.begins:%H.%M}-{one.ends:%H.%M}",
            one.room or "hjemme",
            one.setting if one.capacity == 1 else f"{one.setting}, {one.capacity} plasser",
            one.doctor.code if one.doctor else "",
        )
        for one in openings_on(on, municipality)
    ]
    show("Åpninger", ("nr", "hvem", "dag", "tid", "rom", "slag", "lege"), rows, nothing="Ingen timeplaner er satt opp.")


def _add_opening(options: argparse.Namespace, municipality: Municipality, on: date, *, by: Actor, at: datetime) -> RosterOpening:
    from fjorten.appointments.actions.rosters import add_opening
    from fjorten.organisation.queries import clinic_named, employee_coded, room_named
    from fjorten.programme.steps import Setting

    clinic = clinic_named(options.clinic, municipality)
    return add_opening(
        clinic=clinic,
        employee=employee_coded(options.code, municipality),
        setting=Setting(options.setting),
        weekday=WEEKDAYS.index(options.weekday),
        begins=options.begins,
        ends=options.ends,
        valid_from=on,
        valid_until=options.until,
        slot_minutes=options.minutes,
        room=room_named(options.room, clinic) if options.room else None,
        doctor=employee_coded(options.doctor, municipality) if options.doctor else None,
        every_weeks=options.every,
        capacity=options.capacity,
        travel_minutes=options.travel,
        by=by,
        at=at,
    )
