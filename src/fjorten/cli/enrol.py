"""`fjorten enrol`: enrol a child, with the catch-up plan for what lies behind."""

import argparse

from fjorten.cli.edge import a_number, actor, now, today, with_day, with_municipality, with_signature


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    parser.add_argument("number", type=a_number, metavar="NUMMER", help="barnets fødselsnummer eller D-nummer, også et gammelt")
    parser.add_argument("--documented", nargs="+", default=[], metavar="KODE", help="konsultasjoner som er dokumentert gjort et annet sted")
    with_signature(parser)
    with_day(parser, "dagen barnet meldes inn")
    with_municipality(parser)


def run(options: argparse.Namespace) -> int:
    """Enrol the child and show the plan a nurse will work with."""
    from fjorten.organisation.queries import municipality_named
    from fjorten.people.queries import person_with_number
    from fjorten.registers.enrolment import enrol_resident

    municipality = municipality_named(options.municipality)
    person = person_with_number(options.number, municipality=municipality)
    by, at = actor(options), now()
    enrolment, plan = enrol_resident(
        person=person, on=options.on or today(), reason=options.reason, documented=options.documented, by=by, at=at
    )
    print(f"Barnet er innmeldt ved {enrolment.clinic} fra {enrolment.enrolled_on.strftime('%d.%m.%Y')}.")
    print(plan.summary)
    for item in plan.items:
        print(f"  {item.step:10} {item.sentence}")
    return 0
