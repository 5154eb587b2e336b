"""The heartbeat: which nights were run, how far each came, and what could not be done for whom."""

from django.db import models
from django.db.models import F, Q

from fjorten.organisation.models import Municipality
from fjorten.people.models import Person


class Run(models.Model):
    """
    One nightly run for one day. Several runs of a day do no harm; the newest finished one counts.

    `counts` tells what each stage did; `balanced` is null until the ledger has been taken.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="nightly_runs")
    on = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)
    balanced = models.BooleanField(null=True)
    started_by = models.CharField(max_length=150)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="a_run_does_not_finish_before_it_starts", condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at"))
            ),
        )
        indexes = (models.Index(name="run_by_day", fields=["municipality", "on", "finished_at"]),)


class Trouble(models.Model):
    """Something a stage could not do, for one child or for all: the rest was done. Gone from the list when a later run can."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="troubles")
    stage = models.CharField(max_length=30)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=60, blank=True)
    sentence = models.CharField(max_length=500)
    error = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()


class Notice(models.Model):
    """
    What somebody was told of how a municipality stands: the kinds of alarm, none when all was well. Kept so that nobody is told the same
    every hour.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    kinds = models.JSONField(default=list)
    receivers = models.PositiveSmallIntegerField()

    class Meta:
        indexes = (models.Index(name="notice_by_time", fields=["municipality", "at"]),)
