"""Which programme applies in a municipality on a day, and which one an enrolment was planned by."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.database.questions import Question
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
from fjorten.programme.overlays import Overlay, load_overlay, overlay_on, read_toml
from fjorten.programme.tables import DefinitionIsInvalid, Problem


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
    rows = Question(_decided, (municipality,)).rows()
    return Programmes(municipality.code, tuple(load_overlay(_with_dates(row.content)) for row in rows))


def _decided(municipality: Municipality) -> QuerySet[ProgrammeOverlay]:
    return ProgrammeOverlay.objects.filter(municipality=municipality).order_by("pk")


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that has been taken into use: what it says, and who took it in, when (an instant)."""

    overlay: Overlay
    by: str
    at: datetime


def decisions_of(municipality: Municipality) -> list[Decided]:
    """This function will list a municipality's own decisions about the programme, the newest first."""
    rows = ProgrammeOverlay.objects.filter(municipality=municipality).order_by("-pk")
    return [Decided(load_overlay(_with_dates(row.content)), row.added_by, row.added_at) for row in rows]


def read_decision(content: bytes, *, file: str) -> dict[str, object]:
    """
    This function will read the tables of a decision from the bytes of a file: TOML, or the same as JSON with days as texts.

    Raises DefinitionIsInvalid when it is neither, is not UTF-8, is nested beyond reason, or has a character no database keeps.
    """
    try:
        tables = (
            _read_json(content, file=file) if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else read_toml(content, file=file)
        )
    except RecursionError:
        raise DefinitionIsInvalid(file, [Problem("file", "is nested too deeply; write it as in the example")]) from None
    if not _can_be_kept(tables):
        raise DefinitionIsInvalid(file, [Problem("file", "has a character that cannot be kept (NUL, or half of a pair); remove it")])
    return tables


def _read_json(content: bytes, *, file: str) -> dict[str, object]:
    try:
        tables = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        raise DefinitionIsInvalid(file, [Problem(f"byte {wrong.start}", "is not UTF-8; save the file as UTF-8")]) from wrong
    except ValueError as wrong:
        raise DefinitionIsInvalid(file, [Problem("JSON", f"{wrong}; correct that place")]) from wrong
    return _with_dates(tables)


def _can_be_kept(value: object) -> bool:
    match value:
        case str():
            return ("\0" not in value and value.isascii()) or not any("\ud800" <= letter <= "\udfff" or letter == "\0" for letter in value)
        case dict():
            return all(_can_be_kept(part) for pair in value.items() for part in pair)
        case list():
            return all(_can_be_kept(part) for part in value)
        case _:
            return True


def programme_decided(*, municipality: Municipality, content: dict[str, object]) -> tuple[Overlay, Definition]:
    """
    This function will tell which programme a decision would give from its first day, without taking it into use. Raises as `adopt_overlay`.
    """
    overlay = load_overlay(content)
    if overlay.municipality != municipality.code:
        raise OverlayIsForAnotherMunicipality
    others = tuple(other for other in programmes_of(municipality).overlays if other.suffix != overlay.suffix)
    return overlay, Programmes(municipality.code, (*others, overlay)).on(overlay.valid_from)  # refuses what does not fit


@transaction.atomic
def adopt_overlay(*, municipality: Municipality, content: dict[str, object], by: Actor, at: datetime) -> Overlay:
    """
    Take a municipality's own decision into use for enrolments from its first day on; plans made before keep theirs until re-planned.

    Adopting it again changes nothing. Raises DefinitionIsInvalid with everything wrong in it, also when it does not fit the national
    version or another decision begins on the same day; or OverlayIsForAnotherMunicipality.
    """
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)  # one decision at a time, each held against those before
    overlay, _ = programme_decided(municipality=municipality, content=content)
    if overlay.suffix in {other.suffix for other in programmes_of(municipality).overlays}:
        return overlay
    ProgrammeOverlay.objects.create(
        municipality=municipality, suffix=overlay.suffix, content=_with_text_dates(content), added_at=at, added_by=by.who
    )
    record("programme.overlay_adopted", municipality=municipality.code, by=by, at=at, detail={"overlay": overlay.suffix})
    return overlay


def _with_text_dates(content: dict[str, object]) -> dict[str, object]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in content.items()}


def _with_dates(content: dict[str, object]) -> dict[str, object]:
    days = ("valid_from", "valid_until")
    return {key: _as_day(value) if key in days else value for key, value in content.items()}


def _as_day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value  # what reads it tells that it is no day
