"""Municipalities, clinics and the areas they serve."""

from typing import Self

from django.db import models
from django.db.models import Q


class Municipality(models.Model):
    """A municipality that keeps its ledger here, with its own policy where the law leaves one."""

    code = models.CharField(max_length=4, unique=True)
    name = models.CharField(max_length=100)
    enrols_newborns = models.BooleanField(default=True)
    # Seen as a resident within this many days of birth = newborn, enrolled at once. Our default; a municipality may choose.
    newborn_days = models.PositiveSmallIntegerField(default=28)

    class Meta:
        constraints = (
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
    source = models.CharField(max_length=100)

    class Meta:
        constraints = (models.CheckConstraint(name="other_code_has_four_digits", condition=Q(code__regex=r"^[0-9]{4}$")),)


class ClinicQuerySet(models.QuerySet["Clinic"]):
    """Sentences about clinics."""

    def of(self, municipality: Municipality) -> Self:
        """Keep the clinics of one municipality."""
        return self.filter(municipality=municipality)


class Clinic(models.Model):
    """A health clinic (helsestasjon)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="clinics")
    name = models.CharField(max_length=100)
    is_default = models.BooleanField(default=False)

    objects = ClinicQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_clinic_per_name", fields=["municipality", "name"]),
            models.UniqueConstraint(name="one_default_clinic", fields=["municipality"], condition=Q(is_default=True)),
        )

    def __str__(self) -> str:
        return self.name


class ClinicArea(models.Model):
    """A part of the municipality that a clinic serves, as the first digits of the register's basic unit (grunnkrets, 8 digits)."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="areas")
    basic_unit_prefix = models.CharField(max_length=8)

    class Meta:
        constraints = (models.UniqueConstraint(name="one_area_per_clinic_and_prefix", fields=["clinic", "basic_unit_prefix"]),)
