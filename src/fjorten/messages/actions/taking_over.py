"""What an earlier system has told families: written down, so that nobody is told of it again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Entry, record_all
from fjorten.messages.models import Message, OutboxState, Way
from fjorten.messages.obligations import Obligation
from fjorten.organisation.models import Municipality

TOLD_BY_THE_EARLIER_SYSTEM: Final = "fortalt av det tidligere systemet"


@transaction.atomic
def note_told_elsewhere(
    *, obligations: Sequence[Obligation], public_ids: Mapping[int, str], municipality: Municipality, by: Actor, at: datetime
) -> None:
    """
    Note that what was owed by now was the earlier system's to tell: a message to nobody for each, and one event for each child.

    `public_ids` are the children's, by primary key. What is later withdrawn or changed is told as if we had told it: the family may know.
    """
    Message.objects.bulk_create(
        [
            Message(
                municipality=municipality,
                key=owed.key,
                kind=owed.kind,
                about=owed.about,
                person_id=owed.person_id,
                clinic_id=owed.clinic_id,
                way=Way.LETTER if owed.is_letter else Way.SMS,
                values=dict(owed.values),
                not_before=owed.not_before,
                lapses_at=owed.lapses_at,
                if_too_late=owed.if_too_late.value,
                created_at=at,
                state=OutboxState.REPLACED_BY_TASK,
                state_at=at,
                state_reason=TOLD_BY_THE_EARLIER_SYSTEM,
            )
            for owed in obligations
        ]
    )
    children = sorted({owed.person_id for owed in obligations})
    entries = [Entry("messages.taken_over", about=public_ids[child]) for child in children]
    record_all(entries, municipality=municipality.code, by=by, at=at)
