"""`fjorten messages`: what families are told, where each message stands, the manual list, and the letters."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fjorten.cli.edge import a_day, acting, now, today, with_day, with_employee, with_municipality
from fjorten.kernel.refusals import Refused

if TYPE_CHECKING:
    from fjorten.organisation.models import Municipality

OUTCOMES = ("told", "was_told", "not_reached", "no_longer_needed")
# What is put into a text that is only looked at: nobody's.
_EXAMPLE: Final = {
    "brand": "Fjordvik kommune",
    "given_name": "Ida",
    "day": "mandag 30. mars",
    "time": "09.00",
    "place": "Torget 1, Fjordvik",
    "phone": "00 00 00 00",
    "missed_day": "mandag 23. mars",
}


class NoSuchKind(Refused):
    """There is no message of this kind, or not for this channel."""

    sentence = "Det finnes ingen slik melding. Alle meldingene står i docs/reference/messages.md."


class NoContactRegister(Refused):
    """The installation has no contact register to ask."""

    sentence = "Kontaktregisteret er ikke satt opp. Sett FJORTEN_CONTACT_REGISTER og FJORTEN_CONTACT_REGISTER_TOKEN_FILE."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    with_municipality(parser)
    with_day(parser, "listen slik den er denne dagen, eller dagen det skjedde")
    verbs = parser.add_subparsers(dest="verb", metavar="hva", title="hva (uten: hvor meldingene står)")
    verbs.add_parser("tasks", help="den manuelle listen: det et menneske må si eller finne ut")
    done = verbs.add_parser("done", help="si hvordan en oppgave endte")
    hand_on = verbs.add_parser("hand-on", help="gi en oppgave til en annen, med en dag")
    print_ = verbs.add_parser("print", help="skriv ut brevene som venter, som én PDF")
    batch = verbs.add_parser("batch", help="brevene i en bunke, og dem som må tas ut før den leveres")
    handed_over = verbs.add_parser("handed-over", help="før at en bunke er levert til posten")
    take_out = verbs.add_parser("take-out", help="før at et brev er tatt ut av bunken og makulert")
    returned = verbs.add_parser("returned", help="før at et brev kom i retur")
    for child in (done, hand_on, batch, handed_over, take_out, returned):
        child.add_argument("number", type=int, metavar="NR")
    done.add_argument("outcome", choices=OUTCOMES, metavar="UTFALL", help=", ".join(OUTCOMES))
    done.add_argument("--note", default="", metavar="TEKST")
    hand_on.add_argument("code", metavar="KODE")
    hand_on.add_argument("due_on", type=a_day, metavar="FRIST")
    print_.add_argument("--into", type=Path, metavar="MAPPE", help="uten: brev i FJORTEN_HOME")
    take_out.add_argument("--reason", required=True, metavar="TEKST")
    preview = verbs.add_parser("preview", help="se en melding slik den blir, med språk, deler og godkjenning")
    preview.add_argument("kind", metavar="SLAG", help="for eksempel invitation")
    preview.add_argument("--language", default="nb", metavar="KODE", help="uten: nb")
    preview.add_argument("--letter", action="store_true", help="som brev (uten: SMS)")
    contacts = verbs.add_parser("contacts", help="spør kontaktregisteret om dem det ikke er spurt om på en måned; natten gjør det også")
    verbs.add_parser("incoming", help="det familiene har skrevet som ingen har sett på")
    for child in (done, hand_on, print_, handed_over, take_out, returned, contacts):
        with_employee(child)


def run(options: argparse.Namespace) -> int:
    """Show a list (exit code 1 when something on it waits for a person), or do what was asked."""
    from fjorten.organisation.queries import municipality_named

    if options.verb == "preview":
        return _preview(options)
    municipality = municipality_named(options.municipality)
    match options.verb:
        case None:
            return _overview(municipality)
        case "tasks":
            return _tasks(municipality)
        case "incoming":
            return _incoming(municipality)
        case "contacts":
            return _contacts(municipality, options)
        case "batch":
            return _batch(municipality, options)
        case "done" | "hand-on":
            return _do_task(municipality, options)
        case _:
            return _do_letter(municipality, options)


def _overview(municipality: "Municipality") -> int:
    from fjorten.cli.listing import show
    from fjorten.messages.queries import batches_to_hand_over, letters_to_print, messages_by_state, messages_in_the_air, open_tasks

    at = now()
    rows = [(state.label, way.label, number) for state, way, number in messages_by_state(municipality=municipality)]
    show("Meldinger", ("står som", "måte", "antall"), rows, nothing="Ingen meldinger ennå.")
    unknown = messages_in_the_air(municipality=municipality, at=at).count()
    print(
        f"Skulle vært lenger på vei: {unknown}. Brev som venter på utskrift: {letters_to_print(municipality=municipality, at=at).count()}."
    )
    for batch in batches_to_hand_over(municipality=municipality):
        print(f"Bunke {batch.pk} med {batch.letters} brev ({batch.file_name}) er ikke levert til posten.")
    print(f"På den manuelle listen: {open_tasks(municipality=municipality).count()}.")
    return 1 if unknown else 0


def _tasks(municipality: "Municipality") -> int:
    from fjorten.cli.listing import born, child, show
    from fjorten.messages.queries import open_tasks

    rows = [
        (one.pk, one.due_on.strftime("%d.%m.%Y"), child(one.person), born(one.person), one.owner.code, one.deputy.code, one.sentence)
        for one in open_tasks(municipality=municipality)
    ]
    headings = ("nr", "frist", "barn", "født", "hos", "stedfortreder", "hva")
    return 1 if show("Den manuelle listen", headings, rows, nothing="Ingenting venter.") else 0


def _incoming(municipality: "Municipality") -> int:
    from fjorten.cli.listing import child, hour, show
    from fjorten.messages.queries import unread_incoming

    unread = unread_incoming(municipality=municipality).select_related("person")
    rows = [(one.pk, hour(one.received_at), child(one.person) if one.person else "ukjent", one.meaning) for one in unread]
    return 1 if show("Fra familier", ("nr", "kom", "barn", "betyr"), rows, nothing="Alt familiene har skrevet, er sett på.") else 0


def _contacts(municipality: "Municipality", options: argparse.Namespace) -> int:
    from django.conf import settings

    from fjorten.cli.carriers import open_contact_register
    from fjorten.messages.actions.contact_register import ask_contact_register

    with open_contact_register(settings.OUTSIDE) as look_up:
        if look_up is None:
            raise NoContactRegister
        asked = ask_contact_register(municipality=municipality, look_up=look_up, by=acting(options, municipality), at=now())
    print(f"Spurt om {asked.asked} foresatte og andre omsorgspersoner, {asked.met} av dem nye her: {asked.found} nye numre og adresser.")
    for adult, wrong in asked.failed:
        print(f"Det registeret sier om foresatt {adult}, kunne ikke føres ({type(wrong).__name__}). De andre er ført.")
    return 1 if asked.failed else 0


def _do_task(municipality: "Municipality", options: argparse.Namespace) -> int:
    from fjorten.messages.actions.tasks import finish_task, hand_on_task
    from fjorten.messages.queries import task_numbered
    from fjorten.messages.tasks import TaskOutcome
    from fjorten.organisation.queries import employee_coded

    task, by, at = task_numbered(options.number, municipality), acting(options, municipality), now()
    if options.verb == "done":
        finish_task(task=task, outcome=TaskOutcome(options.outcome), note=options.note, by=by, at=at)
        print(f"Oppgave {task.pk} er gjort. Ført av {by.who}.")
    else:
        owner = employee_coded(options.code, municipality)
        hand_on_task(task=task, owner=owner, due_on=options.due_on, today=today(), by=by, at=at)
        print(f"Oppgave {task.pk} er hos {owner.code} til {options.due_on.strftime('%d.%m.%Y')}.")
    return 0


def _do_letter(municipality: "Municipality", options: argparse.Namespace) -> int:
    from django.conf import settings

    from fjorten.ledger.owed import why_not_owed
    from fjorten.messages.actions import letters
    from fjorten.messages.queries import batch_numbered, message_numbered
    from fjorten.organisation.responsibility import staff_on

    told: dict[str, Any] = {"by": acting(options, municipality), "at": now()}
    staff = staff_on(municipality=municipality, on=today())
    match options.verb:
        case "print":
            folder = options.into or Path(settings.HOME) / "brev"
            batch = letters.print_letters(municipality=municipality, folder=folder, still_owed=why_not_owed, staff=staff, **told)
            print(f"Bunke {batch.pk}: {batch.letters} brev i {folder / batch.file_name}. Lever dem, og før det med handed-over.")
        case "handed-over":
            batch = batch_numbered(options.number, municipality)
            number = letters.hand_over_batch(batch=batch, still_owed=why_not_owed, **told)
            print(f"{number} brev er ført som levert til posten.")
        case "take-out":
            letters.take_out_of_batch(message=message_numbered(options.number, municipality), reason=options.reason, **told)
            print(f"Brev {options.number} er tatt ut av bunken.")
        case _:
            returned_on = options.on or today()
            letters.mark_returned(message=message_numbered(options.number, municipality), on=returned_on, staff=staff, **told)
            print(f"Brev {options.number} er ført som returnert. Adressen brukes ikke mer, og en oppgave er åpnet.")
    return 0


def _batch(municipality: "Municipality", options: argparse.Namespace) -> int:
    from fjorten.cli.listing import born, child, show
    from fjorten.ledger.owed import why_not_owed
    from fjorten.messages.actions.letters import letters_nobody_may_get
    from fjorten.messages.queries import batch_numbered

    batch = batch_numbered(options.number, municipality)
    stopped = {message.pk for message in letters_nobody_may_get(batch=batch, still_owed=why_not_owed, at=now())}
    rows = [
        (one.pk, child(one.person), born(one.person), one.get_state_display(), "TA UT" if one.pk in stopped else "")
        for one in batch.messages.select_related("person").order_by("pk")
    ]
    show(f"Bunke {batch.pk}", ("nr", "barn", "født", "står som", ""), rows, nothing="Bunken er tom.")
    return 1 if stopped else 0


def _preview(options: argparse.Namespace) -> int:
    from fjorten.messages.direction import for_sms
    from fjorten.messages.languages import languages
    from fjorten.messages.sms_parts import sms_parts
    from fjorten.messages.texts import Channel, NoSuchText, choose, fill

    try:
        channel = Channel.LETTER if options.letter else Channel.SMS
        chosen = choose(options.kind, channel, language=options.language, norwegian="nb")
    except NoSuchText:
        raise NoSuchKind from None
    title, body = fill(chosen.text, {name: _EXAMPLE[name] for name in chosen.text.placeholders})
    line = "" if chosen.line is None else fill(chosen.line, {name: _EXAMPLE[name] for name in chosen.line.placeholders})[1]
    if chosen.text.language != options.language:
        print(
            f"Ingen godkjent tekst på {options.language}: familien får {chosen.text.language}"
            + (" og én linje på sitt språk." if line else ".")
        )
    whole = f"{body} {line}".strip()
    if channel is Channel.SMS:
        whole = for_sms(whole, is_right_to_left=languages()[chosen.text.language].is_right_to_left)
    print(f"{title}\n\n{whole}" if title else whole)
    if channel is Channel.SMS:
        counted = sms_parts(whole)
        foreign = f" på grunn av {counted.foreign}" if counted.foreign else ""
        print(f"\n{counted.parts} SMS ({counted.alphabet}{foreign}, {counted.places} plasser).")
    return 0
