"""
Enrolments, planned steps and their history, and the signed reasons for standing outside.

A step's settled state (done, done elsewhere, declined, waived) is stored with who, when and why. Whether it is due or overdue is computed
from its window when it is read, and stands nowhere.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q

from fjorten.organisation.models import Clinic, Municipality
from fjorten.people.models import Person
from fjorten.programme.status import SETTLED, Status

SETTLED_VALUES = sorted(state.value for state in SETTLED)


class ProgrammeOverlay(models.Model):
    """A municipality's own decision on top of the national programme, as it was read. Kept for good: old plans refer to it."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="programme_overlays")
    suffix = models.CharField(max_length=60)
    content = models.JSONField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=150)

    class Meta:
        constraints = (models.UniqueConstraint(name="one_overlay_per_suffix", fields=["municipality", "suffix"]),)


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Sentences about enrolments."""

    def of(self, municipality: Municipality) -> Self:
        """Keep one municipality's enrolments."""
        return self.filter(municipality=municipality)

    def still_open(self) -> Self:
        """Keep those nobody has ended."""
        return self.filter(ended_at__isnull=True)


class Enrolment(models.Model):
    """A child follows a programme here, from a day on, until a person ends it with a reason."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="enrolments")
    programme_version = models.CharField(max_length=120)
    planned_from_born_on = models.DateField()
    enrolled_on = models.DateField()
    enrolled_at = models.DateTimeField()
    enrolled_by = models.CharField(max_length=150)
    reason = models.CharField(max_length=500)
    catch_up_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=150, null=True, blank=True)
    ended_reason = models.CharField(max_length=500, null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_open_enrolment_per_person", fields=["person"], condition=Q(ended_at__isnull=True)),
            models.CheckConstraint(name="an_enrolment_has_a_reason_and_someone_who_gave_it", condition=~Q(enrolled_by="") & ~Q(reason="")),
            models.CheckConstraint(
                name="an_enrolment_does_not_end_before_it_starts",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("enrolled_on")),
            ),
            models.CheckConstraint(
                name="an_enrolment_is_ended_by_someone_with_a_reason",
                condition=Q(ended_on__isnull=True, ended_at__isnull=True, ended_by__isnull=True, ended_reason__isnull=True)
                | (
                    Q(ended_on__isnull=False, ended_at__isnull=False, ended_by__isnull=False, ended_reason__isnull=False)
                    & ~Q(ended_by="")
                    & ~Q(ended_reason="")
                ),
            ),
        )


class PlannedStep(models.Model):
    """
    One step of the programme for one enrolled child: window `[window_from, window_until)`, target day, and how it was settled, if it was.

    Exactly one row per enrolment and step (L2).
    """

    class Basis(models.TextChoices):
        PROGRAMME = "programme", "programmet"
        CATCH_UP = "catch_up", "innhentingsplan"

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=24)
    position = models.PositiveSmallIntegerField()
    target_on = models.DateField()
    window_from = models.DateField()
    window_until = models.DateField()
    basis = models.CharField(max_length=9, choices=Basis.choices, default=Basis.PROGRAMME)
    outcome = models.CharField(max_length=14, null=True, blank=True)
    outcome_on = models.DateField(null=True, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    outcome_by = models.CharField(max_length=150, null=True, blank=True)
    outcome_reason = models.CharField(max_length=500, null=True, blank=True)
    is_confirmed = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_row_per_enrolment_and_step", fields=["enrolment", "step"]),
            models.CheckConstraint(name="a_window_ends_after_it_starts", condition=Q(window_until__gt=F("window_from"))),
            models.CheckConstraint(
                name="a_step_is_settled_by_someone_with_a_reason",
                condition=Q(
                    outcome__isnull=True,
                    outcome_on__isnull=True,
                    outcome_at__isnull=True,
                    outcome_by__isnull=True,
                    outcome_reason__isnull=True,
                )
                | (
                    Q(
                        outcome__isnull=False,  # said apart: a comparison with null is null, and null breaks no constraint
                        outcome__in=SETTLED_VALUES,
                        outcome_on__isnull=False,
                        outcome_at__isnull=False,
                        outcome_by__isnull=False,
                        outcome_reason__isnull=False,
                    )
                    & ~Q(outcome_by="")
                ),
            ),
            models.CheckConstraint(
                name="only_what_was_done_elsewhere_waits_for_confirmation",
                condition=Q(is_confirmed__isnull=True, outcome__isnull=True)
                | Q(is_confirmed__isnull=True) & ~Q(outcome=Status.DONE_ELSEWHERE.value)
                | Q(is_confirmed__isnull=False, outcome__isnull=False, outcome=Status.DONE_ELSEWHERE.value),
            ),
        )
        indexes = (
            models.Index(name="planned_step_worklist", fields=["municipality", "outcome", "window_until", "id"]),
            # The worklist is walked in this order. PostgreSQL takes no order from an index whose column before it is only known to be null.
            models.Index(name="planned_step_unsettled", fields=["municipality", "window_until", "id"], condition=Q(outcome__isnull=True)),
        )


class StepEvent(models.Model):
    """What happened to a planned step, in order: planned, re-planned, settled, re-opened. Append-only; who and why stay readable."""

    class What(models.TextChoices):
        PLANNED = "planned", "planlagt"
        REPLANNED = "replanned", "planlagt på nytt"
        SETTLED = "settled", "avgjort"
        REOPENED = "reopened", "åpnet igjen"

    planned_step = models.ForeignKey(PlannedStep, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=9, choices=What.choices)
    outcome = models.CharField(max_length=14, null=True, blank=True)
    outcome_on = models.DateField(null=True, blank=True)
    is_confirmed = models.BooleanField(null=True, blank=True)
    window_from = models.DateField()
    window_until = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    reason = models.CharField(max_length=500, blank=True)


class StandingDecision(models.Model):
    """
    A person's dated and signed decision that a resident child is outside the programme, or that the journal is in transfer.

    Holds `[from_on, until_on)`; an open end means until someone ends it.
    """

    class Standing(models.TextChoices):
        OUTSIDE = "outside", "utenfor med begrunnelse"
        IN_TRANSFER = "in_transfer", "under overføring"

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="standing_decisions")
    standing = models.CharField(max_length=11, choices=Standing.choices)
    reason = models.CharField(max_length=500)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=150)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_open_standing_decision_per_person", fields=["person"], condition=Q(until_on__isnull=True)),
            models.CheckConstraint(name="standing_is_known", condition=Q(standing__in=["outside", "in_transfer"])),
            models.CheckConstraint(name="a_standing_decision_is_signed", condition=~Q(decided_by="") & ~Q(reason="")),
            models.CheckConstraint(
                name="a_standing_decision_does_not_end_before_it_starts",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
            ),
        )
