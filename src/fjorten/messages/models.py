"""
What families are told, and what became of each message: the outbox, its tries, letters in batches, what came in, and what a person must do
instead.

The outbox is not the truth of what is owed: that is computed from facts in the rooms above (`messages.obligations`) and compared with it.
"""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from fjorten.messages.obligations import IfTooLate
from fjorten.organisation.models import Clinic, Employee, Municipality
from fjorten.people.models import Adult, Person


class OutboxState(models.TextChoices):
    """Where one message stands. `in_hand` is committed before a gateway is called, so that a crash there leaves an uncertain message."""

    QUEUED = "queued", "venter på å sendes"
    IN_HAND = "in_hand", "under sending"
    SENT = "sent", "sendt, ikke kvittert"
    DELIVERED = "delivered", "levert"
    FAILED = "failed", "ikke levert"
    UNCERTAIN = "uncertain", "uvisst om den ble sendt"
    LAPSED = "lapsed", "falt bort"
    REPLACED_BY_TASK = "replaced_by_task", "erstattet av en oppgave"


class Way(models.TextChoices):
    """How a message is carried. A letter goes digitally where the municipality sends digital post, else on paper."""

    SMS = "sms", "SMS"
    EMAIL = "email", "e-post"
    LETTER = "letter", "brev"


class MessageQuerySet(models.QuerySet["Message"]):
    """Sentences about messages."""

    def of(self, municipality: Municipality) -> Self:
        """Keep one municipality's messages."""
        return self.filter(municipality=municipality)

    def with_all_about_it(self) -> Self:
        """Read what sending a message needs to know along with it."""
        return self.select_related("person__municipality", "clinic__municipality", "municipality", "adult")

    def that_may_have_told(self) -> Self:
        """Keep those that told somebody, or may have: also one withdrawn after a try nobody knows the outcome of."""
        tried = Attempt.objects.filter(message=OuterRef("pk"), outcome="uncertain")
        unsent = Q(state__in=[OutboxState.QUEUED.value, OutboxState.LAPSED.value])
        return self.filter(~unsent | Exists(tried))


class PrintBatch(models.Model):
    """Letters printed together: produced as one file, then handed over to the post by somebody."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    produced_at = models.DateTimeField()
    produced_by = models.CharField(max_length=150)
    file_name = models.CharField(max_length=200)
    file_digest = models.CharField(max_length=64)
    letters = models.PositiveIntegerField()
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = models.CharField(max_length=150, blank=True)


class Message(models.Model):
    """
    One message owed to one adult about one child, by one way. `key` is its obligation's: one message per key, adult and way. One to nobody
    says why nobody is told: it lapsed, or a person sees to it.

    `about` names what it is about in a room above ("appointment:12"); `values` are the facts that go into it, as plain text or instants.
    It is sent from `not_before`, and never at or after `lapses_at`. `after` is the message this one was sent instead of, by another way.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=40)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="messages")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    adult = models.ForeignKey(Adult, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    way = models.CharField(max_length=6, choices=Way.choices)
    values = models.JSONField(default=dict)
    not_before = models.DateTimeField()
    lapses_at = models.DateTimeField(null=True, blank=True)
    if_too_late = models.CharField(max_length=12, choices=[(what.value, what.value) for what in IfTooLate])
    created_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=OutboxState.choices, default=OutboxState.QUEUED)
    state_at = models.DateTimeField()
    state_reason = models.CharField(max_length=200, blank=True)
    after = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    batch = models.ForeignKey(PrintBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    # What was sent, word for word, and to where: written when it is handed over.
    sent_title = models.CharField(max_length=200, blank=True)
    sent_text = models.TextField(blank=True)
    sent_language = models.CharField(max_length=8, blank=True)
    sent_to = models.CharField(max_length=254, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_message_per_key_adult_and_way",
                fields=["municipality", "key", "adult", "way"],
                condition=Q(adult__isnull=False),
            ),
            models.UniqueConstraint(name="one_message_per_key_to_nobody", fields=["municipality", "key"], condition=Q(adult__isnull=True)),
            models.CheckConstraint(
                name="only_what_is_never_sent_is_to_nobody",
                condition=Q(adult__isnull=False) | Q(state__in=[OutboxState.LAPSED.value, OutboxState.REPLACED_BY_TASK.value]),
            ),
            models.CheckConstraint(name="message_state_is_known", condition=Q(state__in=OutboxState.values)),
            models.CheckConstraint(name="message_way_is_known", condition=Q(way__in=Way.values)),
            models.CheckConstraint(
                name="what_is_not_sent_says_why",
                condition=~Q(state__in=[OutboxState.LAPSED.value, OutboxState.REPLACED_BY_TASK.value, OutboxState.FAILED.value])
                | ~Q(state_reason=""),
            ),
        )
        indexes = (
            models.Index(name="message_by_state", fields=["municipality", "state", "not_before"]),
            models.Index(name="message_of_person", fields=["person", "created_at"]),
            models.Index(name="message_about", fields=["municipality", "about"]),
        )


class SettledUpTo(models.Model):
    """
    How far what families are owed has been settled in a municipality: everything the trail told by number `trail_seq`, at `at`.

    A bookmark and no fact: without it everything is looked at anew.
    """

    municipality = models.OneToOneField(Municipality, on_delete=models.PROTECT, primary_key=True, related_name="+")
    trail_seq = models.BigIntegerField()
    at = models.DateTimeField()


class Attempt(models.Model):
    """
    One try to hand a message to a gateway. Written before the call, and finished after it; one that was never finished is uncertain.

    `handed_over_at` is written just before the gateway is called: while it is not there, the gateway surely knows nothing of the message.
    `idempotency_key` is the same for every try of a message; `takes_keys` tells whether the gateway promised to honour it.
    """

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    gateway = models.CharField(max_length=40)
    takes_keys = models.BooleanField()
    idempotency_key = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    parts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="tries_are_numbered", fields=["message", "number"]),
            models.CheckConstraint(
                name="a_finished_try_has_an_outcome",
                condition=Q(finished_at__isnull=True, outcome="") | (Q(finished_at__isnull=False) & ~Q(outcome="")),
            ),
        )
        indexes = (
            models.Index(name="attempt_by_reference", fields=["gateway", "reference"]),
            models.Index(name="attempt_by_gateway", fields=["gateway", "finished_at"]),
        )


class ContactTask(models.Model):
    """
    Something a person must tell a family, or find out, because no message may or could: the manual list. Always with owner, deputy and day.

    `reason` is why (a code of `messages.tasks.TaskReason`); `sentence` says in Norwegian what is to be done.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contact_tasks")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    about = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=40)
    sentence = models.CharField(max_length=300)
    owner = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="contact_tasks")
    deputy = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=150, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_task_per_key", fields=["municipality", "key"]),
            models.CheckConstraint(
                name="a_done_task_says_who_and_how",
                condition=Q(done_at__isnull=True, done_by="", outcome="") | (Q(done_at__isnull=False) & ~Q(done_by="") & ~Q(outcome="")),
            ),
        )
        indexes = (models.Index(name="task_by_owner", fields=["municipality", "done_at", "owner", "due_on"]),)


class IncomingMessage(models.Model):
    """A text message from a family. One with the gateway's same reference is the same message, however often it is handed to us."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    gateway = models.CharField(max_length=40)
    reference = models.CharField(max_length=120)
    from_number = models.CharField(max_length=20)
    text = models.TextField()
    received_at = models.DateTimeField()
    meaning = models.CharField(max_length=20)
    answers = models.ForeignKey(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="answers")
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    effect = models.CharField(max_length=40, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="one_incoming_message_per_reference", fields=["gateway", "reference"]),)


class TextApproval(models.Model):
    """
    A municipality's word that a text may be sent that does not ship approved: who knows the language and has read it, and who says so.

    It is of these words and no others (`digest` is `texts.Text.digest`): when a new version of fjorten has another text, that one waits for
    an approval of its own.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=6)
    language = models.CharField(max_length=8)
    digest = models.CharField(max_length=64)
    proof_read_by = models.CharField(max_length=150)
    approved_at = models.DateTimeField()
    approved_by = models.CharField(max_length=150)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_standing_approval_of_a_text",
                fields=["municipality", "kind", "channel", "language"],
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="a_withdrawn_approval_says_by_whom",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="") | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="")),
            ),
        )
