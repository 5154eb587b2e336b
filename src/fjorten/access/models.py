"""
Accounts, and which roles they held when.

Our own user model, in place from the first migration so that it never has to be swapped in.
"""

from datetime import date, datetime, timedelta
from typing import ClassVar, Final, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from fjorten.access.permissions import Role
from fjorten.kernel.times import oslo_date, start_of_day
from fjorten.organisation.models import Clinic, Employee, Municipality

# Characters: what fits. The actions refuse what is longer.
LOGIN: Final = 150
DISPLAY_NAME: Final = 150


class UserManager(BaseUserManager["User"]):
    """Finds users by their sign-in name."""


class User(AbstractBaseUser):
    """
    A person who signs in, in one municipality. There is no superuser: nobody sees clinical data because of a flag.

    A user without a usable password can only come in through the sign-in service; one whose password somebody else has made
    (`password_is_for_once`) chooses another before anything is shown. `national_id` is never shown: it tells who their own
    family is, and whom the sign-in service means; "" when nobody has told.
    """

    login = models.CharField(max_length=LOGIN, unique=True)
    display_name = models.CharField(max_length=DISPLAY_NAME)
    is_active = models.BooleanField(default=True)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="users")
    employee = models.OneToOneField(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="user")
    national_id = models.CharField(max_length=11, blank=True)
    password_is_for_once = models.BooleanField(default=False)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="a_users_number_has_eleven_digits", condition=Q(national_id="") | Q(national_id__regex=r"^[0-9]{11}$")
            ),
            models.UniqueConstraint(name="one_account_per_number", fields=["municipality", "national_id"], condition=~Q(national_id="")),
        )

    def __str__(self) -> str:
        return self.display_name

    @property
    def who(self) -> str:
        """What the trail and the rosters call them: the code of an employee, of others the sign-in name."""
        return self.login if self.employee is None else self.employee.code


class RoleHeldQuerySet(models.QuerySet["RoleHeld"]):
    """Sentences about roles that are held."""

    def of(self, municipality: Municipality) -> Self:
        """Keep those of one municipality's accounts."""
        return self.filter(user__municipality=municipality)

    def on(self, day: date) -> Self:
        """Keep those that hold on a day: begun, not ended, of accounts that are open, of nobody who has left."""
        works_here = (
            Q(user__employee__isnull=True) | Q(user__employee__employed_until__isnull=True) | Q(user__employee__employed_until__gt=day)
        )
        still = Q(until_on__isnull=True) | Q(until_on__gt=day)
        return self.filter(works_here, still, from_on__lte=day, user__is_active=True)

    def some_time_on(self, day: date) -> Self:
        """
        Keep those that held at some time of a day, also those that were ended in the course of it, whatever has become of the account
        since.
        """
        over = start_of_day(day + timedelta(days=1))
        still = Q(until_on__isnull=True) | Q(until_on__gt=day) | Q(until_on=day, ended_at__gte=start_of_day(day))
        return self.filter(still, from_on__lte=day, given_at__lt=over).exclude(user__employee__employed_until__lte=day)

    def held_at(self, at: datetime) -> Self:
        """Keep those that held at an instant, whatever has become of the account since."""
        day = oslo_date(at)
        still = Q(until_on__isnull=True) | Q(until_on__gt=day) | Q(until_on=day, ended_at__gt=at)
        return self.filter(still, from_on__lte=day, given_at__lte=at).exclude(user__employee__employed_until__lte=day)


class RoleHeld(models.Model):
    """
    A role somebody has or had `[from_on, until_on)`, at one clinic or (without) at all of the municipality's. Never deleted: who had which
    access on a day is a question.

    A role that is ended at once ends on the day it is ended, and held until `ended_at`.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles_held")
    role = models.CharField(max_length=20, choices=[(role.value, role.words) for role in Role])
    clinic = models.ForeignKey(Clinic, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    given_by = models.CharField(max_length=150)
    given_at = models.DateTimeField()
    ended_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RoleHeldQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(name="role_held_is_known", condition=Q(role__in=[role.value for role in Role])),
            models.CheckConstraint(
                name="a_role_does_not_end_before_it_begins", condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on"))
            ),
            models.CheckConstraint(name="a_role_is_given_by_someone", condition=~Q(given_by="")),
            models.CheckConstraint(
                name="a_role_is_ended_by_someone_on_a_day",
                condition=Q(ended_at__isnull=True, ended_by="") | (Q(ended_at__isnull=False, until_on__isnull=False) & ~Q(ended_by="")),
            ),
            models.UniqueConstraint(
                name="a_role_is_held_once_at_a_clinic",
                fields=["user", "role", "clinic"],
                condition=Q(until_on__isnull=True, clinic__isnull=False),
            ),
            models.UniqueConstraint(
                name="a_role_is_held_once_everywhere", fields=["user", "role"], condition=Q(until_on__isnull=True, clinic__isnull=True)
            ),
        )

    @property
    def last_on(self) -> date | None:
        """The last day it holds, or held for a part of; None: until further notice."""
        if self.until_on is None or (self.ended_at is not None and oslo_date(self.ended_at) == self.until_on):
            return self.until_on
        return self.until_on - timedelta(days=1)
