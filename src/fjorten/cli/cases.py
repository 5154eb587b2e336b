"""`fjorten cases`: the cases after missed consultations, and what is done in them."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fjorten.cli.edge import a_day, acting, an_instant, now, today, with_day, with_employee, with_municipality

if TYPE_CHECKING:
    from fjorten.followup.models import Case
    from fjorten.followup.queries import CaseRow
    from fjorten.organisation.models import Municipality

HOWS = ("telephone", "sms", "letter", "home_visit", "in_person", "register", "discussion")
INTERPRETERS = ("none", "qualified", "staff", "adult", "child_emergency")
OUTCOMES = ("reached", "no_contact", "new_time", "declines", "found_out", "done")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    with_municipality(parser)
    with_day(parser, "listen slik den er denne dagen, eller dagen vurderingen ble gjort")
    verbs = parser.add_subparsers(dest="verb", metavar="hva", title="hva (uten: due)")
    verbs.add_parser("due", help="sakene med frist i dag eller før")
    verbs.add_parser("open", help="alle åpne saker, også dem som venter")
    show = verbs.add_parser("show", help="alt som har skjedd med barnet; at du ser det, blir ført")
    step = verbs.add_parser("step", help="før et steg, og hva som kommer etter det")
    close = verbs.add_parser("close", help="lukk en sak på en av stigens måter")
    pause = verbs.add_parser("pause", help="la en sak vente til en dag")
    resume = verbs.add_parser("resume", help="ta opp igjen en sak før pausen er over")
    assess = verbs.add_parser("assess", help="skriv en individuell vurdering av meldeplikten, også når svaret er nei")
    for child in (show, step, close, pause, resume, assess):
        child.add_argument("case", type=int, metavar="NR")
        with_employee(child)
    step.add_argument("outcome", choices=OUTCOMES, metavar="UTFALL", help=", ".join(OUTCOMES))
    step.add_argument("--step", metavar="KODE", help="steget som ble gjort (uten: det saken ventet på)")
    step.add_argument("--done", type=an_instant, metavar="TID", help="når det ble gjort (uten: nå)")
    step.add_argument("--how", choices=HOWS)
    step.add_argument("--language", default="", metavar="KODE")
    step.add_argument("--interpreter", choices=INTERPRETERS)
    step.add_argument("--reason", default="", metavar="KODE", help="hvorfor familien ikke kom")
    step.add_argument("--then", metavar="KODE", help="neste steg (uten: det stigen foreslår)")
    step.add_argument("--due", type=a_day, metavar="DATO", help="fristen for det (uten: stigens)")
    step.add_argument("--close", metavar="KODE", help="lukk saken på denne måten i stedet")
    close.add_argument("closing", metavar="KODE")
    pause.add_argument("until", type=a_day, metavar="DATO")
    pause.add_argument("reason", metavar="KODE")
    for child in (step, close, pause):
        child.add_argument("--note", default="", metavar="TEKST")
    resume.add_argument("--reason", required=True, metavar="TEKST")
    assess.add_argument("duty", choices=("yes", "no"), metavar="yes|no", help="om det er plikt til å melde")
    assess.add_argument("--criteria", default="", metavar="BOKSTAVER", help="vilkårene som er oppfylt, for eksempel ac")
    assess.add_argument("--grounds", required=True, metavar="TEKST", help="begrunnelsen, også når svaret er nei")


def run(options: argparse.Namespace) -> int:
    """Show a list (exit code 1 when a deadline is reached), or do what was asked in a case."""
    from fjorten.followup.queries import case_numbered, cases_due, open_cases
    from fjorten.organisation.queries import municipality_named

    municipality = municipality_named(options.municipality)
    on = options.on or today()
    match options.verb:
        case None | "due":
            return 1 if _list("Saker med frist", cases_due(municipality=municipality, on=on), "Ingen frister er nådd.") else 0
        case "open":
            _list("Åpne saker", open_cases(municipality=municipality, on=on), "Ingen åpne saker.")
            return 0
        case "show":
            return _show(case_numbered(options.case, municipality), options)
        case "assess":
            return _assess(case_numbered(options.case, municipality), options)
        case _:
            return _do(municipality, case_numbered(options.case, municipality), options)


def _list(title: str, cases: "Sequence[CaseRow]", nothing: str) -> int:
    from fjorten.cli.listing import HIDDEN, born, child, show

    rows = [
        (
            row.case.pk,
            row.due_on.strftime("%d.%m.%Y"),
            child(row.case.person),
            born(row.case.person),
            row.step.code,
            f"{row.acts.code} ({row.because.words})",
            HIDDEN if row.case.person.is_protected else row.why_open,
        )
        for row in cases
    ]
    return show(title, ("nr", "frist", "barn", "født", "steg", "hos", "hvorfor"), rows, nothing=nothing)


def _show(case: "Case", options: argparse.Namespace) -> int:
    from fjorten.cli.listing import hour
    from fjorten.followup.actions.reading import record_chronology_read
    from fjorten.followup.chronology import chronology_of
    from fjorten.kernel.national_id import mask

    record_chronology_read(person=case.person, by=acting(options, case.municipality), at=now())
    print(
        f"Sak {case.pk}, {case.planned_step.step}: venter på {case.next_step}, {case.owner.code}, innen {case.due_on.strftime('%d.%m.%Y')}."
    )
    for line in chronology_of(case.person):
        print(mask(f"{hour(line.at)}  {line.words}  ({line.by})"))
    return 0


def _do(municipality: "Municipality", case: "Case", options: argparse.Namespace) -> int:
    from fjorten.followup.actions import closings, steps

    by, at = acting(options, municipality), now()
    match options.verb:
        case "step":
            return _step(case, options)
        case "close":
            closings.close(case=case, closing=options.closing, note=options.note, by=by, at=at)
            print(f"Sak {case.pk} er lukket. Ført av {by.who}.")
        case "pause":
            steps.pause(case=case, until=options.until, reason=options.reason, note=options.note, by=by, at=at)
            print(f"Sak {case.pk} venter til {options.until.strftime('%d.%m.%Y')}, og går videre av seg selv da.")
        case _:
            steps.resume(case=case, reason=options.reason, by=by, at=at)
            print(f"Sak {case.pk} er tatt opp igjen.")
    return 0


def _step(case: "Case", options: argparse.Namespace) -> int:
    from fjorten.followup.actions.steps import Closing, NoSuchStep, Planned, record_step
    from fjorten.followup.contact import How, Interpreter, Outcome
    from fjorten.followup.proposals import proposal_after

    done, at = options.step or case.next_step, now()
    then: Planned | Closing
    if options.close:
        then = Closing(options.close)
    else:
        try:
            code = options.then or proposal_after(case, done=done, on=today()).step.code
        except KeyError:
            raise NoSuchStep(done) from None
        then = Planned(code, due_on=options.due)
    event = record_step(
        case=case,
        step=done,
        done_at=options.done or at,
        then=then,
        how=How(options.how) if options.how else None,
        language=options.language,
        interpreter=Interpreter(options.interpreter) if options.interpreter else None,
        outcome=Outcome(options.outcome),
        reason=options.reason,
        note=options.note,
        by=acting(options, case.municipality),
        at=at,
    )
    case.refresh_from_db()
    if case.closed_at is not None:
        print(f"{event.step} er ført, og sak {case.pk} er lukket.")
    else:
        print(f"{event.step} er ført. Neste: {case.next_step}, {case.owner.code}, innen {case.due_on.strftime('%d.%m.%Y')}.")
    return 0


def _assess(case: "Case", options: argparse.Namespace) -> int:
    from fjorten.followup.actions.assessments import record_assessment
    from fjorten.organisation.queries import employee_coded

    by = acting(options, case.municipality)
    record_assessment(
        person=case.person,
        case=case,
        assessed_by=employee_coded(by.who, case.municipality),
        assessed_on=options.on or today(),
        duty_to_report=options.duty == "yes",
        criteria=list(options.criteria),
        grounds=options.grounds,
        by=by,
        at=now(),
    )
    print(f"Vurderingen er skrevet. Ført av {by.who}.")
    return 0
