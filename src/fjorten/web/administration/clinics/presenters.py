"""Clinics and rooms as strings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from fjorten.appointments.premises import HangsOn
from fjorten.kernel.telephones import as_read
from fjorten.organisation.models import Clinic, Municipality
from fjorten.web import words
from fjorten.web.shown import Link, Pair


@dataclass(frozen=True, slots=True)
class RoomLine:
    """A room: `is_closed` ones have no links."""

    name: str
    hangs: str
    is_closed: bool
    rename: str
    close: str


@dataclass(frozen=True, slots=True)
class ClinicPart:
    """A clinic with its rooms, and what can be done about it."""

    number: int
    name: str
    aside: str
    is_closed: bool
    facts: tuple[Pair, ...]
    links: tuple[Link, ...]
    rooms: tuple[RoomLine, ...]
    add_room: str


@dataclass(frozen=True, slots=True)
class ClinicsPage:
    """All clinics of a municipality, and what families know it as."""

    known: tuple[Pair, ...]
    clinics: tuple[ClinicPart, ...]


def clinics_page(
    municipality: Municipality, clinics: Sequence[Clinic], on_clinics: Mapping[int, HangsOn], on_rooms: Mapping[int, HangsOn]
) -> ClinicsPage:
    """This function will turn clinics, and what hangs on them and their rooms, into what the page shows."""
    norwegian = gettext("nynorsk") if municipality.norwegian == "nn" else gettext("bokmål")
    return ClinicsPage(
        known=(
            Pair(gettext("Familiene kjenner kommunen som"), municipality.brand or municipality.name),
            Pair(gettext("Målform"), norwegian),
        ),
        clinics=tuple(_clinic(clinic, on_clinics, on_rooms) for clinic in clinics),
    )


def _clinic(clinic: Clinic, on_clinics: Mapping[int, HangsOn], on_rooms: Mapping[int, HangsOn]) -> ClinicPart:
    is_closed = clinic.closed_on is not None
    return ClinicPart(
        number=clinic.pk,
        name=clinic.name,
        aside=gettext("stengt %(day)s") % {"day": words.day(clinic.closed_on)} if clinic.closed_on else "",
        is_closed=is_closed,
        facts=tuple(_facts(clinic, on_clinics.get(clinic.pk, HangsOn()))),
        links=() if is_closed else tuple(_links(clinic)),
        rooms=tuple(
            RoomLine(
                name=room.name,
                hangs=gettext("stengt %(day)s") % {"day": words.day(room.closed_on)}
                if room.closed_on
                else said_of(on_rooms.get(room.pk, HangsOn())) or gettext("ikke i bruk"),
                is_closed=room.closed_on is not None,
                rename=reverse("settings_rename_room", args=[room.pk]),
                close=reverse("settings_close_room", args=[room.pk]),
            )
            for room in clinic.rooms.all()
        ),
        add_room="" if is_closed else reverse("settings_add_room", args=[clinic.pk]),
    )


def _facts(clinic: Clinic, hangs: HangsOn) -> Iterable[Pair]:
    missing = gettext("ikke oppgitt. Familiene får ikke vite det i meldingene.")
    areas = ", ".join(area.basic_unit_prefix for area in clinic.areas.all())
    yield Pair(gettext("Telefon"), as_read(clinic.telephone) if clinic.telephone else missing)
    yield Pair(gettext("Besøksadresse"), clinic.visiting_address or missing)
    rest = gettext("tar imot barna ingen annen helsestasjon har")
    yield Pair(gettext("Grunnkretser"), ", ".join(part for part in (areas, rest if clinic.is_default else "") if part) or gettext("ingen"))
    yield Pair(gettext("I bruk av"), said_of(hangs) or gettext("ingen"))


def _links(clinic: Clinic) -> Iterable[Link]:
    yield Link(gettext("Endre navnet"), reverse("settings_rename_clinic", args=[clinic.pk]))
    yield Link(gettext("Telefon og adresse"), reverse("settings_clinic_found_at", args=[clinic.pk]))
    yield Link(gettext("Grunnkretser"), reverse("settings_clinic_areas", args=[clinic.pk]))
    if not clinic.is_default:
        yield Link(gettext("Steng"), reverse("settings_close_clinic", args=[clinic.pk]))


def said_of(hangs: HangsOn) -> str:
    """This function will say how much hangs on a place, with numbers: «214 journaler, 3 ansatte, 12 timer»; "" for nothing."""
    counts = (
        (hangs.journals, ngettext("%(n)s åpen journal", "%(n)s åpne journaler", hangs.journals)),
        (hangs.enrolments, ngettext("%(n)s barn i programmet", "%(n)s barn i programmet", hangs.enrolments)),
        (hangs.employees, ngettext("%(n)s ansatt", "%(n)s ansatte", hangs.employees)),
        (hangs.roles, ngettext("%(n)s rolle", "%(n)s roller", hangs.roles)),
        (hangs.openings, ngettext("%(n)s åpning i timeplanen", "%(n)s åpninger i timeplanen", hangs.openings)),
        (hangs.appointments, ngettext("%(n)s kommende time", "%(n)s kommende timer", hangs.appointments)),
    )
    return ", ".join(sentence % {"n": words.number(many)} for many, sentence in counts if many)
