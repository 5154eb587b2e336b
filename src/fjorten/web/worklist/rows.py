"""One row of the worklist as strings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext

from fjorten.followup.models import CaseEvent
from fjorten.followup.queries import LastEntry
from fjorten.kernel.times import oslo_date
from fjorten.ledger.tracks import StandingStep
from fjorten.ledger.worklist import Row
from fjorten.programme.catch_up import catch_up
from fjorten.programme.status import Status
from fjorten.programme.steps import Definition
from fjorten.web import words
from fjorten.web.calendar.naming import address_of_times
from fjorten.web.children import address_of, age_and_birth
from fjorten.web.families import contact_of, language_of
from fjorten.web.marks import MiniTrack
from fjorten.web.shown import ByName, tone_of
from fjorten.web.tracks import mark_of, mini_track_of, track_to_come
from fjorten.web.words import capital
from fjorten.web.worklist.asking import pick_of
from fjorten.web.worklist.showing import Known

NEWBORN: Final = timedelta(days=28)  # a child so young has just been born here, not moved in [default]


@dataclass(frozen=True, slots=True)
class Line(ByName):
    """
    One row of the table; `chip` is the language when it is not Norwegian, `spoken` the language as it is counted; `times`
    leads to where a time is given, "" where something else comes first.
    """

    pick: str
    pick_words: str
    name: str
    address: str
    age: str
    mark: str
    lacks: str
    about: str
    track: MiniTrack | None
    chip: str
    language: str
    spoken: str
    contact: str
    last: str
    last_on: str
    next: str
    times: str
    due: str
    tone: str
    owner: str


def line_of(row: Row, known: Known, definition: Definition, *, on: date) -> Line:
    """This function will turn one row of the worklist into what is shown; `definition` is the programme a newcomer would be planned by."""
    person, family = row.person, known.families[row.person.pk]
    chip, name, norwegian = language_of(family), words.name_of(person), gettext("Norsk")
    common = {
        "pick": pick_of(row),
        "pick_words": gettext("Velg %(name)s") % {"name": name},
        "name": name,
        "address": address_of(person),
        "age": age_and_birth(person.born_on, on=on),
        "chip": chip,
        "language": norwegian,
        "spoken": words.within(chip or norwegian),
        "contact": contact_of(family),
    }
    if row.planned is None:
        return _without_journal(row, known, definition, on, common)
    return _step_line(row, known, on, common)


def _without_journal(row: Row, known: Known, definition: Definition, on: date, common: Mapping[str, str]) -> Line:
    person = row.person
    finding, since = known.findings.get(person.pk), known.since.get(person.pk)
    is_newborn = person.born_on is not None and on - person.born_on <= NEWBORN
    here_since = gettext("bor her siden %(day)s") % {"day": words.day(since)} if since else gettext("bor her nå")
    plan = catch_up(person.born_on, definition, on=on) if person.born_on is not None and person.born_on <= on else None
    due, tone = _deadline(row.place.due_on, on)
    return Line(
        **common,
        mark="without_journal",
        lacks=gettext("Uten journal"),
        about=gettext("Nyfødt") if is_newborn else capital(here_since),
        track=track_to_come(plan, definition).mini if plan else None,
        last=gettext("Folkeregisteret") if finding else "",
        last_on=words.day(finding.opened_on) if finding else "",
        next=gettext("Opprett journal"),
        times="",
        due=due,
        tone=tone,
        owner=capital(words.on_screen(str(finding.get_owner_display()))) if finding else "",
    )


def _step_line(row: Row, known: Known, on: date, common: Mapping[str, str]) -> Line:
    assert row.planned is not None, "a row of a planned step"
    planned = row.planned
    steps = known.tracks[row.person.pk]
    place, standing = next((place, step) for place, step in enumerate(steps, start=1) if step.planned.pk == planned.pk)
    case = known.cases.get(planned.pk)
    last, last_on = _last(known.entries.get(case.case.pk) if case else None, steps)
    missed = known.missed.get(planned.pk, [])
    label, mark = words.short_step(standing.definition, planned.step), mark_of(standing)
    if case is not None:
        due, tone = _deadline(case.due_on, on)
    else:
        last_day = words.last_day(planned.window_until)
        due, tone = (gettext("innen %(day)s") % {"day": words.day(last_day)}, "") if last_day >= on else _deadline(last_day, on)
    return Line(
        **common,
        mark=mark.code,
        lacks=f"{label}, {mark.word} ×{len(missed)}" if len(missed) > 1 else f"{label}, {mark.word}",
        about=_days(missed) or _about(standing),
        track=mini_track_of(steps),
        last=last,
        last_on=last_on,
        next=words.said(case.step.name) if case else gettext("Send innkalling"),
        times="" if case else address_of_times(row.person, place),
        due=due,
        tone=tone,
        owner=case.acts.name if case else "",
    )


def _days(missed: Sequence[date]) -> str:
    """Write the days nobody came: «14.09. og 12.10.2026»; of many the last, of none nothing."""
    if not missed:
        return ""
    if len(missed) > 2:
        return gettext("sist %(day)s") % {"day": words.day(missed[-1])}
    return gettext(" og ").join([*(words.short_day(day) for day in missed[:-1]), *(words.day(day) for day in missed[-1:])])


def _about(standing: StandingStep) -> str:
    definition, planned = standing.definition, standing.planned
    if definition is not None and definition.vaccines:
        return gettext("vaksine: %(names)s") % {"names": ", ".join(words.vaccine(code) for code in definition.vaccines)}
    last_day = words.last_day(planned.window_until)
    return gettext("vindu %(first)s–%(last)s") % {"first": words.short_day(planned.window_from), "last": words.short_day(last_day)}


def _last(entry: LastEntry | None, steps: Sequence[StandingStep]) -> tuple[str, str]:
    """Tell what was done last: in the case, else the last step that was carried out."""
    if entry is not None:
        said = words.said(entry.step.name) if entry.step else words.on_screen(str(CaseEvent.What(entry.event.what).label))
        return capital(said), words.day(oslo_date(entry.event.done_at))
    done = [step for step in steps if step.state in (Status.DONE, Status.DONE_ELSEWHERE) and step.planned.outcome_on is not None]
    if not done:
        return "", ""
    last = max(done, key=lambda step: (step.planned.outcome_on or date.min, step.planned.position))
    assert last.planned.outcome_on is not None, "only those with a day were kept"
    return words.short_step(last.definition, last.planned.step), words.day(last.planned.outcome_on)


def _deadline(due_on: date, on: date) -> tuple[str, str]:
    said = words.relative_day(due_on, today=on)
    return said if due_on < on else gettext("frist %(day)s") % {"day": said}, tone_of(due_on, today=on)
