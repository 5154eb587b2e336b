"""
What binds somebody at work to a child beyond times, cases and clinics: what a leader gave, an emergency opened, a family blocked; and the
verdicts of those who looked at it afterwards.

Every row is a period of instants `[from_at, until_at)` or an instant, with who and when; nothing is deleted, so who could open what on a
day is a question. What clinics, appointments and cases bind is told by their own rooms.
"""

from datetime import datetime, timedelta
from typing import Final, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual

from fjorten.access.models import User
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person

# Characters: what fits. The actions refuse what is longer.
REASON: Final = 500
NOTE: Final = 500
SHORTEST_REASON: Final = 10  # of an emergency, in characters [default]
REVIEW_WITHIN: Final = timedelta(days=7)  # [default]


class ReasonOfEmergency(models.TextChoices):
    """Why a record had to be opened without a relation or against a reservation [default]."""

    ACUTE = "acute", "barnet trenger hjelp nå"
    SAFETY = "safety", "fare for barnets liv eller helse hjemme"
    COLLEAGUE_AWAY = "colleague_away", "den som har barnet, er borte, og det kan ikke vente"
    OTHER = "other", "noe annet, forklart i teksten"


class ReviewVerdict(models.TextChoices):
    """What the one who looked at it afterwards found."""

    IN_ORDER = "in_order", "i orden"
    MISTAKE = "mistake", "en feil uten følger"
    BREACH = "breach", "brudd, følges opp"


_VERDICTS: Final = [verdict.value for verdict in ReviewVerdict]


def held_at(at: datetime) -> Q:
    """This function will make the condition that what was given `[from_at, until_at)` holds at an instant."""
    return Q(from_at__lte=at) & (Q(until_at__isnull=True) | Q(until_at__gt=at))


def held_between(since: datetime, until: datetime) -> Q:
    """This function will make the condition that what was given `[from_at, until_at)` held at some instant of `[since, until)`."""
    return Q(from_at__lt=until) & (Q(until_at__isnull=True) | Q(until_at__gt=since))


class Authorisation(models.Model):
    """
    Leave to open one child's record until an instant, given by a leader with a reason. One that is withdrawn ends then: `until_at` is
    moved to `withdrawn_at`.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="authorisations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="authorisations")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    reason = models.CharField(max_length=REASON)
    given_by = models.CharField(max_length=150)
    withdrawn_by = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="an_authorisation_ends_after_it_begins", condition=Q(until_at__gte=F("from_at"))),
            models.CheckConstraint(name="an_authorisation_has_a_reason_and_someone_who_gave_it", condition=~Q(reason="") & ~Q(given_by="")),
            models.CheckConstraint(
                name="an_authorisation_is_withdrawn_by_someone",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="")
                | (Q(withdrawn_at__isnull=False, until_at=F("withdrawn_at")) & ~Q(withdrawn_by="")),
            ),
        )
        indexes = (models.Index(name="authorisation_by_user", fields=["user", "until_at"]),)


class EmergencyQuerySet(models.QuerySet["Emergency"]):
    """Sentences about records that were opened in an emergency."""

    def of(self, municipality: Municipality) -> Self:
        """Keep one municipality's."""
        return self.filter(person__municipality=municipality)

    def at(self, at: datetime) -> Self:
        """Keep those whose hour is not over at an instant."""
        return self.filter(opened_at__lte=at, until_at__gt=at)

    def between(self, since: datetime, until: datetime) -> Self:
        """Keep those that were open at some instant of `[since, until)`."""
        return self.filter(opened_at__lt=until, until_at__gt=since)

    def to_review(self) -> Self:
        """Keep those nobody has given a verdict on. They stay until somebody does."""
        return self.filter(reviewed_at__isnull=True)


class Emergency(models.Model):
    """
    One child's record, opened by somebody for an hour for weighty reasons (pbrl § 5-3), until somebody else has looked at it afterwards.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="emergencies")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="emergencies")
    code = models.CharField(max_length=20, choices=ReasonOfEmergency.choices)
    reason = models.CharField(max_length=REASON)
    opened_at = models.DateTimeField()
    until_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=ReviewVerdict.choices, blank=True)
    note = models.CharField(max_length=NOTE, blank=True)
    reviewed_by = models.CharField(max_length=150, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)

    objects = EmergencyQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(name="an_emergency_has_an_end", condition=Q(until_at__gt=F("opened_at"))),
            models.CheckConstraint(name="an_emergency_says_why", condition=GreaterThanOrEqual(Length("reason"), SHORTEST_REASON)),
            models.CheckConstraint(
                name="reason_of_emergency_is_known", condition=Q(code__in=["acute", "safety", "colleague_away", "other"])
            ),
            models.CheckConstraint(
                name="an_emergency_is_reviewed_by_someone_with_a_verdict",
                condition=Q(reviewed_at__isnull=True, reviewed_by="", verdict="", note="")
                | (Q(reviewed_at__isnull=False, verdict__in=_VERDICTS) & ~Q(reviewed_by="") & ~Q(note="")),
            ),
        )
        indexes = (models.Index(name="emergency_by_user", fields=["user", "until_at"]),)

    @property
    def review_due_at(self) -> datetime:
        """When somebody is to have looked at it at the latest. It stays on the list after that too."""
        return self.opened_at + REVIEW_WITHIN


class NamedForProtected(models.Model):
    """Somebody who is named to follow a child with address protection; nobody else finds the child."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="named_for")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="named_staff")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=REASON)
    named_by = models.CharField(max_length=150)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="named_once_for_a_child", fields=["user", "person"], condition=Q(until_at__isnull=True)),
            models.CheckConstraint(name="a_naming_has_a_reason_and_someone_who_named", condition=~Q(reason="") & ~Q(named_by="")),
            models.CheckConstraint(
                name="a_naming_is_ended_by_someone",
                condition=Q(until_at__isnull=True, ended_by="") | (Q(until_at__gte=F("from_at")) & ~Q(ended_by="")),
            ),
        )


class Blocked(models.Model):
    """A family's objection to somebody seeing the child's journal (pjl § 17, pbrl § 5-3). `source` is who said so, and how."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="blocked_from")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="blocked_staff")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    source = models.CharField(max_length=REASON)
    recorded_by = models.CharField(max_length=150)
    ended_source = models.CharField(max_length=REASON, blank=True)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="blocked_once_from_a_child", fields=["user", "person"], condition=Q(until_at__isnull=True)),
            models.CheckConstraint(name="a_block_has_a_source_and_someone_who_recorded_it", condition=~Q(source="") & ~Q(recorded_by="")),
            models.CheckConstraint(
                name="a_block_is_ended_by_someone_with_a_source",
                condition=Q(until_at__isnull=True, ended_by="", ended_source="")
                | (Q(until_at__gte=F("from_at")) & ~Q(ended_by="") & ~Q(ended_source="")),
            ),
        )


class AccessReview(models.Model):
    """
    A verdict on odd looks: all that one viewer did on one day with one child, or (`about` is "") with many, up to a number of the trail, as
    odd as it was seen to be then (`kinds`). What comes later, or turns out to be odd for another reason, is odd anew. Append-only.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    who = models.CharField(max_length=150)
    about = models.CharField(max_length=36, blank=True)
    on = models.DateField()
    up_to = models.BigIntegerField()
    kinds = models.JSONField()
    verdict = models.CharField(max_length=10, choices=ReviewVerdict.choices)
    note = models.CharField(max_length=NOTE)
    reviewed_by = models.CharField(max_length=150)
    reviewed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="access_verdict_is_known", condition=Q(verdict__in=_VERDICTS)),
            models.CheckConstraint(name="an_access_review_has_a_note_and_someone_who_made_it", condition=~Q(note="") & ~Q(reviewed_by="")),
            models.CheckConstraint(name="nobody_reviews_themselves", condition=~Q(reviewed_by=F("who"))),
        )
        indexes = (models.Index(name="access_review_by_day", fields=["municipality", "on"]),)
