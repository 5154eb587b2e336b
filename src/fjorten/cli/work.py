"""`fjorten work`: the list of what waits for a person, and putting aside or resolving one item."""

import argparse
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table

from fjorten.cli.edge import a_day, actor, now, today, with_day, with_municipality

if TYPE_CHECKING:
    from fjorten.registers.models import WorkItem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    with_municipality(parser)
    with_day(parser, "listen slik den er denne dagen")
    verbs = parser.add_subparsers(dest="verb", metavar="hva", title="hva (uten: listen)")
    resolve = verbs.add_parser("resolve", help="avslutt en oppgave")
    resolve.add_argument("item", type=int, metavar="NR")
    resolve.add_argument("resolution", metavar="UTFALL", choices=("same_person", "moved_out", "corrected", "outside", "no_action"))
    wait = verbs.add_parser("wait", help="legg en oppgave til side til en dag")
    wait.add_argument("item", type=int, metavar="NR")
    wait.add_argument("until", type=a_day, metavar="DATO")
    for child in (resolve, wait):
        child.add_argument("--reason", required=True, metavar="TEKST", help="begrunnelsen, som blir stående med navnet ditt")
        child.add_argument("--by", metavar="NAVN", help="hvem som gjør det (uten: brukeren på maskinen)")


def run(options: argparse.Namespace) -> int:
    """Show the list (exit code 1 when something waits), or do what was asked with one item."""
    from fjorten.organisation.queries import municipality_named
    from fjorten.registers.models import WorkItem
    from fjorten.registers.queries import open_work, work_item_numbered
    from fjorten.registers.work import put_aside, resolve

    municipality = municipality_named(options.municipality)
    if options.verb is None:
        items = list(open_work(municipality=municipality, on=options.on or today()))
        show(items, Console())
        return 1 if items else 0
    item = work_item_numbered(options.item, municipality=municipality)
    by, at = actor(options), now()
    if options.verb == "resolve":
        resolution = WorkItem.Resolution(options.resolution)
        resolve(item=item, resolution=resolution, reason=options.reason, by=by, at=at)
        print(f"Oppgave {item.pk} er avsluttet: {resolution.label}. Ført av {by.who}.")
    else:
        put_aside(item=item, until=options.until, today=today(), reason=options.reason, by=by, at=at)
        print(f"Oppgave {item.pk} venter til {options.until.strftime('%d.%m.%Y')}. Ført av {by.who}.")
    return 0


def show(items: "list[WorkItem]", console: Console, *, most: int = 20) -> None:
    """Draw the list: the nearest deadline first. Nobody is named, and a protected child's birth date is not shown."""
    from fjorten.registers.reconcile.rules import RULES

    titles = {rule.code: rule.title for rule in RULES}
    if not items:
        console.print("Ingenting venter.")
        return
    table = Table(title=f"Venter på et menneske: {len(items)}", title_justify="left", box=box.SIMPLE_HEAD)
    for heading in ("nr", "frist", "født"):
        table.add_column(heading, no_wrap=True)
    for heading in ("hva", "hos"):
        table.add_column(heading)
    for item in items[:most]:
        born = "skjult" if item.person.is_protected else item.person.born_by.strftime("%d.%m.%Y")
        deadline = item.deadline_on.strftime("%d.%m.%Y")
        table.add_row(str(item.pk), deadline, born, titles.get(item.rule, item.rule), item.get_owner_display())
    console.print(table)
    if len(items) > most:
        console.print(f"... og {len(items) - most} til.")
