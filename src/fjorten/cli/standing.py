"""`fjorten standing`: sign that a resident child stands outside the programme or is in transfer, and end it."""

import argparse

from fjorten.cli.edge import a_number, actor, now, today, with_day, with_municipality, with_signature


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    parser.add_argument("number", type=a_number, metavar="NUMMER", help="barnets fødselsnummer eller D-nummer, også et gammelt")
    parser.add_argument(
        "what",
        choices=("outside", "in-transfer", "end", "end-enrolment"),
        metavar="HVA",
        help="outside: utenfor; in-transfer: under overføring; end: avslutt begrunnelsen; end-enrolment: avslutt innmeldingen",
    )
    with_signature(parser)
    with_day(parser, "dagen det gjelder fra")
    with_municipality(parser)


def run(options: argparse.Namespace) -> int:
    """Record it, and say that it stands."""
    from fjorten.organisation.queries import municipality_named
    from fjorten.people.queries import person_with_number
    from fjorten.plans.actions.enrolment import end_enrolment
    from fjorten.plans.actions.standing import decide_standing, end_standing
    from fjorten.plans.models import StandingDecision
    from fjorten.plans.queries import open_enrolment_of

    person = person_with_number(options.number, municipality=municipality_named(options.municipality))
    by, at, on = actor(options), now(), options.on or today()
    match options.what:
        case "end":
            end_standing(person=person, on=on, reason=options.reason, by=by, at=at)
        case "end-enrolment":
            end_enrolment(enrolment=open_enrolment_of(person), on=on, reason=options.reason, by=by, at=at)
        case what:
            standing = StandingDecision.Standing(what.replace("-", "_"))
            decide_standing(person=person, standing=standing, on=on, reason=options.reason, by=by, at=at)
    print(f"Ført av {by.who}.")
    return 0
