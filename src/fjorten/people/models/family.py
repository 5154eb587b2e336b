"""
What we know of a child's family ourselves, apart from the register: who can be reached and how, who cares for the child now, what suits
them, and until when they are left in peace.

The register tells who has parental responsibility (`ParentalResponsibility`); how to reach those people is told here, by families, staff
and the contact register. Addresses stand apart from all else, so that protection can take them away at once.
"""

import uuid
from datetime import date
from typing import Final, Self

from django.db import models
from django.db.models import F, Q

from fjorten.organisation.models import Municipality
from fjorten.people.models.register import Person

# Characters: what fits. The actions refuse what is longer.
ADULT_NAME: Final = 200
LANGUAGE_CODE: Final = 8
ADDRESS_LINES: Final = 400
POSTAL_CODE: Final = 12
PLACE: Final = 100
ADDRESS_SOURCE: Final = 60
PLACEMENT_SOURCE: Final = 200
PAUSE_REASON: Final = 500


class Adult(models.Model):
    """
    A grown-up who may be told about a child: a guardian, or somebody who cares for a child now.

    `number` ties a guardian to the register's parental responsibility; a carer may be without one. `language` is a code (ISO 639), "" when
    nobody has asked. `is_reserved` is the contact register's reservation against digital post.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="adults")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=11, blank=True)
    name = models.CharField(max_length=ADULT_NAME, blank=True)
    language = models.CharField(max_length=LANGUAGE_CODE, blank=True)
    needs_interpreter = models.BooleanField(default=False)
    is_dead = models.BooleanField(default=False)
    is_protected = models.BooleanField(default=False)
    is_reserved = models.BooleanField(default=False)
    contact_register_checked_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_adult_per_number", fields=["municipality", "number"], condition=~Q(number="")),
            models.CheckConstraint(name="an_adults_number_has_eleven_digits", condition=Q(number="") | Q(number__regex=r"^[0-9]{11}$")),
        )

    def __str__(self) -> str:
        return str(self.public_id)


class ContactPoint(models.Model):
    """
    A telephone number or an e-mail address of an adult, in use until it is replaced (`ended_at`) or found to be dead (`failed_on`).

    A number is kept as E.164 ("+4712345678"). `updated_on` and `verified_on` are the contact register's, for its eighteen months.
    """

    class Kind(models.TextChoices):
        TELEPHONE = "telephone", "telefon"
        EMAIL = "email", "e-post"

    class Source(models.TextChoices):
        FAMILY = "family", "familien"
        STAFF = "staff", "klinikken"
        CONTACT_REGISTER = "contact_register", "kontaktregisteret"
        IMPORT = "import", "tidligere journalsystem"

    adult = models.ForeignKey(Adult, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    value = models.CharField(max_length=254)
    source = models.CharField(max_length=16, choices=Source.choices)
    updated_on = models.DateField(null=True, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    failed_on = models.DateField(null=True, blank=True)
    failed_reason = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_contact_point_of_a_kind_in_use", fields=["adult", "kind"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(name="contact_point_says_something", condition=~Q(value="")),
        )


class PostalAddress(models.Model):
    """
    Where letters to an adult go, as lines to be printed. Its own table, emptied in the transaction that protects somebody.

    `returned_on`: a letter came back, so nothing more goes there until somebody has found out.
    """

    adult = models.OneToOneField(Adult, on_delete=models.CASCADE, related_name="postal_address")
    lines = models.CharField(max_length=ADDRESS_LINES)
    postal_code = models.CharField(max_length=POSTAL_CODE)
    place = models.CharField(max_length=PLACE)
    country = models.CharField(max_length=2, default="NO")
    source = models.CharField(max_length=ADDRESS_SOURCE)
    recorded_at = models.DateTimeField()
    returned_on = models.DateField(null=True, blank=True)


class PlacementQuerySet(models.QuerySet["Placement"]):
    """Sentences about who cares for children."""

    def on(self, day: date) -> Self:
        """Keep what holds on a day."""
        return self.filter(cancelled_at__isnull=True, from_on__lte=day).filter(Q(until_on__isnull=True) | Q(until_on__gt=day))


class Placement(models.Model):
    """
    Who cares for a child now, when that is not the guardians: `[from_on, until_on)`, our own fact with its source, never the register's.

    While it lasts only the carer is told of appointments. `is_secret`: not even where the child is may be told to the parents.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="placements")
    carer = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(
        max_length=20, choices=(("child_welfare", "barnevernet"), ("private", "privat"), ("institution", "institusjon"))
    )
    is_secret = models.BooleanField(default=False)
    source = models.CharField(max_length=PLACEMENT_SOURCE)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_placement_at_a_time", fields=["person"], condition=Q(until_on__isnull=True, cancelled_at__isnull=True)
            ),
            models.CheckConstraint(name="a_placement_has_a_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="a_placement_does_not_end_before_it_starts", condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on"))
            ),
        )


class Wish(models.Model):
    """
    What suits a family, as they said it: weekdays that do not suit (0 is Monday), the hours that do, and whether they can come on a few
    days' notice. The newest one counts.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="wishes")
    unsuitable_weekdays = models.JSONField(default=list)
    earliest = models.TimeField(null=True, blank=True)
    latest = models.TimeField(null=True, blank=True)
    can_come_at_short_notice = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="one_wish_in_force", fields=["person"], condition=Q(ended_at__isnull=True)),)


class ContactPauseQuerySet(models.QuerySet["ContactPause"]):
    """Sentences about pauses."""

    def on(self, day: date) -> Self:
        """Keep those that hold on a day."""
        return self.filter(cancelled_at__isnull=True, from_on__lte=day, until_on__gt=day)


class ContactPause(models.Model):
    """No messages about a child `[from_on, until_on)`, for a reason. It always has an end: nobody is left out for good by a pause."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contact_pauses")
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=PAUSE_REASON)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = ContactPauseQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(name="a_pause_ends_after_it_starts", condition=Q(until_on__gt=F("from_on"))),
            models.CheckConstraint(name="a_pause_has_a_reason", condition=~Q(reason="")),
        )
