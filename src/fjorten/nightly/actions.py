"""Running a night, and writing down how it went."""

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection, transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import start_of_day
from fjorten.nightly.models import Notice, Run, Trouble
from fjorten.nightly.stages import BY_DAY, STAGES, Done, Failure, Night, Stage
from fjorten.organisation.models import Municipality
from fjorten.people.troubles import DATABASE_IN_TROUBLE, error_of

_log = logging.getLogger(__name__)

# What families are owed is asked for this much further back than the last finished night [default].
LOOK_BACK: Final = timedelta(days=14)
_MOST_TROUBLES_KEPT: Final = 1000
JOB: Final = Actor(who="nattkjøring", role="job", ground="nightly run")


def run_night(*, night: Night, stages: Mapping[str, Stage] = STAGES) -> Run:
    """
    Run all stages of one night, one after the other, and leave the word that it was done.

    Stopped at any point, the next run does what is left. Two at once do no harm: every stage writes each thing once. A stage that fails is
    noted and the others are run.
    """
    run = begin_run(municipality=night.municipality, on=night.on, by=night.by, at=night.at)
    balanced: bool | None = None
    for name, stage in stages.items():
        try:
            done = stage(night)
        except Exception as wrong:  # a stage's trouble is not the others'
            _log.exception("the stage %s could not be run", name)
            _begin_anew(wrong)
            done = Done(failures=(_failure(name, wrong),))
        note_stage(run=run, stage=name, done=done, by=night.by, at=night.clock())
        balanced = done.balanced if done.balanced is not None else balanced
    finish_run(run=run, balanced=balanced, by=night.by, at=night.clock())
    return run


@transaction.atomic
def begin_run(*, municipality: Municipality, on: date, by: Actor, at: datetime) -> Run:
    """Note that a night has begun."""
    run = Run.objects.create(municipality=municipality, on=on, started_at=at, started_by=by.who)
    record("night.begun", municipality=municipality.code, by=by, at=at, detail={"on": on.isoformat()})
    return run


@transaction.atomic
def note_stage(*, run: Run, stage: str, done: Done, by: Actor, at: datetime) -> None:
    """Note what a stage did and what it could not do."""
    run.counts = {**run.counts, stage: dict(done.counts)}
    run.save(update_fields=["counts"])
    record("night.stage_done", municipality=run.municipality.code, by=by, at=at, detail={"stage": stage, **done.counts})
    Trouble.objects.bulk_create(
        [
            Trouble(
                run=run,
                stage=stage,
                person_id=failure.person_id,
                about=failure.about[:60],
                sentence=failure.sentence[:500],
                error=failure.error[:500],
                at=at,
            )
            for failure in done.failures[:_MOST_TROUBLES_KEPT]
        ]
    )


@transaction.atomic
def finish_run(*, run: Run, balanced: bool | None, by: Actor, at: datetime) -> None:
    """Note that a night was run to its end, and whether the ledger balanced."""
    run.finished_at, run.balanced = max(at, run.started_at), balanced
    run.save(update_fields=["finished_at", "balanced"])
    record(
        "night.finished",
        municipality=run.municipality.code,
        by=by,
        at=at,
        detail={"on": run.on.isoformat(), "balanced": balanced, "troubles": run.troubles.count()},
    )


@transaction.atomic
def note_notice(*, municipality: Municipality, kinds: list[str], receivers: int, by: Actor, at: datetime) -> None:
    """Note what somebody has been told of how a municipality stands; `kinds` is empty when all was well."""
    Notice.objects.create(municipality=municipality, at=at, kinds=kinds, receivers=receivers)
    record("alarm.sent", municipality=municipality.code, by=by, at=at, detail={"kinds": ", ".join(kinds), "receivers": receivers})


def since_when(*, municipality: Municipality, at: datetime) -> datetime:
    """
    Tell from when on what is owed must be asked for: well before the last night in which all that was owed could be settled, or from the
    beginning. A night that left a child out does not count, however long ago the last one is that did not.
    """
    finished = Run.objects.filter(municipality=municipality, finished_at__isnull=False, started_at__lte=at)
    last = finished.exclude(troubles__stage__in=BY_DAY).order_by("-started_at").first()
    return start_of_day(date(2000, 1, 1)) if last is None else last.started_at - LOOK_BACK


def _failure(stage: str, wrong: Exception) -> Failure:
    said = f" {wrong.sentence}" if isinstance(wrong, Refused) else ""
    sentence = f"Trinnet «{STAGE_NAMES[stage]}» kunne ikke gjøres.{said} De andre trinnene er kjørt."
    return Failure(None, "", sentence, error_of(wrong))


def _begin_anew(wrong: Exception) -> None:
    """Let go of a connection the database has let go of: when it is back, the stages that are left are run over a new one."""
    if isinstance(wrong, DATABASE_IN_TROUBLE) and not connection.in_atomic_block:
        connection.close()


STAGE_NAMES: Final = {
    "register": "lese Folkeregisteret",
    "reconcile": "sammenligne med journalene",
    "contacts": "spørre kontaktregisteret",
    "cases": "oppfølgingssaker",
    "invitations": "innkalling",
    "unbooked": "saker der ingen time er satt opp",
    "new_times": "nye tider i sakene",
    "answers": "det familiene har skrevet",
    "owed": "det familiene skal ha beskjed om",
    "sending": "sending",
    "letters": "spørre hva som ble av brevene",
    "ledger": "regnskapet",
}
