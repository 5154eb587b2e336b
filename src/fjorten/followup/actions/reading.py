"""Looking at all that happened about one child leaves a mark: who, when, of whom."""

from datetime import datetime

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Kind, record
from fjorten.kernel.refusals import Refused
from fjorten.people.models import Person


class ChildIsProtected(Refused):
    """What happened about a child with a protected address is shown to the named team only."""

    sentence = "Barnet har adressesperre. Det som har skjedd, vises bare for det navngitte teamet."


@transaction.atomic
def record_chronology_read(*, person: Person, by: Actor, at: datetime) -> None:
    """Record that somebody is shown a child's chronology, before they are. Raises ChildIsProtected."""
    if person.is_protected:
        raise ChildIsProtected
    record("chronology.read", municipality=person.municipality.code, about=str(person.public_id), by=by, at=at, kind=Kind.READ)
