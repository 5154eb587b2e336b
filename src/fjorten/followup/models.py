"""
The case after a missed consultation: what opened it, what is done and by whom, what waits, and how a person ended it.

An open case always has a next step, an owner, a deputy and a deadline: the columns are never null (L4).
"""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from fjorten.followup.ladder import Track
from fjorten.organisation.models import Employee, Municipality
from fjorten.people.models import Person
from fjorten.plans.models import PlannedStep


class Trigger(models.TextChoices):
    """The fact that opened a case."""

    MISSED = "missed", "ingen kom"
    PUT_OFF_IN_SERIES = "put_off_in_series", "utsatt gang på gang"
    WINDOW_PASSED = "window_passed", "tidsrommet er over"
    NOTHING_BOOKED = "nothing_booked", "ingen time 14 dager før tidsrommet er over"
    LETTER_RETURNED = "letter_returned", "brev kom i retur"
    NUMBER_DEAD = "number_dead", "telefonnummeret virker ikke"
    BY_HAND = "by_hand", "åpnet av en ansatt"


class CaseQuerySet(models.QuerySet["Case"]):
    """Sentences about cases."""

    def still_open(self) -> Self:
        """Keep those nobody has closed."""
        return self.filter(closed_at__isnull=True)

    def of(self, municipality: Municipality) -> Self:
        """Keep one municipality's cases."""
        return self.filter(municipality=municipality)

    def open_on(self, day: date) -> Self:
        """Keep those that had been opened by a day, and not closed by its end."""
        return self.filter(opened_on__lte=day).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))


class Case(models.Model):
    """
    What is done about one child and one planned step. At most one is open per step.

    `trigger_key` is the fact that opened it ("appointment:12"), so that one fact opens one case however often it is seen. `ladder` is the
    version whose codes `next_step` and the events use. `starts_with` is the first step of a case that does not begin at the bottom. A
    paused case waits until `paused_until`, and goes on by itself then; it is not closed.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    planned_step = models.ForeignKey(PlannedStep, on_delete=models.PROTECT, related_name="cases")
    trigger = models.CharField(max_length=20, choices=Trigger.choices)
    trigger_key = models.CharField(max_length=60)
    ladder = models.CharField(max_length=80)
    track = models.CharField(max_length=8, choices=[(track.value, track.value) for track in Track])
    starts_with = models.CharField(max_length=40, blank=True)
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150)
    next_step = models.CharField(max_length=40)
    owner = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="cases")
    deputy = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="deputy_cases")
    due_on = models.DateField()
    paused_until = models.DateField(null=True, blank=True)
    pause_reason = models.CharField(max_length=60, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=150, blank=True)
    closing = models.CharField(max_length=60, blank=True)
    closing_note = models.CharField(max_length=500, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_open_case_per_planned_step", fields=["planned_step"], condition=Q(closed_at__isnull=True)),
            models.UniqueConstraint(name="one_case_per_fact", fields=["planned_step", "trigger", "trigger_key"]),
            models.CheckConstraint(name="an_open_case_has_a_next_step", condition=~Q(next_step="")),
            models.CheckConstraint(
                name="a_case_is_closed_by_someone_with_a_reason",
                condition=Q(closed_at__isnull=True, closed_on__isnull=True, closed_by="", closing="")
                | (Q(closed_at__isnull=False, closed_on__isnull=False) & ~Q(closed_by="") & ~Q(closing="")),
            ),
            models.CheckConstraint(
                name="a_paused_case_says_why",
                condition=Q(paused_until__isnull=True, pause_reason="") | (Q(paused_until__isnull=False) & ~Q(pause_reason="")),
            ),
        )
        indexes = (
            models.Index(name="case_by_owner", fields=["municipality", "closed_at", "owner", "due_on"]),
            models.Index(name="case_of_person", fields=["person", "opened_on"]),
        )


class CaseEvent(models.Model):
    """
    Something done in a case, or decided about it: append-only, and part of the child's journal (pasientjournalforskriften § 8 [unverified
    number]).

    `what` is opened, step, reassigned, paused, resumed, reopened, closed, or corrected. For a step: how the family was reached (`how`), in
    which language and with what interpreter, the outcome, and the family's reason when there was one.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=12)
    step = models.CharField(max_length=40, blank=True)
    done_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()
    how = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=8, blank=True)
    interpreter = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=2000, blank=True)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by")


class Flag(models.Model):
    """A person's word that a child is to be followed on the fast track, with a reason and until a day."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="flags")
    reason = models.CharField(max_length=500)
    from_on = models.DateField()
    until_on = models.DateField()
    flagged_at = models.DateTimeField()
    flagged_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="a_flag_has_a_reason_and_someone_who_gave_it", condition=~Q(reason="") & ~Q(flagged_by="")),
            models.CheckConstraint(name="a_flag_has_days", condition=Q(until_on__gt=F("from_on"))),
        )


class Assessment(models.Model):
    """
    One named professional's individual assessment of whether there is a duty to report to child welfare (hpl § 33, bvl § 13-2 [source]).

    Kept also when the answer is no. `criteria` are the letters (a-e) the professional found met. Nothing computes it and no timer asks for
    it; no message ever mentions it.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assessments")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="assessments")
    assessed_by = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="assessments")
    assessed_on = models.DateField()
    recorded_at = models.DateTimeField()
    duty_to_report = models.BooleanField()
    criteria = models.JSONField(default=list)
    grounds = models.CharField(max_length=4000)
    report_sent_at = models.DateTimeField(null=True, blank=True)
    report_sent_by = models.CharField(max_length=150, blank=True)
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by")

    class Meta:
        constraints = (
            models.CheckConstraint(name="an_assessment_has_grounds", condition=~Q(grounds="")),
            models.CheckConstraint(
                name="only_a_duty_to_report_is_reported", condition=Q(report_sent_at__isnull=True) | Q(duty_to_report=True)
            ),
        )


class OwedAnswer(models.Model):
    """An answer child welfare owes whoever reported: the receipt, and the word after an investigation (bvl § 13-3 [source])."""

    class What(models.TextChoices):
        RECEIPT = "receipt", "tilbakemelding om meldingen er mottatt, og om det undersøkes"
        AFTER_INVESTIGATION = "after_investigation", "tilbakemelding etter undersøkelsen"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="owed_answers")
    what = models.CharField(max_length=20, choices=What.choices)
    owner = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="owed_answers")
    due_on = models.DateField()
    received_on = models.DateField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.CharField(max_length=150, blank=True)
    content = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="each_answer_is_owed_once", fields=["assessment", "what"]),)
