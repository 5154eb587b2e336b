"""Taking a municipality's own days and words into use."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.followup.actions.entries import refuse_machines
from fjorten.followup.ladder import Ladder
from fjorten.followup.models import LadderOverlay
from fjorten.followup.overlays import read_change
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Municipality


class LadderIsForAnotherMunicipality(Refused):
    """The file names another municipality."""

    sentence = "Filen gjelder en annen kommune. Sjekk feltet municipality i filen."


class AnotherLadderBeginsThatDay(Refused):
    """Another decision already begins on the day."""

    sentence = "En annen beslutning om stigen gjelder alt fra denne dagen. Velg en annen dag i feltet valid_from."


@transaction.atomic
def adopt_ladder(*, municipality: Municipality, content: Mapping[str, object], by: Actor, at: datetime) -> Ladder:
    """
    Take a municipality's own days and words into use from a day on. Open cases keep the ladder they have until their next step.

    The ladder it makes is kept whole and for good. Adopting it again changes nothing. Raises DefinitionIsInvalid with everything wrong in
    it, among that what breaks the never-rules; OnlyAPerson, LadderIsForAnotherMunicipality or AnotherLadderBeginsThatDay.
    """
    refuse_machines(by)
    change = read_change(content)
    if change.municipality != municipality.code:
        raise LadderIsForAnotherMunicipality
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)  # one decision at a time
    adopted = LadderOverlay.objects.filter(municipality=municipality)
    if adopted.filter(reference=change.ladder.reference).exists():
        return change.ladder
    if adopted.filter(valid_from=change.valid_from).exists():
        raise AnotherLadderBeginsThatDay(change.valid_from)
    LadderOverlay.objects.create(
        municipality=municipality,
        reference=change.ladder.reference,
        valid_from=change.valid_from,
        content={key: value.isoformat() if isinstance(value, date) else value for key, value in change.tables.items()},
        decided_by=change.decided_by,
        why=change.reason,
        adopted_at=at,
        adopted_by=by.who,
    )
    record("ladder.adopted", municipality=municipality.code, by=by, at=at, detail={"ladder": change.ladder.reference})
    return change.ladder
