"""`fjorten step`: record where one consultation of a child stands."""

import argparse

from fjorten.cli.edge import a_number, actor, now, today, with_day, with_municipality, with_signature

_WHAT = {
    "done": "konsultasjonen er gjennomført her",
    "done-elsewhere": "gjennomført et annet sted (med --confirmed når det er dokumentert)",
    "confirm": "bekreft at den ble gjennomført et annet sted",
    "decline": "familien takker nei",
    "waive": "konsultasjonen er ikke aktuell",
    "reopen": "åpne igjen det som ble avgjort ved en feil",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    parser.add_argument("number", type=a_number, metavar="NUMMER", help="barnets fødselsnummer eller D-nummer, også et gammelt")
    parser.add_argument("code", metavar="KODE", help="konsultasjonens kode, for eksempel C13_Y2")
    parser.add_argument(
        "what", choices=sorted(_WHAT), metavar="HVA", help="; ".join(f"{what}: {meaning}" for what, meaning in _WHAT.items())
    )
    parser.add_argument("--confirmed", action="store_true", help="det er dokumentert at den ble gjennomført et annet sted")
    with_signature(parser)
    with_day(parser, "dagen det skjedde")
    with_municipality(parser)


def run(options: argparse.Namespace) -> int:
    """Record it, and say that it stands."""
    from fjorten.organisation.queries import municipality_named
    from fjorten.people.queries import person_with_number
    from fjorten.plans.actions import settling
    from fjorten.plans.queries import open_enrolment_of

    municipality = municipality_named(options.municipality)
    enrolment = open_enrolment_of(person_with_number(options.number, municipality=municipality))
    by, at, on = actor(options), now(), options.on or today()
    match options.what:
        case "done":
            settling.mark_done(enrolment=enrolment, step=options.code, on=on, today=today(), reason=options.reason, by=by, at=at)
        case "done-elsewhere":
            settling.mark_done_elsewhere(
                enrolment=enrolment,
                step=options.code,
                on=on,
                today=today(),
                is_confirmed=options.confirmed,
                reason=options.reason,
                by=by,
                at=at,
            )
        case "confirm":
            settling.confirm_done_elsewhere(enrolment=enrolment, step=options.code, reason=options.reason, by=by, at=at)
        case "decline":
            settling.decline(enrolment=enrolment, step=options.code, on=on, reason=options.reason, by=by, at=at)
        case "waive":
            settling.waive(enrolment=enrolment, step=options.code, on=on, reason=options.reason, by=by, at=at)
        case _:
            settling.reopen(enrolment=enrolment, step=options.code, reason=options.reason, by=by, at=at)
    print(f"{options.code}: {_WHAT[options.what]}. Ført av {by.who}.")
    return 0
