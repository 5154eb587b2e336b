"""
Persons and the facts about them.

Every row but `Person` is one fact with the period it held and where it came from. All of them are derived from the register documents
kept in `registers`, and are written only by `people.actions.register.write_facts`.
"""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Collate

from fjorten.kernel.ages import add_years
from fjorten.organisation.models import Municipality
from fjorten.people.facts import Protection, ResidenceKind

AGE_GROUP_YEARS = 6  # the child programme follows children until the day they turn six [source: guideline helsestasjon 0-5 år]


class PersonQuerySet(models.QuerySet["Person"]):
    """Sentences about persons; each takes the day it is asked for."""

    def of(self, municipality: Municipality) -> Self:
        """Keep the persons in one municipality's book, each once however many numbers they have had."""
        return self.filter(municipality=municipality, continued_as__isnull=True)

    def in_age_group_on(self, on: date) -> Self:
        """Keep those born, and not yet six years old. Where only the birth year is known, the last day it allows decides: nobody is
        taken off early."""
        # add_years(born, 6) > on  <=>  born > the latest day whose sixth birthday has come
        return self.filter(born_by__gt=_latest_birth_of_age(AGE_GROUP_YEARS, on)).filter(Q(born_on__isnull=True) | Q(born_on__lte=on))

    def alive_on(self, on: date) -> Self:
        """Keep those the register does not say were dead. A death without a date counts from the day we learnt of it."""
        return self.exclude(is_dead=True, died_on__isnull=True).exclude(died_on__lte=on)

    def resident_on(self, on: date) -> Self:
        """Keep those the municipality is responsible for by residence, also the strictly protected it last knew as its own."""
        here = Residence.objects.filter(person=OuterRef("pk"), is_here=True).on(on)
        return self.alive_on(on).filter(Exists(here))

    def in_name_order(self) -> Self:
        """Order by family name, given name and age as Norwegian has it, the same on both databases."""
        return self.order_by(Collate(F("family_name"), "nb"), Collate(F("given_name"), "nb"), "born_by", "pk")


def _latest_birth_of_age(years: int, on: date) -> date:
    """Find the latest birth date whose holder has completed `years` on a day (29 February is the only day with two candidates)."""
    born = add_years(on, -years)
    return date(on.year - years, 2, 29) if (on.month, on.day) == (2, 28) and _is_leap(on.year - years) else born


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


class Person(models.Model):
    """
    One person in one municipality's book.

    `public_id` is the only thing shown outside; a number is looked up through `Identifier`. When the register says that two of our
    persons are one, the younger row points to the one it continues as, and nothing is deleted.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="persons")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    continued_as = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="continued_from")
    status = models.CharField(max_length=40, blank=True)
    born_on = models.DateField(null=True, blank=True)
    born_by = models.DateField()
    sex = models.CharField(max_length=10, blank=True)
    is_dead = models.BooleanField(default=False)
    died_on = models.DateField(null=True, blank=True)
    emigrated_on = models.DateField(null=True, blank=True)
    # Not a resident, but the register has an address of stay here: the duty to help follows the stay (pbrl § 6-1).
    stays_here = models.BooleanField(default=False)
    stays_here_since = models.DateField(null=True, blank=True)
    given_name = models.CharField(max_length=200, blank=True)
    middle_name = models.CharField(max_length=200, blank=True)
    family_name = models.CharField(max_length=200, blank=True)
    name_is_temporary = models.BooleanField(default=False)
    search_name = models.CharField(max_length=620, blank=True)
    protection = models.CharField(max_length=21, choices=[(level.value, level.value) for level in Protection], default=Protection.NONE)
    source = models.CharField(max_length=60, blank=True)
    facts_digest = models.CharField(max_length=64, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(name="person_is_born_by_a_known_day", condition=Q(born_on__isnull=True) | Q(born_on=F("born_by"))),
            models.CheckConstraint(name="only_the_dead_have_a_day_of_death", condition=Q(died_on__isnull=True) | Q(is_dead=True)),
            models.CheckConstraint(name="protection_is_known", condition=Q(protection__in=[level.value for level in Protection])),
            models.CheckConstraint(name="nobody_continues_as_themselves", condition=~Q(continued_as=F("pk"))),
        )
        indexes = (
            models.Index(name="person_by_age", fields=["municipality", "born_by"]),
            models.Index(name="person_by_birth_date", fields=["municipality", "born_on"]),  # searched by, with a name or alone
            models.Index(name="person_by_search_name", fields=["municipality", "search_name"]),
        )

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_protected(self) -> bool:
        """Whether nothing that locates or names this person may leave the named team (codes 6 and 7)."""
        return self.protection in {Protection.CONFIDENTIAL, Protection.STRICTLY_CONFIDENTIAL}


class Identifier(models.Model):
    """A number the register has used for a person. Old ones keep resolving."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identifiers")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=11)
    is_in_use = models.BooleanField(default=True)
    valid_from = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_person_per_number", fields=["municipality", "number"]),
            models.CheckConstraint(name="identifier_has_eleven_digits", condition=Q(number__regex=r"^[0-9]{11}$")),
        )

    def __str__(self) -> str:
        return f"identifier {self.pk}"


class PeriodQuerySet(models.QuerySet["Residence"]):
    """Sentences about facts that hold for a while."""

    def on(self, day: date) -> Self:
        """Keep the facts that hold on a day."""
        starts = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
        return self.filter(starts).filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day))


class Fact(models.Model):
    """A period `[valid_from, valid_until)` and a source; unknown ends are null."""

    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=60)

    class Meta:
        abstract = True


class Residence(Fact):
    """Where the register says a person lives. `is_here` answers for this municipality, old numbers of it included."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="residences")
    municipality_code = models.CharField(max_length=4, blank=True)
    is_here = models.BooleanField()
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in ResidenceKind])
    basic_unit = models.CharField(max_length=8, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(name="residence_kind_is_known", condition=Q(kind__in=[kind.value for kind in ResidenceKind])),
            models.CheckConstraint(
                name="residence_does_not_end_before_it_starts",
                condition=Q(valid_from__isnull=True) | Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
            ),
        )
        indexes = (models.Index(name="residence_here", fields=["person", "is_here", "valid_until"]),)


class NameInForce(Fact):
    """A name a person has had."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="names")
    given_name = models.CharField(max_length=200, blank=True)
    middle_name = models.CharField(max_length=200, blank=True)
    family_name = models.CharField(max_length=200, blank=True)


class AddressProtection(Fact):
    """A grade of address protection and how long it holds."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="protections")
    level = models.CharField(max_length=21, choices=[(level.value, level.value) for level in Protection])


class ParentalResponsibility(Fact):
    """Who has parental responsibility for a child: a numbered person, an organisation, or someone the register has no number for."""

    child = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="responsibilities")
    kind = models.CharField(max_length=40)
    responsible_number = models.CharField(max_length=11, blank=True)
    responsible_organisation = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = (models.Index(name="responsibility_by_number", fields=["responsible_number"]),)  # whose child is concerned by an adult


class FamilyRelation(Fact):
    """A relative by the register: mother, father, co-mother, sibling."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="relations")
    role = models.CharField(max_length=40)
    related_number = models.CharField(max_length=11, blank=True)

    class Meta:
        indexes = (models.Index(name="relation_by_number", fields=["related_number"]),)  # siblings, by the parent they share


class Migration(models.Model):
    """A move into or out of the country."""

    class Direction(models.TextChoices):
        IN = "in", "inn"
        OUT = "out", "ut"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="migrations")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    country = models.CharField(max_length=3, blank=True)
    moved_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=60)
