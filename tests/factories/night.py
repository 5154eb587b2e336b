"""
A tiny municipality with something to do for every stage of a night, and the night itself.

    here = a_municipality_with_work(folder)
    run_night(night=a_night(here, folder))

On Tuesday 10 March 2026 at ten: the register tells of a newborn and of a child who moved in; one child was not brought yesterday, one comes
on Friday and is to be reminded, one has a protected address and must be told by hand.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import ForeignKey, Model

from fjorten.appointments.actions.booking import book
from fjorten.appointments.actions.outcomes import mark_did_not_attend
from fjorten.kernel.times import oslo_date
from fjorten.messages.carriers import Carriers
from fjorten.messages.channels.file_outbox import FileOutbox
from fjorten.messages.channels.interface import Channel
from fjorten.messages.models import SettledUpTo
from fjorten.nightly.actions import JOB, since_when
from fjorten.nightly.stages import Night
from fjorten.organisation.actions import name_for_families, open_municipality, tell_where_clinic_is
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person
from fjorten.plans.actions.settling import waive
from fjorten.registers.feeds.directory import DirectorySource
from tests.factories.clinic import CLERK, NURSE, StaffedClinic, a_staffed_clinic, an_enrolled_child, step_of
from tests.factories.family import Guardian, a_guardian, family_of
from tests.factories.register import a_number, event, feed_folder, person_document

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
TWO_WEEKS_AGO = AT - timedelta(days=14)


def a_municipality_with_work(folder: Path) -> StaffedClinic:
    """The municipality 9901 with its clinic, five children, and a register in `folder` that tells of two of them."""
    municipality = open_municipality(code="9901", name="Prøvekommunen", by=CLERK, at=AT)
    name_for_families(municipality=municipality, brand="Prøve kommune", norwegian="nb", by=CLERK, at=AT)
    municipality.refresh_from_db()
    here = a_staffed_clinic(municipality)
    tell_where_clinic_is(clinic=here.clinic, telephone="+4700990000", visiting_address="Torget 1, Fjordvik", by=CLERK, at=AT)
    missed = a_child_with_a_time(here, "2026-03-09 09:00", a_guardian())
    mark_did_not_attend(appointment=missed, by=NURSE, at=AT - timedelta(hours=20))
    a_child_with_a_time(here, "2026-03-13 09:00", a_guardian(telephone="+4700000002", nth=1))
    a_child_with_a_time(here, "2026-03-13 10:00", a_guardian(telephone="+4700000003", nth=2), protection="confidential")
    the_register_tells(folder)
    return here


def a_child_with_a_time(here: StaffedClinic, begins: str, guardian: Guardian, **facts: Any) -> Any:
    """A child of two months, with a time booked two weeks ago."""
    enrolment = an_enrolled_child(here, given_name="IDA MARIE", **facts)
    family_of(enrolment.person, guardian)
    behind = enrolment.steps.filter(window_until__lte=AT.date() + timedelta(days=14)).exclude(step="C04_M3")
    for step in behind:  # what is behind them is settled, so that one case is all there is
        waive(enrolment=enrolment, step=step.step, on=TWO_WEEKS_AGO.date(), reason="før prøven", by=CLERK, at=TWO_WEEKS_AGO)
    return book(planned_step=step_of(enrolment, "C04_M3"), slot=here.slot(begins), by=CLERK, at=TWO_WEEKS_AGO)


def the_register_tells(folder: Path) -> None:
    """Write the register's folder: a child born here last week, and one of two years who moved in."""
    newborn, moved_in = date(2026, 3, 4), date(2024, 2, 2)
    feed_folder(
        folder / "register",
        [
            event(1, person_document(a_number(newborn), born_on=newborn), at=AT - timedelta(days=2), what="endringIFoedsel"),
            event(2, person_document(a_number(moved_in), born_on=moved_in, since=date(2026, 3, 6)), at=AT - timedelta(days=1)),
        ],
    )


def a_night(here: StaffedClinic | Municipality, folder: Path, *, at: datetime = AT, channel: Channel | None = None, **facts: Any) -> Night:
    """A night at an instant, with the register and the outbox in `folder`."""
    municipality = here.municipality if isinstance(here, StaffedClinic) else here
    usual: dict[str, Any] = {
        "municipality": municipality,
        "on": oslo_date(at),
        "since": since_when(municipality=municipality, at=at),
        "register": lambda: DirectorySource(folder / "register"),
        "register_is_a_folder": True,
        "carriers": Carriers(sms=channel or FileOutbox(folder / "outbox")),
        "by": JOB,
        "at": at,
        "clock": lambda: at,
    }
    return Night(**(usual | facts))


Row = tuple[Any, ...]


def picture_of_everything() -> dict[str, list[Row]]:
    """
    All tables of ours but the trail, the heartbeat, bookmarks and the keys of signing, in a form two databases can be compared by: no keys of rows, no
    opaque ids, and nothing made of either.
    """
    drawn: dict[Model, Row] = {}
    return {model._meta.label: sorted((_row(row, drawn) for row in model._default_manager.all()), key=repr) for model in _models()}


def _models() -> Iterator[type[Model]]:
    left_out = {"audit", "nightly", "access", "ledger"}
    for app in apps.get_app_configs():
        if app.name.startswith("fjorten.") and app.label not in left_out:
            yield from (model for model in app.get_models() if model is not SettledUpTo)


def _row(row: Model, drawn: dict[Model, Row]) -> Row:
    if row not in drawn:
        fields = [
            field for field in row._meta.concrete_fields if not field.primary_key and field.name not in {"idempotency_key", "reference"}
        ]
        drawn[row] = tuple(
            (field.name, _row(getattr(row, field.name), drawn))
            if isinstance(field, ForeignKey) and getattr(row, field.attname) is not None
            else (field.name, _plain(getattr(row, field.attname)))
            for field in fields
        )
    return drawn[row]


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return "id"
    if isinstance(value, str):
        return re.sub(
            r"(appointment|case|incoming|number|letter|employee|room|person|missed|put_off_in_series|window_passed|nothing_booked|by_hand):\d+|/\d+/",
            r"\1:n",
            value,
        )
    return value


def everything_as_it_is() -> dict[str, list[Row]]:
    """All rows of all those tables just as they are, keys and all: for telling that nothing at all was changed."""
    return {model._meta.label: sorted(model._default_manager.values_list(), key=repr) for model in _models()}


def children() -> int:
    """How many children there are."""
    return Person.objects.count()


def clock_at(hour: int) -> datetime:
    """An hour of the day, by the clock in UTC."""
    return datetime.combine(AT.date(), time(hour), tzinfo=UTC)
