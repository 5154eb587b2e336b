"""Municipalities, clinics and the areas they serve."""

from datetime import date
from typing import Final, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

# Characters: what fits. The actions refuse what is longer.
NAME: Final = 100  # of a municipality, a clinic, or the source of a number
EMPLOYEE_CODE: Final = 60
EMPLOYEE_NAME: Final = 150
ROOM_NAME: Final = 60
ABSENCE_REASON: Final = 200


class Municipality(models.Model):
    """A municipality that keeps its ledger here, with its own policy where the law leaves one."""

    code = models.CharField(max_length=4, unique=True)
    name = models.CharField(max_length=NAME)
    enrols_newborns = models.BooleanField(default=True)
    # Seen as a resident within this many days of birth = newborn, enrolled at once. Our default; a municipality may choose.
    newborn_days = models.PositiveSmallIntegerField(default=28)
    # How families know the municipality, in messages: never with the kind of clinic. "" = the name as it stands.
    brand = models.CharField(max_length=40, blank=True)
    norwegian = models.CharField(max_length=2, choices=(("nb", "bokmål"), ("nn", "nynorsk")), default="nb")

    class Meta:
        constraints = (
            models.CheckConstraint(name="norwegian_is_bokmal_or_nynorsk", condition=Q(norwegian__in=["nb", "nn"])),
            models.CheckConstraint(name="municipality_code_has_four_digits", condition=Q(code__regex=r"^[0-9]{4}$")),
            models.CheckConstraint(name="newborn_days_are_plausible", condition=Q(newborn_days__lte=365)),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class MunicipalityCode(models.Model):
    """
    Another number the municipality has or had: from a reform table, told by hand, or learnt when the register renumbered its residents.

    A child registered under any of its numbers lives here; a reform moves nobody.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="other_codes")
    code = models.CharField(max_length=4, unique=True)
    source = models.CharField(max_length=NAME)

    class Meta:
        constraints = (models.CheckConstraint(name="other_code_has_four_digits", condition=Q(code__regex=r"^[0-9]{4}$")),)


class ClinicQuerySet(models.QuerySet["Clinic"]):
    """Sentences about clinics."""

    def of(self, municipality: Municipality) -> Self:
        """Keep the clinics of one municipality."""
        return self.filter(municipality=municipality)

    def still_open(self) -> Self:
        """Keep those nobody has closed."""
        return self.filter(closed_on__isnull=True)


class Clinic(models.Model):
    """A health clinic (helsestasjon). One that is closed keeps its past; nothing new is given it."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="clinics")
    name = models.CharField(max_length=NAME)
    is_default = models.BooleanField(default=False)
    # What families are told to call, and where to come: name of the place and address on one line, without the kind of clinic.
    telephone = models.CharField(max_length=20, blank=True)
    visiting_address = models.CharField(max_length=150, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = ClinicQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_clinic_per_name", fields=["municipality", "name"]),
            models.UniqueConstraint(name="one_default_clinic", fields=["municipality"], condition=Q(is_default=True)),
            models.CheckConstraint(name="the_default_clinic_is_open", condition=Q(is_default=False) | Q(closed_on__isnull=True)),
        )

    def __str__(self) -> str:
        return self.name


class ClinicArea(models.Model):
    """A part of the municipality that a clinic serves, as the first digits of the register's basic unit (grunnkrets, 8 digits)."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="areas")
    basic_unit_prefix = models.CharField(max_length=8)

    class Meta:
        constraints = (models.UniqueConstraint(name="one_area_per_clinic_and_prefix", fields=["clinic", "basic_unit_prefix"]),)


class Room(models.Model):
    """A room of a clinic that can be set aside for somebody, until it is closed."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=ROOM_NAME)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="one_room_per_name", fields=["clinic", "name"]),)

    def __str__(self) -> str:
        return self.name


class EmployeeQuerySet(models.QuerySet["Employee"]):
    """Sentences about employees."""

    def employed_on(self, day: date) -> Self:
        """Keep those who work here on a day, absent or not."""
        return self.not_gone_by(day).filter(employed_from__lte=day)

    def not_gone_by(self, day: date) -> Self:
        """Keep those who have not left when a day comes, also those who have not begun."""
        return self.filter(Q(employed_until__isnull=True) | Q(employed_until__gt=day))

    def present_on(self, day: date) -> Self:
        """Keep those who work here and are not away the whole day."""
        away = Absence.objects.filter(employee=OuterRef("pk"), begins__isnull=True).on(day)
        return self.employed_on(day).exclude(Exists(away))


class Employee(models.Model):
    """
    Somebody who works at a clinic, in one role, `[employed_from, employed_until)`.

    `code` is what the trail and the rosters call them. `deputy` is who does their work while they are away; without one it is the leader.
    """

    class Role(models.TextChoices):
        NURSE = "public_health_nurse", "helsesykepleier"
        DOCTOR = "doctor", "lege"
        PHYSIOTHERAPIST = "physiotherapist", "fysioterapeut"
        MIDWIFE = "midwife", "jordmor"
        CLERK = "clerk", "merkantil"
        LEADER = "leader", "leder"

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="employees")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="employees")
    code = models.CharField(max_length=EMPLOYEE_CODE)
    name = models.CharField(max_length=EMPLOYEE_NAME)
    role = models.CharField(max_length=20, choices=Role.choices)
    email = models.EmailField(blank=True)
    deputy = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="stands_in_for")
    employed_from = models.DateField()
    employed_until = models.DateField(null=True, blank=True)

    objects = EmployeeQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_employee_per_code", fields=["municipality", "code"]),
            models.CheckConstraint(
                name="employee_role_is_known",
                condition=Q(role__in=["public_health_nurse", "doctor", "physiotherapist", "midwife", "clerk", "leader"]),
            ),
            models.CheckConstraint(name="nobody_deputises_for_themselves", condition=Q(deputy__isnull=True) | ~Q(deputy=F("pk"))),
            models.CheckConstraint(
                name="an_employment_does_not_end_before_it_starts",
                condition=Q(employed_until__isnull=True) | Q(employed_until__gte=F("employed_from")),
            ),
        )

    def __str__(self) -> str:
        return self.name


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Sentences about absences."""

    def on(self, day: date) -> Self:
        """Keep those that cover a day, or some hours of it."""
        return self.filter(cancelled_at__isnull=True, from_on__lte=day, until_on__gt=day)


class Absence(models.Model):
    """Days `[from_on, until_on)`, or some hours of each, when an employee, a room, or (neither) a whole clinic is away."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="absences")
    employee = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="absences")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="absences")
    from_on = models.DateField()
    until_on = models.DateField()
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    reason = models.CharField(max_length=ABSENCE_REASON, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=150, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(name="an_absence_has_days", condition=Q(until_on__gt=F("from_on"))),
            models.CheckConstraint(
                name="hours_of_absence_have_both_ends",
                condition=Q(begins__isnull=True, ends__isnull=True) | Q(begins__isnull=False, ends__isnull=False, ends__gt=F("begins")),
            ),
        )
