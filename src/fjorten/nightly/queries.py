"""How a municipality stands: one call, for the command, for the alarm and for the head of every page."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from fjorten.followup.models import Case
from fjorten.kernel.times import oslo_date, start_of_day
from fjorten.kernel.working_days import add_working_days
from fjorten.messages.channels.interface import Outcome
from fjorten.messages.composing import brand_of
from fjorten.messages.models import Attempt, ContactTask, Message, OutboxState, Way
from fjorten.messages.queries import letters_to_print, messages_in_the_air, tasks_overdue
from fjorten.nightly.models import Notice, Run
from fjorten.nightly.standing import (
    LETTERS_WORKING_DAYS,
    OVERDUE_WORKING_DAYS,
    TRIES,
    UNCERTAIN_FOR,
    Alarm,
    Facts,
    LastNight,
    alarms,
)
from fjorten.nightly.usual import NIGHTS, nights_of_its_kind, unusual_counts
from fjorten.organisation.models import Clinic, Employee, Municipality
from fjorten.people.models import Person
from fjorten.plans.models import Enrolment

_NEWEST_TRIES = 200
_TRIED_WITHIN = timedelta(days=1)
# What stands further in the future than clocks may differ was written by a clock that was wrong, and is no sign of life [default].
_CLOCKS_DIFFER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LastBalanced:
    """When a ledger was taken last, at the end of a night, and whether it balanced."""

    at: datetime
    balanced: bool


def status_of(*, municipality: Municipality, at: datetime) -> list[Alarm]:
    """Name what somebody must look at in a municipality, the most pressing first; [] when all is well. In a constant number of queries."""
    return alarms(facts_of(municipality=municipality, at=at), at=at)


def last_balanced(*, municipality: Municipality, at: datetime) -> LastBalanced | None:
    """Tell when the ledger was last taken by a night before `at`, and whether it balanced; None when it never was."""
    taken = Run.objects.filter(municipality=municipality, finished_at__lte=at + _CLOCKS_DIFFER, balanced__isnull=False)
    newest = taken.order_by("-finished_at", "-pk").values_list("finished_at", "balanced").first()
    if newest is None:
        return None
    finished_at, balanced = newest
    return None if finished_at is None or balanced is None else LastBalanced(finished_at, balanced)


def newest_run(*, municipality: Municipality, at: datetime) -> Run | None:
    """Find the newest run that was finished before `at`; None when none was."""
    finished = Run.objects.filter(municipality=municipality, finished_at__lte=at + _CLOCKS_DIFFER)
    return finished.order_by("-finished_at", "-pk").first()


def troubles_of(run: Run) -> dict[str, dict[str, int]]:
    """Count what a run could not do, by stage and by what went wrong; about nobody: whom it concerns is the stage's own list's to say."""
    found: dict[str, dict[str, int]] = {}
    for stage, error, number in run.troubles.order_by("stage", "error").values_list("stage", "error").annotate(number=Count("pk")):
        found.setdefault(stage, {})[error] = number
    return found


def last_notice(*, municipality: Municipality, at: datetime) -> Notice | None:
    """Find the last alarm, or word that all is well, that was sent before `at`."""
    return Notice.objects.filter(municipality=municipality, at__lte=at + _CLOCKS_DIFFER).order_by("-at", "-pk").first()


def facts_of(*, municipality: Municipality, at: datetime) -> Facts:
    """Read what `standing.alarms` asks about a municipality."""
    on = oslo_date(at)
    late = add_working_days(on, -OVERDUE_WORKING_DAYS)
    awake = Case.objects.of(municipality).still_open().awake_on(on)
    staff = Counter(Employee.objects.filter(municipality=municipality).employed_on(on).values_list("role", flat=True))
    last, begun_at = _last_nights(municipality, at + _CLOCKS_DIFFER)
    letters_since = start_of_day(add_working_days(on, -LETTERS_WORKING_DAYS))
    return Facts(
        children=Person.objects.of(municipality).exists(),
        last=last,
        begun_at=begun_at,
        in_the_air=messages_in_the_air(municipality=municipality, at=at).count(),
        uncertain_without_task=_uncertain(municipality, at),
        gateways_down=tuple(_gateways_down(municipality, at)),
        tasks_overdue=tasks_overdue(municipality=municipality, on=late).count(),
        cases_overdue=awake.filter(due_on__lt=late).count(),
        leaders_cases_overdue=awake.filter(due_on__lt=on, owner__role=Employee.Role.LEADER).count(),
        letters_waiting=letters_to_print(municipality=municipality, at=letters_since).count(),
        employed=staff.total(),
        leaders=staff[Employee.Role.LEADER],
        is_nameless=not brand_of(municipality).strip(),
        not_found=tuple(_clinics_not_found(municipality)),
    )


def _clinics_not_found(municipality: Municipality) -> Iterable[str]:
    """Name the clinics children follow the programme at and families are not told where to call, or where to come."""
    follows_there = Enrolment.objects.still_open().filter(clinic=OuterRef("pk"))
    is_missing = Q(telephone="") | Q(visiting_address="")
    return Clinic.objects.of(municipality).filter(is_missing, Exists(follows_there)).order_by("name").values_list("name", flat=True)


def _last_nights(municipality: Municipality, until: datetime) -> tuple[LastNight | None, datetime | None]:
    """Read the newest run finished by an instant, and when a newer one began that is not finished."""
    # Working days are five of seven: this many runs hold NIGHTS of either kind but after the longest holidays.
    runs = list(Run.objects.filter(municipality=municipality, finished_at__lte=until).order_by("-finished_at", "-pk")[: NIGHTS * 4])
    begun = Run.objects.filter(municipality=municipality, finished_at__isnull=True, started_at__lte=until).order_by("-started_at")
    if not runs:
        return None, begun.values_list("started_at", flat=True).first()
    last = runs[0]
    assert last.finished_at is not None
    begun_at = begun.filter(started_at__gt=last.started_at).values_list("started_at", flat=True).first()
    nights = {run.on: flat(run.counts) for run in reversed(runs)}  # of several runs of a day the first did the work
    earlier = sorted(((day, counts) for day, counts in nights.items() if day < last.on), reverse=True, key=lambda night: night[0])
    unusual = unusual_counts(nights[last.on], nights_of_its_kind(last.on, earlier))
    troubles = dict(last.troubles.values_list("error").annotate(n=Count("pk")).order_by())
    night = LastNight(
        on=last.on,
        finished_at=last.finished_at,
        balanced=last.balanced,
        troubles=troubles,
        unusual=tuple(unusual),
        not_placeable=flat(last.counts).get("invitations.without_room", 0),
    )
    return night, begun_at


def flat(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Tell the counts of a run as one mapping: "stage.count" to number."""
    return {f"{stage}.{name}": number for stage, those in counts.items() for name, number in those.items()}


def _uncertain(municipality: Municipality, at: datetime) -> int:
    asked = ContactTask.objects.filter(message=OuterRef("pk"))
    in_doubt = Message.objects.of(municipality).filter(state__in=[OutboxState.UNCERTAIN, OutboxState.IN_HAND])
    unknown = in_doubt.filter(state_at__lt=at - UNCERTAIN_FOR).exclude(way=Way.LETTER)
    return unknown.exclude(Exists(asked)).count()


def _gateways_down(municipality: Municipality, at: datetime) -> Iterator[str]:
    """Name the gateways whose last tries, within a day, all ended without getting through."""
    tries = Attempt.objects.filter(message__municipality=municipality, finished_at__gte=at - _TRIED_WITHIN).order_by("-finished_at", "-pk")
    by_gateway: dict[str, list[str]] = {}
    for gateway, outcome in tries.values_list("gateway", "outcome")[:_NEWEST_TRIES]:
        by_gateway.setdefault(gateway, []).append(outcome)
    for gateway, outcomes in sorted(by_gateway.items()):
        newest = outcomes[:TRIES]
        if len(newest) == TRIES and set(newest) <= {Outcome.NOT_SENT.value, Outcome.UNCERTAIN.value}:
            yield gateway
