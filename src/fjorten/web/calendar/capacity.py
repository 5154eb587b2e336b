"""Whether there are times enough: who cannot be placed, where times are lacking, and the next twelve weeks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from fjorten.access.permissions import Permission
from fjorten.appointments.capacity import Kind, WeekForecast, shortages
from fjorten.appointments.forecasts import children_without_room, forecast_from
from fjorten.appointments.placing import Unplaced
from fjorten.care_relations.relations import children_shown_to
from fjorten.followup.queries import cases_that_bear_on_times
from fjorten.ledger.tracks import StandingStep, tracks_of
from fjorten.people.models import Person
from fjorten.web import words
from fjorten.web.calendar.naming import COMPETENCES, SETTINGS, address_of_times, performers_of
from fjorten.web.children import address_of
from fjorten.web.edge import StaffRequest
from fjorten.web.gate import may
from fjorten.web.looking import look_through
from fjorten.web.shown import Heading
from fjorten.web.times import WHY_NOT


@dataclass(frozen=True, slots=True)
class Short:
    """How many times of one kind are lacking in a week."""

    week: str
    place: str
    competence: str
    missing: str


@dataclass(frozen=True, slots=True)
class WithoutRoom:
    """A child whose turn it is and for whom there is no time inside its window."""

    name: str
    address: str
    sub: str
    until: str
    tone: str
    choose: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One week of one kind of time: how many need one, as a share of the longest, and the line of how many there is room for."""

    label: str
    value: str
    share: int
    limit: int
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Twelve weeks of one kind of time."""

    id: str
    heading: str
    sentence: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class CapacityPage:
    """The whole page. `others` counts the children whoever looks may not know of."""

    alarm: str
    headings: tuple[Heading, ...]
    short: tuple[Short, ...]
    children: tuple[WithoutRoom, ...]
    others: str
    pictures: tuple[Picture, ...]


@require_GET
@may(Permission.BOOK)
def capacity(request: StaffRequest) -> HttpResponse:
    """Show the alarm, the children it is about, and the forecast."""
    municipality, on = request.staff.municipality, request.today
    fast, paused = cases_that_bear_on_times(municipality=municipality, on=on)
    without = children_without_room(municipality=municipality, on=on, fast=fast, paused_steps=paused)
    shown = children_shown_to(request.staff, at=request.at).in_bulk({one.need.child for one in without})
    look_through(request, "capacity", rows=len(shown))
    page = capacity_page(
        without,
        shown=shown,
        steps=tracks_of(list(shown), municipality=municipality, on=on),
        forecast=forecast_from(municipality=municipality, on=on),
        today=on,
    )
    return render(request, "calendar/capacity.html", {"page": page})


def capacity_page(
    without: Sequence[Unplaced],
    *,
    shown: Mapping[int, Person],
    steps: Mapping[int, Sequence[StandingStep]],
    forecast: Sequence[WeekForecast],
    today: date,
) -> CapacityPage:
    """This function will turn the alarm and the forecast into what the page shows; `shown` are the children whoever looks may know of."""
    number = len(without)
    hidden = sum(one.need.child not in shown for one in without)
    alarm = ngettext(
        "%(n)d konsultasjon får ikke plass innenfor vinduet, hvordan de andre enn settes opp.",
        "%(n)d konsultasjoner får ikke plass innenfor vinduet, hvordan de andre enn settes opp.",
        number,
    )
    return CapacityPage(
        alarm=alarm % {"n": number} if number else "",
        headings=(
            Heading(gettext("Uke")),
            Heading(gettext("Sted")),
            Heading(gettext("Kompetanse")),
            Heading(gettext("Mangler")),
        ),
        short=tuple(
            Short(
                _week(one.week.monday),
                words.capital(str(SETTINGS[one.setting])),
                words.capital(str(COMPETENCES[one.competence])),
                words.number(one.missing),
            )
            for one in shortages(without)
        ),
        children=tuple(_without_room(one, shown[one.need.child], steps, today) for one in without if one.need.child in shown),
        others=ngettext("og %(n)d til, som du ikke ser navnet på", "og %(n)d til, som du ikke ser navnene på", hidden) % {"n": hidden}
        if hidden
        else "",
        pictures=tuple(_pictures(forecast)),
    )


def _without_room(one: Unplaced, child: Person, steps: Mapping[int, Sequence[StandingStep]], today: date) -> WithoutRoom:
    place, step = next(
        ((place, step) for place, step in enumerate(steps[child.pk], start=1) if step.planned.pk == one.need.planned_step), (0, None)
    )
    last = words.last_day(one.need.until_on)
    name = words.step_name(step.definition if step else None, one.need.step)
    return WithoutRoom(
        name=words.name_of(child),
        address=address_of(child),
        sub=words.in_line([name, str(WHY_NOT[one.why])]),
        until=gettext("vindu til %(day)s") % {"day": words.day(last)},
        tone="miss" if last < today else "late",
        choose=address_of_times(child, place) if place else "",
    )


def _pictures(forecast: Sequence[WeekForecast]) -> Iterator[Picture]:
    """Draw each kind of time: its weeks on one scale, so that the bars can be compared."""
    by_kind: defaultdict[Kind, list[WeekForecast]] = defaultdict(list)
    for one in forecast:
        by_kind[one.kind].append(one)
    for number, (kind, weeks) in enumerate(by_kind.items(), start=1):
        most = max(1.0, *(max(week.need, week.free) for week in weeks))
        yield Picture(
            id=f"kind-{number}",
            heading=words.capital(f"{performers_of(kind.performers)}, {SETTINGS[kind.setting]}"),
            sentence=_sentence(weeks),
            bars=tuple(_bar(week, most) for week in weeks),
        )


def _bar(week: WeekForecast, most: float) -> Bar:
    """A bar of the need, with a line where the room ends."""
    room = gettext("plass til %(n)s") % {"n": words.number(int(week.free))}
    behind = ceil(week.behind)
    said = [room, gettext("%(n)s venter") % {"n": words.number(behind)}] if behind else [room]
    return Bar(
        label=_week(week.week.monday),
        value=words.number(round(week.need)),
        share=round(100 * week.need / most),
        limit=round(100 * week.free / most),
        tone="late" if behind else "",
        words=", ".join(said),
    )


def _sentence(weeks: Sequence[WeekForecast]) -> str:
    """Say in words what the bars show."""
    need, free, behind = sum(week.need for week in weeks), sum(week.free for week in weeks), ceil(weeks[-1].behind)
    said = gettext("%(need)s trenger time, og det er plass til %(free)s.") % {
        "need": words.number(round(need)),
        "free": words.number(int(free)),
    }
    if not behind:
        return said
    waiting = ngettext("%(n)s venter fortsatt når ukene er over.", "%(n)s venter fortsatt når ukene er over.", behind)
    return f"{said} {waiting % {'n': words.number(behind)}}"


def _week(monday: date) -> str:
    return gettext("Uke %(n)d") % {"n": monday.isocalendar().week}
