"""When a child's address becomes protected: what could show where it is goes, in the same transaction as the word of it comes in."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Entry, record_all
from fjorten.messages.models import Message, OutboxState
from fjorten.organisation.models import Municipality
from fjorten.people.facts import Protection
from fjorten.people.families import guardians_numbers
from fjorten.people.models import Person, PostalAddress

PROTECTED: Final = "barnet har fått adressesperre"
_GRADES: Final = (Protection.CONFIDENTIAL.value, Protection.STRICTLY_CONFIDENTIAL.value)


@transaction.atomic
def hide_families(*, municipality: Municipality, persons: Collection[int], on: date, by: Actor, at: datetime) -> int:
    """
    Take away, for those of some children (primary keys) who are protected, their families' addresses and the messages that wait to be sent.

    What was to be told is put on the manual list the next time what is owed is settled. Tells how many children it concerned; a second time
    changes nothing. Source: confidentiality.md, "must hold for codes 6 and 7" [default].
    """
    hidden = {child.pk: child for child in Person.objects.of(municipality).filter(pk__in=persons, protection__in=_GRADES)}
    if not hidden:
        return 0
    numbers = {number for some in guardians_numbers(hidden, on=on).values() for number in some if number}
    gone, _ = PostalAddress.objects.filter(adult__municipality=municipality, adult__number__in=numbers).delete()
    waiting = Message.objects.filter(person__in=hidden, state=OutboxState.QUEUED)
    concerned = set(waiting.values_list("person_id", flat=True))
    waiting.update(state=OutboxState.LAPSED, state_at=at, state_reason=PROTECTED)
    if gone or concerned:
        entries = [Entry("family.hidden", about=str(child.public_id)) for child in hidden.values()]
        record_all(entries, municipality=municipality.code, by=by, at=at)
    return len(hidden)
