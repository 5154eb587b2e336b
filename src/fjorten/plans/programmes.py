"""Which programme applies in a municipality on a day, and which one an enrolment was planned by."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Municipality
from fjorten.plans.models import ProgrammeOverlay
from fjorten.programme.definitions import (
    Definition,
    NoSuchStep,
    NoSuchVersion,
    StepCode,
    StepDefinition,
    child_programme,
    definition_of,
    known_versions,
)
from fjorten.programme.overlays import Overlay, load_overlay, overlay_on


class OverlayIsForAnotherMunicipality(Refused):
    """The overlay file names another municipality."""

    sentence = "Filen gjelder en annen kommune. Sjekk feltet municipality i filen."


@dataclass(frozen=True, slots=True)
class Programmes:
    """The national versions together with what one municipality has decided."""

    municipality_code: str
    overlays: tuple[Overlay, ...]

    def on(self, day: date) -> Definition:
        """Find the programme that applies on a day; days before the first national version we hold use that one."""
        first = known_versions()[0].valid_from
        overlay = overlay_on(self.overlays, municipality=self.municipality_code, on=max(day, first))
        return child_programme(max(day, first), overlay)

    def of(self, reference: str) -> Definition:
        """Find the programme an enrolment was planned by. Raises NoSuchVersion when it no longer comes with fjorten."""
        return definition_of(reference, overlays=self.overlays)

    def step_of(self, reference: str, code: str) -> StepDefinition | None:
        """Find what a step consists of in the programme an enrolment was planned by; None when either is no longer there."""
        try:
            return self.of(reference).step(StepCode(code))
        except (NoSuchVersion, NoSuchStep):
            return None


def programmes_of(municipality: Municipality) -> Programmes:
    """Read the programmes of a municipality."""
    rows = ProgrammeOverlay.objects.filter(municipality=municipality).order_by("pk")
    return Programmes(municipality.code, tuple(load_overlay(_with_dates(row.content)) for row in rows))


@transaction.atomic
def adopt_overlay(*, municipality: Municipality, content: dict[str, object], by: Actor, at: datetime) -> Overlay:
    """
    Take a municipality's own decision into use for enrolments from its first day on; plans made before keep theirs until re-planned.

    Adopting it again changes nothing. Raises DefinitionIsInvalid with everything wrong in it, also when it does not fit the national
    version or another decision begins on the same day; or OverlayIsForAnotherMunicipality.
    """
    overlay = load_overlay(content)
    if overlay.municipality != municipality.code:
        raise OverlayIsForAnotherMunicipality
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)  # one decision at a time, each held against those before
    adopted = programmes_of(municipality).overlays
    if overlay.suffix in {other.suffix for other in adopted}:
        return overlay
    Programmes(municipality.code, (*adopted, overlay)).on(overlay.valid_from)  # refuses what does not fit
    ProgrammeOverlay.objects.create(
        municipality=municipality, suffix=overlay.suffix, content=_with_text_dates(content), added_at=at, added_by=by.who
    )
    record("programme.overlay_adopted", municipality=municipality.code, by=by, at=at, detail={"overlay": overlay.suffix})
    return overlay


def _with_text_dates(content: dict[str, object]) -> dict[str, object]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in content.items()}


def _with_dates(content: dict[str, object]) -> dict[str, object]:
    days = ("valid_from", "valid_until")
    return {key: date.fromisoformat(value) if key in days and isinstance(value, str) else value for key, value in content.items()}
