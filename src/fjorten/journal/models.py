"""Journals."""

from typing import Self

from django.db import models
from django.db.models import Q

from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.models import Person


class JournalQuerySet(models.QuerySet["Journal"]):
    """Sentences about journals."""

    def still_open(self) -> Self:
        """Keep those nobody has closed."""
        return self.filter(closed_at__isnull=True)


class Journal(models.Model):
    """A child's record at a clinic. Closed by a person with a reason, never by absence of anything."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="journals")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="journals")
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150)
    closed_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=150, null=True, blank=True)
    closed_reason = models.CharField(max_length=500, null=True, blank=True)

    objects = JournalQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="a_journal_is_closed_by_someone_with_a_reason",
                condition=Q(closed_on__isnull=True, closed_at__isnull=True, closed_by__isnull=True, closed_reason__isnull=True)
                | (
                    Q(closed_on__isnull=False, closed_at__isnull=False, closed_by__isnull=False, closed_reason__isnull=False)
                    & ~Q(closed_by="")
                    & ~Q(closed_reason="")
                ),
            ),
        )
        indexes = (models.Index(name="journal_of_person", fields=["person", "closed_at"]),)
