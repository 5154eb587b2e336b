"""What families would be sent, word for word, before anything is queued: for whoever is about to do what makes it owed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from fjorten.messages.addressees import Manual, Silence
from fjorten.messages.composing import Composed, compose
from fjorten.messages.models import Message, Way
from fjorten.messages.obligations import Obligation
from fjorten.messages.queries import approved_texts
from fjorten.messages.sms_parts import sms_parts
from fjorten.messages.telling import Telling, Told, tellings
from fjorten.messages.texts import NoSuchText, TextCannotBeFilled
from fjorten.organisation.models import Clinic


@dataclass(frozen=True, slots=True)
class Preview:
    """One message to one adult: its way, its text and language (`composed`), and how many SMS it takes (0: it is none)."""

    told: Told
    composed: Composed = field(repr=False)

    @property
    def text(self) -> str:
        """What the family reads."""
        return self.composed.body if self.told.way == Way.LETTER else self.composed.sms

    @property
    def parts(self) -> int:
        """How many SMS it is counted as."""
        return sms_parts(self.composed.sms).parts if self.told.way == Way.SMS else 0


@dataclass(frozen=True, slots=True)
class Previewed:
    """
    Who would be told one thing: messages, or why a person must tell it, or why nobody is told. `cannot_be_written`: a text is missing, or
    lacks something to be put into it, and a person tells that family. `waits_until`: the family is left in peace until that day.
    """

    messages: tuple[Preview, ...]
    instead: Manual | Silence | None
    cannot_be_written: bool
    waits_until: date | None


def previews_of(obligations: Sequence[Obligation], *, on: date) -> Mapping[str, Previewed]:
    """This function will tell what each obligation would send on a day, by its key, in a number of questions that does not grow."""
    told = tellings({one.person_id for one in obligations}, on=on)
    clinics = Clinic.objects.select_related("municipality").in_bulk({one.clinic_id for one in obligations})
    approved = {place: approved_texts(municipality=place) for place in {clinic.municipality for clinic in clinics.values()}}
    found = {}
    for one in obligations:
        clinic = clinics[one.clinic_id]
        found[one.key] = _previewed(one, told[one.person_id], clinic, approved[clinic.municipality])
    return found


def _previewed(obligation: Obligation, telling: Telling, clinic: Clinic, approved: Collection[str]) -> Previewed:
    if isinstance(telling.answer, Manual | Silence):
        return Previewed((), telling.answer, cannot_be_written=False, waits_until=telling.paused_until)
    try:
        written = tuple(Preview(told, _composed(obligation, told, telling, clinic, approved)) for told in telling.answer)
    except (NoSuchText, TextCannotBeFilled):
        return Previewed((), None, cannot_be_written=True, waits_until=telling.paused_until)
    return Previewed(written, None, cannot_be_written=False, waits_until=telling.paused_until)


def _composed(obligation: Obligation, told: Told, telling: Telling, clinic: Clinic, approved: Collection[str]) -> Composed:
    message = Message(kind=obligation.kind, person=telling.family.person, clinic=clinic, way=told.way, values=dict(obligation.values))
    return compose(message, told, approved=approved)
