"""How it stands as strings: each thing with a shape and a word for ok, look at it, or wrong, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from fjorten.nightly.actions import STAGE_NAMES
from fjorten.nightly.standing import NIGHT_WITHIN
from fjorten.web import words
from fjorten.web.shell import OLDEST
from fjorten.web.shown import Heading
from fjorten.web.status.showing import Standing
from fjorten.web.words import capital

# When something is said to be looked at, and when to be wrong [default].
EXTRACT_OLD: Final = timedelta(days=8)
WAITS_LONG: Final = timedelta(hours=1)
WAITS_TOO_LONG: Final = timedelta(days=1)
GATEWAY_QUIET: Final = timedelta(days=1)

OK: Final = "done"
LOOK: Final = "overdue"
WRONG: Final = "missed"
UNKNOWN: Final = "not_yet_due"
_WORDS: Final = {OK: _("i orden"), LOOK: _("se på dette"), WRONG: _("galt"), UNKNOWN: _("vet ikke")}

_COUNTS: Final = {
    "events": _("hendelser"),
    "new_children": _("nye barn"),
    "enrolled": _("innmeldt"),
    "work_items": _("nye avvik"),
    "guardians_met": _("nye foresatte"),
    "contacts_found": _("nye numre og adresser"),
    "opened": _("åpnet"),
    "moved": _("flyttet fram"),
    "noted": _("notert"),
    "handed_over": _("overlevert"),
    "new_times": _("nye tider"),
    "booked": _("timer gitt"),
    "unplaced": _("uten ledig time"),
    "without_room": _("uten plass i vinduet"),
    "taken_meanwhile": _("tatt imens"),
    "by_hand": _("må gjøres for hånd"),
    "waiting": _("venter"),
    "queued": _("lagt i kø"),
    "withdrawn": _("trukket tilbake"),
    "lapsed": _("falt bort"),
    "given_to_a_person": _("gitt til et menneske"),
    "answered": _("besvart"),
    "left_in_the_queue": _("ligger i køen"),
    "residents": _("bosatte barn"),
    "unaccounted": _("barn uten plass"),
    "not_closed": _("timer som ikke er ført"),
    "open_cases": _("åpne saker"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing: its name, its shape and word, what is so, and what to do ("" when nothing)."""

    name: str
    mark: str
    status: str
    says: str
    do: str


@dataclass(frozen=True, slots=True)
class Section:
    """Things that belong together."""

    key: str
    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class StatusPage:
    """The whole page. `tone` is that of the worst thing on it."""

    lead: str
    tone: str
    headings: tuple[Heading, ...]
    sections: tuple[Section, ...]


def status_page(found: Standing, *, at: datetime, today: date) -> StatusPage:
    """This function will turn how it stands into what the page shows; whatever is wrong is said in the lead too."""
    sections = (
        Section("alarms", gettext("Det noen må se på"), tuple(_alarms(found))),
        Section("night", gettext("Nattkjøringen"), tuple(_night(found, at))),
        Section("ledger", gettext("Regnskapet"), tuple(_ledger(found, at, today))),
        Section("register", gettext("Folkeregisteret"), tuple(_register(found, today))),
        Section("messages", gettext("Meldinger"), tuple(_messages(found, at))),
        Section("installation", gettext("Installasjonen"), tuple(_installation(found))),
    )
    marks = [item.mark for section in sections for item in section.items]
    wrong, look = marks.count(WRONG), marks.count(LOOK)
    parts = [ngettext("%(n)d ting er galt", "%(n)d ting er galt", wrong) % {"n": wrong}] if wrong else []
    parts += [ngettext("%(n)d ting bør ses på", "%(n)d ting bør ses på", look) % {"n": look}] if look else []
    return StatusPage(
        lead=capital(gettext(" og ").join(parts)) if parts else gettext("Alt er bra."),
        tone="bad" if wrong else "warn" if look else "ok",
        headings=tuple(
            Heading(label) for label in (gettext("Hva"), gettext("Status"), gettext("Hvordan det står"), gettext("Hva du kan gjøre"))
        ),
        sections=sections,
    )


def _item(name: str, mark: str, says: str, do: str = "") -> Item:
    return Item(name, mark, str(_WORDS[mark]), says, "" if mark == OK else do)


def _alarms(found: Standing) -> Iterable[Item]:
    for alarm in found.alarms:
        said, _point, do = words.on_screen(alarm.sentence).rpartition(". ")
        yield _item(gettext("Varsel"), WRONG, f"{said}." if said else do, do if said else "")
    if not found.alarms:
        yield _item(gettext("Varsler"), OK, gettext("Ingenting krever at noen ser på det nå."))


def _night(found: Standing, at: datetime) -> Iterable[Item]:
    run, how = found.run, gettext("Kjør `fjorten nightly`, og sett den opp til å gå hver natt. Se docs/how-to/nightly.md.")
    if run is None or run.finished_at is None:
        yield _item(gettext("Siste natt"), WRONG, gettext("Nattkjøringen er aldri kjørt til ende her."), how)
        return
    late = at - run.finished_at > NIGHT_WITHIN
    yield _item(
        gettext("Siste natt"),
        WRONG if late else OK,
        gettext("Natten til %(day)s, ferdig %(when)s.") % {"day": words.day(run.on), "when": words.when(run.finished_at)},
        how,
    )
    for stage, called in STAGE_NAMES.items():
        if stage not in run.counts and stage not in found.troubles:
            continue
        name, troubles = words.on_screen(called), found.troubles.get(stage, {})
        counts = ", ".join(
            f"{_COUNTS.get(count, count)}: {words.number(number)}" for count, number in run.counts.get(stage, {}).items() if number
        )
        if not troubles:
            yield _item(capital(name), OK, capital(counts) or gettext("Ingenting å gjøre."))
            continue
        number = sum(troubles.values())
        said = ngettext("%(n)d ting kunne ikke gjøres", "%(n)d ting kunne ikke gjøres", number) % {"n": number}
        kinds = ", ".join(f"{error or gettext('uten navn')} ({words.number(times)})" for error, times in troubles.items())
        do = gettext("Se hva det gjelder med `fjorten nightly`. Det prøves igjen neste natt.")
        yield _item(capital(name), LOOK, f"{said}: {kinds}. {capital(counts)}".strip(), do)


def _ledger(found: Standing, at: datetime, today: date) -> Iterable[Item]:
    how = gettext("Se linjene med `fjorten ledger`, og hold dem mot tabellene med `fjorten verify`.")
    balanced = found.balanced
    if balanced is None:
        yield _item(gettext("Sist avstemt"), WRONG, gettext("Regnskapet er aldri avstemt."), gettext("Kjør `fjorten nightly`."))
    else:
        when = words.when_balanced(balanced.at, today=today)
        if not balanced.balanced:
            yield _item(gettext("Sist avstemt"), WRONG, gettext("%(when)s. Det gikk ikke opp.") % {"when": capital(when)}, how)
        elif at - balanced.at > OLDEST:
            yield _item(gettext("Sist avstemt"), WRONG, capital(when), gettext("Kjør `fjorten nightly`."))
        else:
            yield _item(gettext("Sist avstemt"), OK, gettext("%(when)s. Det gikk opp.") % {"when": capital(when)})
    counts = found.counts
    if counts is None:
        return
    line = gettext(
        "%(residents)s bosatt = %(enrolled)s innmeldt + %(transfer)s overføres + %(outside)s utenfor + %(unaccounted)s uten plass"
    ) % {
        "residents": words.number(counts.residents),
        "enrolled": words.number(counts.enrolled),
        "transfer": words.number(counts.in_transfer),
        "outside": words.number(counts.outside),
        "unaccounted": words.number(counts.unaccounted),
    }
    yield _item(gettext("Barn 0–5 år"), OK if counts.adds_up else WRONG, line, how)
    yield _item(
        gettext("Uten plass"),
        LOOK if counts.unaccounted else OK,
        ngettext("%(n)s barn bor her uten journal.", "%(n)s barn bor her uten journal.", counts.unaccounted)
        % {"n": words.number(counts.unaccounted)},
        gettext("Helsestasjonen finner dem på arbeidslisten."),
    )


def _register(found: Standing, today: date) -> Iterable[Item]:
    feed = found.feed
    if feed.extract is None:
        yield _item(
            gettext("Siste uttrekk"),
            LOOK,
            gettext("Ingen uttrekk er lest inn."),
            gettext("Les det inn med `fjorten register load`."),
        )
    else:
        told = {
            "day": words.day(feed.extract.on),
            "read": words.number(feed.extract.persons_read),
            "kept": words.number(feed.extract.children_kept),
        }
        says = gettext("%(day)s: %(read)s personer lest, %(kept)s barn beholdt.") % told
        if feed.extract.rejected:
            says = f"{says} " + ngettext("%(n)s linje ble avvist.", "%(n)s linjer ble avvist.", feed.extract.rejected) % {
                "n": words.number(feed.extract.rejected)
            }
        is_old = today - feed.extract.on > EXTRACT_OLD and feed.last is None
        do = gettext("Hent et nytt uttrekk, og les det inn med `fjorten register load`.")
        yield _item(gettext("Siste uttrekk"), LOOK if is_old or feed.extract.rejected else OK, says, do)
    if feed.last is None:
        yield _item(
            gettext("Hendelser"),
            UNKNOWN,
            gettext("Hendelseslisten er ikke tatt i bruk her."),
            gettext("Uten den må uttrekk leses inn jevnlig."),
        )
    elif feed.missing:
        number = sum(run.last - run.first + 1 for run in feed.missing)
        says = gettext("Lest til nummer %(last)s. %(n)s hendelser mangler.") % {"last": words.number(feed.last), "n": words.number(number)}
        do = gettext("De spørres etter igjen hver natt. Kommer de aldri, se `fjorten register feed` og `fjorten register accept-gap`.")
        yield _item(gettext("Hendelser"), WRONG, says, do)
    else:
        yield _item(gettext("Hendelser"), OK, gettext("Lest til nummer %(last)s, ingen hull.") % {"last": words.number(feed.last)})
    if feed.to_look_up:
        says = ngettext("%(n)s person må slås opp på nytt.", "%(n)s personer må slås opp på nytt.", feed.to_look_up)
        do = gettext("Nattkjøringen slår dem opp. Blir de stående, svarer ikke registeret.")
        yield _item(gettext("Oppslag"), LOOK, says % {"n": words.number(feed.to_look_up)}, do)


def _messages(found: Standing, at: datetime) -> Iterable[Item]:
    by_state: dict[str, int] = {}
    for state, _way, number in found.outbox:
        label = words.on_screen(str(state.label))
        by_state[label] = by_state.get(label, 0) + number
    says = ", ".join(f"{label}: {words.number(number)}" for label, number in by_state.items())
    yield _item(gettext("Utboksen"), OK, capital(says) or gettext("Ingen meldinger ennå."))
    for one in found.waiting:
        waited = at - one.since
        says = ngettext("%(n)s venter, den eldste siden %(when)s.", "%(n)s venter, den eldste siden %(when)s.", one.number)
        is_letter = one.way.value == "letter"
        mark = OK if waited <= WAITS_LONG or is_letter else LOOK if waited <= WAITS_TOO_LONG else WRONG
        do = gettext("Se at `fjorten worker` går, og at tjenesten under svarer.")
        yield _item(
            gettext("Kø, %(way)s") % {"way": words.on_screen(str(one.way.label))},
            mark,
            says % {"n": words.number(one.number), "when": words.when(one.since)},
            do,
        )
    yield _item(
        gettext("Uvisst om sendt"),
        LOOK if found.uncertain else OK,
        ngettext("%(n)s melding", "%(n)s meldinger", found.uncertain) % {"n": words.number(found.uncertain)},
        gettext("Arbeideren spør tjenesten. Får den ikke svar, blir det en oppgave for et menneske under Meldinger."),
    )
    for gateway in found.gateways:
        told = {"when": words.when(gateway.tried_at)}
        if gateway.taken_at is None:
            says, mark = gettext("Har aldri tatt imot en melding. Sist prøvd %(when)s.") % told, WRONG
        elif gateway.tried_at > gateway.taken_at and gateway.tried_at - gateway.taken_at > GATEWAY_QUIET:
            says = gettext("Tok sist imot %(taken)s, prøvd senest %(when)s.") % {**told, "taken": words.when(gateway.taken_at)}
            mark = WRONG
        else:
            says, mark = gettext("Tok sist imot %(when)s.") % {"when": words.when(gateway.taken_at)}, OK
        yield _item(gateway.gateway, mark, says, gettext("Se innstillingene for tjenesten, og om leverandøren har en feil."))


def _installation(found: Standing) -> Iterable[Item]:
    here = found.installation
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(here.database, here.database)
    size = (
        gettext("%(kind)s, %(size)s MB") % {"kind": kind, "size": words.number(round(here.size / 1_000_000))}
        if here.size is not None
        else kind
    )
    yield _item(gettext("Database"), OK, size)
    if here.missing:
        says = ngettext("%(n)d migrering er ikke kjørt: %(which)s", "%(n)d migreringer er ikke kjørt: %(which)s", len(here.missing))
        says %= {"n": len(here.missing), "which": ", ".join(here.missing)}
        yield _item(gettext("Migreringer"), WRONG, says, gettext("Ta en sikkerhetskopi, og kjør `fjorten init`."))
    else:
        yield _item(gettext("Migreringer"), OK, gettext("Alle %(n)s er kjørt.") % {"n": words.number(here.applied)})
    yield _item(gettext("Utgave"), OK, f"fjorten {here.version}")
    yield _item(
        gettext("Sikkerhetskopi"),
        UNKNOWN,
        gettext("fjorten fører ikke når sikkerhetskopier er tatt."),
        gettext("Se der du lagrer dem at den nyeste er fra i natt, og prøv å gjenopprette. Se docs/how-to/backup-and-restore.md."),
    )
