"""Whether there are times enough for the children of a municipality: today's alarm, and the next twelve weeks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q

from fjorten.appointments.capacity import WEEKS, Kind, Outlook, Shortage, Week, WeekForecast, forecast, places_by_week, shortages
from fjorten.appointments.models import HOLDING_STATES, OPEN_STATES, Appointment
from fjorten.appointments.needs import steps_without_a_time, waiting_on
from fjorten.appointments.norms import default_norms
from fjorten.appointments.placing import Need, Unplaced
from fjorten.appointments.queries import free_slots
from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.solver import without_room
from fjorten.appointments.states import State
from fjorten.kernel.times import start_of_day
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person, Residence
from fjorten.people.queries import resident_children
from fjorten.plans.programmes import programmes_of
from fjorten.programme.steps import StepDefinition

_YEAR: Final = timedelta(weeks=52)
# Whoever is seen here this soon after birth was born here, and did not move in [default].
_BORN_HERE: Final = timedelta(days=28)
_AT_A_TIME: Final = timedelta(weeks=3)


def children_without_room(
    *, municipality: Municipality, on: date, fast: Collection[int] = (), paused_steps: Collection[int] = ()
) -> tuple[Unplaced, ...]:
    """
    This function will find the children whose turn it is and who cannot be given a time before their window closes, however the others
    are placed: the alarm. Ordinary notice is set aside for it, and only what lies within twelve weeks is looked at [default].
    """
    waiting = waiting_on(municipality=municipality, on=on, fast=fast, paused_steps=paused_steps).needs
    return without_room_among(waiting, municipality=municipality, on=on)


def without_room_among(waiting: Iterable[Need], *, municipality: Municipality, on: date) -> tuple[Unplaced, ...]:
    """This function will find those of some waiting children who cannot be given a time however they are placed; see above."""
    soonest = on + timedelta(days=default_norms().notice.short.shortest)
    needs = [need.on_any_day_from(soonest) for need in waiting]
    if not needs:
        return ()
    horizon = Week.of(on).after(WEEKS).monday
    latest = max(min(horizon, max(need.days.until or horizon for need in needs)), soonest)
    # Most nights all find room in the weeks nearest, or the few who do not in the next: then there is nothing more to be asked.
    slots: list[FreeSlot] = []
    left, begins = needs, soonest
    while left and begins < latest:
        until = min(begins + _AT_A_TIME, latest)
        more = free_slots(municipality=municipality, from_on=begins, until_on=until)
        left = [one.need for one in without_room(needs=left, slots=more, today=on)]
        slots += more
        begins = until
    return without_room(needs=needs, slots=slots, today=on) if left else ()


def shortages_on(*, municipality: Municipality, on: date) -> tuple[Shortage, ...]:
    """This function will tell how many times are lacking, by week, place and competence; see `children_without_room`."""
    return shortages(children_without_room(municipality=municipality, on=on))


def forecast_from(*, municipality: Municipality, on: date) -> tuple[WeekForecast, ...]:
    """This function will forecast twelve weeks of need against the free places of the rosters, from the week of a day on."""
    return forecast(outlook_on(municipality=municipality, on=on))


def outlook_on(*, municipality: Municipality, on: date) -> Outlook:
    """
    This function will gather what a forecast is made from, in a constant number of questions to the database.

    The births, moves and misses are those of the 52 weeks before the day [default].
    """
    first_week = Week.of(on)
    horizon = first_week.after(WEEKS).monday
    programmes = programmes_of(municipality)
    planned: dict[tuple[Week, Kind], float] = defaultdict(float)
    for step, version, target_on, number in _steps_by_target(municipality, on, horizon):
        definition = programmes.step_of(version, step)
        if definition is not None:  # else on the list of those placed by hand
            planned[max(Week.of(target_on), first_week), _kind_of(definition)] += number
    newborn = [(step.target.shortest_days, _kind_of(step)) for step in programmes.on(on).steps]
    return Outlook(
        first_week=first_week,
        planned=dict(planned),
        newborn=[(days, kind) for days, kind in newborn if days < WEEKS * 7],
        births_a_week=_births(municipality, on) / 52,
        moves_a_week=_net_moves(municipality, on) / 52,
        children=resident_children(municipality=municipality, on=on).count(),
        missed_share=_missed_share(municipality, on),
        free=places_by_week(free_slots(municipality=municipality, from_on=on + timedelta(days=1), until_on=horizon)),
    )


def _kind_of(step: StepDefinition) -> Kind:
    return Kind(step.settings[0], frozenset(step.performers))


def _steps_by_target(municipality: Municipality, on: date, horizon: date) -> list[tuple[str, str, date, int]]:
    """Count the unsettled steps without an open appointment, of enrolled residents, by step, programme and target day."""
    steps = steps_without_a_time(municipality, on).filter(target_on__lt=horizon)
    rows = steps.order_by().values("step", "enrolment__programme_version", "target_on").annotate(number=Count("pk"))
    return list(rows.values_list("step", "enrolment__programme_version", "target_on", "number"))


def _births(municipality: Municipality, on: date) -> int:
    """Count the children born here, to residents, in the 52 weeks before a day."""
    at_birth = Residence.objects.filter(person=OuterRef("pk"), is_here=True).filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=OuterRef("born_on") + _BORN_HERE)
    )
    return Person.objects.of(municipality).filter(Exists(at_birth), born_on__gte=on - _YEAR, born_on__lt=on).count()


def _net_moves(municipality: Municipality, on: date) -> int:
    """Count the children of the age group who moved in, less those who moved out, in the 52 weeks before a day."""
    of_age = Person.objects.of(municipality).in_age_group_on(on)
    here = Residence.objects.filter(is_here=True, person__in=of_age)
    same_child_here = Residence.objects.filter(person=OuterRef("person"), is_here=True)  # moving house within the municipality is no move
    from_here = same_child_here.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lt=OuterRef("valid_from")),
        Q(valid_until__isnull=True) | Q(valid_until__gte=OuterRef("valid_from")),
    )
    to_here = same_child_here.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("valid_until")), valid_from__lte=OuterRef("valid_until")
    )
    moved_in = here.filter(~Exists(from_here), valid_from__gte=on - _YEAR, valid_from__lt=on)
    moved_out = here.filter(~Exists(to_here), valid_until__gte=on - _YEAR, valid_until__lt=on)
    return moved_in.filter(valid_from__gt=F("person__born_on") + _BORN_HERE).count() - moved_out.count()


def _missed_share(municipality: Municipality, on: date) -> float:
    """Tell which share of the appointments of the 52 weeks before a day nobody came to; 0 when there were none."""
    past = Appointment.objects.of(municipality).filter(
        state__in=HOLDING_STATES, begins_at__gte=start_of_day(on - _YEAR), begins_at__lt=start_of_day(on)
    )
    missed = Q(state__in=[State.DID_NOT_ATTEND.value, State.NOT_BROUGHT.value])
    counted = past.exclude(state__in=OPEN_STATES).aggregate(all=Count("pk"), missed=Count("pk", filter=missed))
    return counted["missed"] / counted["all"] if counted["all"] else 0.0
