"""
Rosters, appointments, what each appointment takes of people and rooms, and what became of it.

A free time stands nowhere: it is what the rosters give, less what is held. That nothing is held twice is kept by the database itself, by an
exclusion constraint on PostgreSQL and by triggers on SQLite; the actions take their locks in one order so that nobody waits in a ring.
"""

import uuid
from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from fjorten.appointments.states import State
from fjorten.kernel.times import start_of_day
from fjorten.organisation.models import Clinic, Employee, Municipality, Room
from fjorten.people.models import Person
from fjorten.plans.models import PlannedStep
from fjorten.programme.steps import Setting

OPEN_STATES = [state.value for state in State if state.is_open]
HOLDING_STATES = [state.value for state in State if state.is_holding]
_HELD_OR_MISSED = [state.value for state in State if state.is_holding and not state.is_open]
_MISSED = [State.DID_NOT_ATTEND.value, State.NOT_BROUGHT.value]
_LET_GO = [state.value for state in State if not state.is_holding]


class RosterOpeningQuerySet(models.QuerySet["RosterOpening"]):
    """Sentences about openings of the rosters."""

    def in_force_from(self, day: date) -> Self:
        """Keep those that give times on a day or later."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day))


class RosterOpening(models.Model):
    """
    A piece of a roster: every `every_weeks` weeks on `weekday`, `begins` to `ends` by the clock, in `[valid_from, valid_until)`.

    `employee` receives the children; `doctor`, where there is one, is there too, for steps that need one. A home visit has no room, and
    `travel_minutes` are kept free after it. `capacity` is more than one in a group.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="openings")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="openings")
    doctor = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="doctor_openings")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="openings")
    setting = models.CharField(max_length=6, choices=[(setting.value, setting.value) for setting in Setting])
    weekday = models.PositiveSmallIntegerField()
    begins = models.TimeField()
    ends = models.TimeField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    every_weeks = models.PositiveSmallIntegerField(default=1)
    slot_minutes = models.PositiveSmallIntegerField()
    capacity = models.PositiveSmallIntegerField(default=1)
    travel_minutes = models.PositiveSmallIntegerField(default=0)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)

    objects = RosterOpeningQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(name="monday_is_0_and_sunday_6", condition=Q(weekday__lte=6)),
            models.CheckConstraint(name="an_opening_ends_after_it_begins", condition=Q(ends__gt=F("begins"))),
            models.CheckConstraint(
                name="an_opening_gives_slots", condition=Q(slot_minutes__gte=5, capacity__gte=1, capacity__lte=30, every_weeks__gte=1)
            ),
            models.CheckConstraint(name="only_a_home_visit_has_no_room", condition=Q(room__isnull=False) | Q(setting=Setting.HOME.value)),
        )


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Sentences about appointments."""

    def still_open(self) -> Self:
        """Keep those of which it is not yet known what became of them."""
        return self.filter(state__in=OPEN_STATES)

    def holding(self) -> Self:
        """Keep those whose time has been used or still will be."""
        return self.filter(state__in=HOLDING_STATES)

    def coming_from(self, day: date) -> Self:
        """Keep those of a day or later of which it is not yet known what became of them."""
        return self.still_open().filter(begins_at__gte=start_of_day(day))

    def of(self, municipality: Municipality) -> Self:
        """Keep one municipality's appointments."""
        return self.filter(municipality=municipality)

    def waiting_on(self, day: date) -> Self:
        """
        Keep those that were set by a day and of which nothing had become by its end, as is known now: what was held or missed was so on its
        day, whenever it was written down.
        """
        over = start_of_day(day + timedelta(days=1))
        held_later = Q(state__in=_HELD_OR_MISSED, begins_at__gte=over)
        let_go_later = Q(state__in=_LET_GO, state_at__gte=over)
        return self.filter(booked_at__lt=over).filter(Q(state__in=OPEN_STATES) | held_later | let_go_later)

    def missed_by(self, day: date) -> Self:
        """Keep those of a day, or an earlier one, that nobody came to."""
        return self.filter(state__in=_MISSED, begins_at__lt=start_of_day(day + timedelta(days=1)))

    def on(self, day: date) -> Self:
        """Keep those that begin on a day in Norway."""
        return self.filter(begins_at__gte=start_of_day(day), begins_at__lt=start_of_day(day + timedelta(days=1)))


class Appointment(models.Model):
    """
    A time set aside for one child and one planned step.

    `sitting` is shared by the children of one group at one time, and by nobody else; `place` is the child's number in it, from 0.
    `held_until` is when employee and doctor are free again, after the travel. `replaces` is the appointment this one was given instead of.
    Times are instants; days and clocks are reckoned in Oslo.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    planned_step = models.ForeignKey(PlannedStep, on_delete=models.PROTECT, related_name="appointments")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="appointments")
    doctor = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    setting = models.CharField(max_length=6, choices=[(setting.value, setting.value) for setting in Setting])
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    held_until = models.DateTimeField()
    sitting = models.UUIDField(default=uuid.uuid4)
    place = models.PositiveSmallIntegerField(default=0)
    capacity = models.PositiveSmallIntegerField(default=1)
    needs_interpreter = models.BooleanField(default=False)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    booked_at = models.DateTimeField()
    booked_by = models.CharField(max_length=150)
    state = models.CharField(max_length=19, choices=[(state.value, state.value) for state in State], default=State.OFFERED.value)
    state_at = models.DateTimeField()
    state_by = models.CharField(max_length=150)
    state_reason = models.CharField(max_length=500, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_open_appointment_per_planned_step", fields=["planned_step"], condition=Q(state__in=OPEN_STATES)
            ),
            models.UniqueConstraint(name="one_child_per_place", fields=["sitting", "place"], condition=Q(state__in=HOLDING_STATES)),
            models.UniqueConstraint(name="a_child_has_one_place", fields=["sitting", "person"], condition=Q(state__in=HOLDING_STATES)),
            models.CheckConstraint(name="a_place_is_within_the_capacity", condition=Q(place__lt=F("capacity"))),
            models.CheckConstraint(name="an_appointment_ends_after_it_begins", condition=Q(ends_at__gt=F("begins_at"))),
            models.CheckConstraint(name="staff_are_held_to_the_end_or_longer", condition=Q(held_until__gte=F("ends_at"))),
            models.CheckConstraint(name="appointment_state_is_known", condition=Q(state__in=[state.value for state in State])),
        )
        indexes = (
            models.Index(name="appointment_by_time", fields=["municipality", "begins_at"]),
            models.Index(name="appointment_of_person", fields=["person", "begins_at"]),
            models.Index(name="appointment_of_step", fields=["planned_step", "begins_at"]),
        )


class Hold(models.Model):
    """
    What an appointment takes `[begins_at, ends_at)`: an employee ("employee:5"), a room ("room:2") or the child ("person:9").

    The travel after a home visit is held too. No two holds of one resource overlap unless they are of the same sitting
    (`appointments.holds`). A hold goes when its appointment is cancelled or moved.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="holds")
    resource = models.CharField(max_length=40)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sitting = models.UUIDField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_hold_per_appointment_and_resource", fields=["appointment", "resource"]),
            models.CheckConstraint(name="a_hold_ends_after_it_begins", condition=Q(ends_at__gt=F("begins_at"))),
        )
        indexes = (models.Index(name="hold_by_resource", fields=["resource", "begins_at", "ends_at"]),)


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    """Sentences about arrivals."""

    def in_force(self) -> Self:
        """Keep those nobody has taken back."""
        return self.filter(undone_at__isnull=True)


class Arrival(models.Model):
    """
    A family has come for an appointment, and may have been fetched in: what the waiting room is told of, beside the appointment's state.

    Whether the child was attended is the appointment's own, and not said by this. An arrival that was a mistake is taken back and kept.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="arrivals")
    arrived_at = models.DateTimeField()
    arrived_by = models.CharField(max_length=150)
    fetched_at = models.DateTimeField(null=True, blank=True)
    fetched_by = models.CharField(max_length=150, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=150, blank=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="a_family_arrives_once", fields=["appointment"], condition=Q(undone_at__isnull=True)),
            models.CheckConstraint(
                name="nobody_is_fetched_in_before_they_arrive",
                condition=Q(fetched_at__isnull=True, fetched_by="") | (Q(fetched_at__gte=F("arrived_at")) & ~Q(fetched_by="")),
            ),
            models.CheckConstraint(
                name="an_arrival_is_taken_back_by_someone",
                condition=Q(undone_at__isnull=True, undone_by="") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
            ),
        )


class DropInQuerySet(models.QuerySet["DropIn"]):
    """Sentences about those who come without an appointment."""

    def waiting(self) -> Self:
        """Keep those nobody has received yet and who have not left."""
        return self.filter(ended_at__isnull=True, received_at__isnull=True)


class DropIn(models.Model):
    """
    A family has come without an appointment, and waits until somebody receives them or they leave.

    It settles no step of the programme: a consultation that is held after all is written as one.
    """

    class Matter(models.TextChoices):
        WEIGHING = "weighing", "veiing"
        FEEDING = "feeding", "amming og ernæring"
        VACCINE = "vaccine", "vaksine"
        TALK = "talk", "samtale"
        OTHER = "other", "annet"

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="drop_ins")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="drop_ins")
    matter = models.CharField(max_length=8, choices=Matter.choices)
    came_at = models.DateTimeField()
    came_by = models.CharField(max_length=150)
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.CharField(max_length=150, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=150, blank=True)

    objects = DropInQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="a_child_waits_in_one_place", fields=["person"], condition=Q(ended_at__isnull=True, received_at__isnull=True)
            ),
            models.CheckConstraint(
                name="a_drop_in_has_a_known_matter", condition=Q(matter__in=["weighing", "feeding", "vaccine", "talk", "other"])
            ),
            models.CheckConstraint(
                name="a_drop_in_is_received_by_someone",
                condition=Q(received_at__isnull=True, received_by="") | (Q(received_at__gte=F("came_at")) & ~Q(received_by="")),
            ),
            models.CheckConstraint(
                name="a_drop_in_is_ended_by_someone",
                condition=Q(ended_at__isnull=True, ended_by="") | (Q(ended_at__gte=F("came_at")) & ~Q(ended_by="")),
            ),
        )
        indexes = (models.Index(name="drop_in_by_time", fields=["clinic", "came_at"]),)


class AppointmentEvent(models.Model):
    """
    What was said of an appointment, in order. Append-only: a correction stands beside what it corrects (`corrects`), with its reason.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="events")
    from_state = models.CharField(max_length=19, blank=True)
    to_state = models.CharField(max_length=19)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    role = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, blank=True)
