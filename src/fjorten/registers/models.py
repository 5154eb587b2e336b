"""
What the registers have told us, as it was told, and the work it leaves for people.

`RegisterDocument` holds the raw facts everything else about a person is derived from; `fjorten verify` recounts from these rows.
"""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from fjorten.organisation.models import Municipality
from fjorten.people.models import Person
from fjorten.registers.markers import MarkerKind


class RegisterDocument(models.Model):
    """
    One statement of the population register about one person: a row of an extract, or the document behind an event.

    `payload` is the part we may and need to keep (`documents.extract`): no street address, nothing about residence permits. The same
    content again (a later extract; the dozen events of one birth) makes no row: it widens `first_seen_on`..`last_seen_on`, and `sequence`
    and `registered_at` are those of the latest event it stood behind.
    """

    class Channel(models.TextChoices):
        EXTRACT = "extract", "uttrekk"
        FEED = "feed", "hendelser"
        LOOK_UP = "look_up", "oppslag"

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="register_documents")
    channel = models.CharField(max_length=7, choices=Channel.choices)
    sequence = models.BigIntegerField(null=True, blank=True)
    first_seen_on = models.DateField()
    last_seen_on = models.DateField()
    registered_at = models.DateTimeField(null=True, blank=True)
    payload = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_document_per_feed_content", fields=["person", "digest"], condition=Q(channel="feed")),
            models.UniqueConstraint(
                name="one_document_per_extract_content", fields=["person", "digest"], condition=Q(channel__in=["extract", "look_up"])
            ),
            models.CheckConstraint(
                name="events_and_only_events_have_a_sequence_number",
                condition=Q(channel="feed", sequence__isnull=False) | ~Q(channel="feed") & Q(sequence__isnull=True),
            ),
            models.CheckConstraint(name="a_document_is_seen_first_before_last", condition=Q(first_seen_on__lte=F("last_seen_on"))),
        )


class SeenElsewhere(models.Model):
    """
    A child we do not follow, whom the register has told us lives elsewhere (or is dead): no facts, only a digest of the number and when.

    Kept so that a late, older event cannot bring the child back as a resident. Many rows, little in each. Of each kind of word (see
    `markers.py`) the newest is kept.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    number_digest = models.CharField(max_length=64)
    sequence = models.BigIntegerField(null=True, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    seen_on = models.DateField()
    kind = models.CharField(max_length=9, choices=[(kind.value, kind.value) for kind in MarkerKind])

    class Meta:
        constraints = (models.UniqueConstraint(name="one_marker_per_number_and_kind", fields=["municipality", "number_digest", "kind"]),)


class FeedRange(models.Model):
    """A run of sequence numbers `first`..`last` that has been received. What lies between two runs is a gap."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    first = models.BigIntegerField()
    last = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_run_per_first_number", fields=["municipality", "first"]),
            models.CheckConstraint(name="a_run_ends_after_it_starts", condition=Q(last__gte=F("first"))),
        )


class PendingLookUp(models.Model):
    """An event that came without its document: the person must be looked up anew. Gone when a newer document has come."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=11)
    sequence = models.BigIntegerField()
    event_type = models.CharField(max_length=80)

    class Meta:
        constraints = (models.UniqueConstraint(name="one_look_up_per_event", fields=["municipality", "sequence", "number"]),)


class RegisterLoad(models.Model):
    """An extract that has been loaded: its day and checksum, so that the same file twice is known."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    checksum = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=150)
    persons_read = models.BigIntegerField()
    children_kept = models.BigIntegerField()
    rejected = models.BigIntegerField()


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    """Sentences about work items."""

    def of(self, municipality: Municipality) -> Self:
        """Keep one municipality's items."""
        return self.filter(municipality=municipality)

    def unresolved(self) -> Self:
        """Keep those no person has resolved."""
        return self.filter(resolved_at__isnull=True)

    def awake_on(self, day: date) -> Self:
        """Leave out those a person has put aside until a later day."""
        return self.filter(Q(waits_until__isnull=True) | Q(waits_until__lte=day))


class WorkItem(models.Model):
    """
    Something that does not match and waits for a person. It stays until a person resolves it, whatever later extracts say.

    Owner group and deadline are never null.
    """

    class Owner(models.TextChoices):
        CLERKS = "clerks", "merkantil"
        NURSES = "nurses", "helsesykepleiere"
        LEADER = "leader", "leder"
        PROTECTED_TEAM = "protected_team", "team for adressesperre"

    class Resolution(models.TextChoices):
        ENROLLED = "enrolled", "journal åpnet"
        SAME_PERSON = "same_person", "samme person"
        MOVED_OUT = "moved_out", "bekreftet flyttet"
        CORRECTED = "corrected", "rettet i journalen"
        OUTSIDE = "outside", "utenfor med begrunnelse"
        NO_ACTION = "no_action", "ingen ting å gjøre"

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="work_items")
    rule = models.CharField(max_length=60)
    severity = models.CharField(max_length=6)
    owner = models.CharField(max_length=14, choices=Owner.choices)
    suggested_action = models.CharField(max_length=60)
    evidence = models.JSONField(default=dict)
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    deadline_on = models.DateField()
    waits_until = models.DateField(null=True, blank=True)
    waits_reason = models.CharField(max_length=500, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=150, null=True, blank=True)
    resolution = models.CharField(max_length=11, choices=Resolution.choices, null=True, blank=True)
    resolution_reason = models.CharField(max_length=500, blank=True)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_open_work_item_per_person_and_rule", fields=["person", "rule"], condition=Q(resolved_at__isnull=True)
            ),
            models.CheckConstraint(
                name="a_work_item_is_resolved_by_someone",
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True, resolution__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False, resolution__isnull=False) & ~Q(resolved_by=""),
            ),
            models.CheckConstraint(name="a_work_item_waits_with_a_reason", condition=Q(waits_until__isnull=True) | ~Q(waits_reason="")),
        )
        indexes = (models.Index(name="work_item_list", fields=["municipality", "resolved_at", "deadline_on", "id"]),)
