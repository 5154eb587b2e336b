"""Signed snapshots of the balance."""

from django.db import models

from fjorten.organisation.models import Municipality


class LedgerSnapshot(models.Model):
    """
    The balance of a day as it was known when it was taken, chained to the one before and signed. Append-only.

    `content` holds counts only. It also holds the end of the trail at that moment, so that a cut or rewritten trail is found.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="ledger_snapshots")
    seq = models.BigIntegerField()
    on = models.DateField()
    taken_at = models.DateTimeField()
    content = models.JSONField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    public_key = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(name="one_snapshot_per_number", fields=["municipality", "seq"]),)
        indexes = (models.Index(name="snapshot_of_day", fields=["municipality", "on", "seq"]),)
