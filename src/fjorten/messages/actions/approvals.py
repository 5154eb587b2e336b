"""A municipality's own approval of texts that do not ship approved, and taking it back."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Detail, record
from fjorten.kernel.refusals import Refused
from fjorten.messages.models import TextApproval
from fjorten.messages.queries import approved_texts
from fjorten.messages.texts import Text
from fjorten.organisation.models import Municipality

LONGEST_NAME: Final = 150


class TextIsApproved(Refused):
    """It ships approved, or somebody was first."""

    sentence = "Teksten er alt godkjent."


class ProofReaderIsMissing(Refused):
    """A text is approved on the word of somebody who knows the language."""

    sentence = "Skriv navnet på den som kan språket og har lest teksten."


class ProofReaderIsTooLong(Refused):
    """More than a name; none of it is thrown away."""

    sentence = f"Skriv bare navnet, med høyst {LONGEST_NAME} tegn."


class TextIsNotApprovedHere(Refused):
    """There is no approval of the municipality's to take back."""

    sentence = "Kommunen har ingen godkjenning av teksten å trekke tilbake."


@transaction.atomic
def approve_text(*, municipality: Municipality, text: Text, proof_read_by: str, by: Actor, at: datetime) -> TextApproval:
    """
    Approve a text in one language: from now on the families of the municipality may be sent it. An approval of earlier words ends.

    `proof_read_by` names who knows the language and has read it. Raises TextIsApproved, ProofReaderIsMissing or ProofReaderIsTooLong.
    """
    name = " ".join(proof_read_by.split())
    if not name:
        raise ProofReaderIsMissing
    if len(name) > LONGEST_NAME:
        raise ProofReaderIsTooLong(len(name))
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    if text.is_approved(approved_texts(municipality=municipality)):
        raise TextIsApproved(text.kind)
    _standing(municipality, text).update(withdrawn_at=at, withdrawn_by=by.who)
    approval = TextApproval.objects.create(
        municipality=municipality,
        kind=text.kind,
        channel=text.channel.value,
        language=text.language,
        digest=text.digest,
        proof_read_by=name,
        approved_at=at,
        approved_by=by.who,
    )
    record("text.approved", municipality=municipality.code, by=by, at=at, detail={**_detail(text), "digest": text.digest})
    return approval


@transaction.atomic
def withdraw_approval(*, municipality: Municipality, text: Text, by: Actor, at: datetime) -> None:
    """Take back the municipality's approval of a text: families are sent Norwegian in its place. Raises TextIsNotApprovedHere."""
    if not _standing(municipality, text).update(withdrawn_at=at, withdrawn_by=by.who):
        raise TextIsNotApprovedHere(text.kind)
    record("text.approval_withdrawn", municipality=municipality.code, by=by, at=at, detail=_detail(text))


def _standing(municipality: Municipality, text: Text) -> QuerySet[TextApproval]:
    return TextApproval.objects.filter(
        municipality=municipality, kind=text.kind, channel=text.channel.value, language=text.language, withdrawn_at__isnull=True
    )


def _detail(text: Text) -> Detail:
    return {"kind": text.kind, "channel": text.channel.value, "language": text.language}
