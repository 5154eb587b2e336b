"""The tables of the trail. Only this room reads or writes them."""

from django.db import models
from django.db.models import Q


class AuditHead(models.Model):
    """The end of one municipality's chain: locked while a row is added, so that numbers have no gap and links never fork."""

    municipality_code = models.CharField(max_length=4, primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")


class AuditEvent(models.Model):
    """One read or write: who, role, unit, ground; which person, what, when and why. Never changed, never deleted."""

    class Kind(models.TextChoices):
        READ = "read", "lest"
        WRITE = "write", "skrevet"
        REFUSED = "refused", "avslått"

    municipality_code = models.CharField(max_length=4)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    action = models.CharField(max_length=64)
    about = models.CharField(max_length=36, blank=True)
    who = models.CharField(max_length=150)
    role = models.CharField(max_length=64)
    unit = models.CharField(max_length=150, blank=True)
    ground = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    reason_salt = models.CharField(max_length=32, blank=True)
    reason_digest = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_audit_event_per_number_and_municipality", fields=["municipality_code", "seq"]),
            models.CheckConstraint(name="audit_event_kind_is_known", condition=Q(kind__in=["read", "write", "refused"])),
            models.CheckConstraint(name="audit_event_has_an_actor", condition=~Q(who="") & ~Q(role="")),
        )
        indexes = (
            models.Index(name="audit_event_about", fields=["municipality_code", "about", "seq"]),
            # Who looked at what, and what was looked at in some days: what the log of looks is read by, however long the trail is.
            models.Index(name="audit_event_who", fields=["municipality_code", "who", "seq"]),
            models.Index(name="audit_event_looks", fields=["municipality_code", "kind", "at"]),
        )
