"""
The case after a missed consultation: what opened it, what is done and by whom, what waits, and how a person ended it.

An open case always has a next step, an owner, a deputy and a deadline: the columns are never null (L4).
"""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest

from fjorten.followup.ladder import Track
from fjorten.followup.triggers import Trigger
from fjorten.organisation.models import Employee, Municipality
from fjorten.people.models import Person
from fjorten.plans.models import PlannedStep


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

    def awake_on(self, day: date) -> Self:
        """Leave out those that are paused until a later day."""
        return self.filter(Q(paused_until__isnull=True) | Q(paused_until__lte=day))

    def paused_on(self, day: date) -> Self:
        """Keep those that are paused until a later day."""
        return self.filter(paused_until__gt=day)

    def watched(self) -> Self:
        """Keep those that are closed with an eye kept on them, which nobody has ended."""
        return self.filter(closed_at__isnull=False, watch_on__isnull=False, watch_ended_at__isnull=True)


class Case(models.Model):
    """
    What is done about one child and one planned step. At most one is open per step.

    `trigger_key` is the fact that opened it ("appointment:12") and `fact_on` its day; later facts about it are `CaseFact`s. `ladder` is the
    version whose codes `next_step` and the events use. Days of the ladder are counted from `counts_from`, beginning with `starts_with` in
    a case that does not begin at the bottom. A paused case waits until `paused_until`, and goes on by itself then; it is not closed. One
    that is closed with an eye kept on it is looked at again `watch_on`, until a person ends the watch. `changes` counts what has been done
    to it, so that nobody overwrites what they have not seen.
    """

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cases")
    planned_step = models.ForeignKey(PlannedStep, on_delete=models.PROTECT, related_name="cases")
    trigger = models.CharField(max_length=20, choices=[(trigger.value, trigger.words) for trigger in Trigger])
    trigger_key = models.CharField(max_length=60)
    fact_on = models.DateField()
    ladder = models.CharField(max_length=80)
    track = models.CharField(max_length=8, choices=[(track.value, track.value) for track in Track])
    starts_with = models.CharField(max_length=40, blank=True)
    counts_from = models.DateField()
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
    watch_on = models.DateField(null=True, blank=True)
    watch_ended_at = models.DateTimeField(null=True, blank=True)
    watch_ended_by = models.CharField(max_length=150, blank=True)
    changes = models.PositiveIntegerField(default=0)

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
            models.CheckConstraint(name="only_a_closed_case_is_watched", condition=Q(watch_on__isnull=True) | Q(closed_at__isnull=False)),
            models.CheckConstraint(
                name="a_watch_is_ended_by_someone",
                condition=Q(watch_ended_at__isnull=True, watch_ended_by="")
                | (Q(watch_ended_at__isnull=False, watch_on__isnull=False) & ~Q(watch_ended_by="")),
            ),
        )
        indexes = (
            models.Index(name="case_by_owner", fields=["municipality", "closed_at", "owner", "due_on"]),
            models.Index(name="case_of_person", fields=["person", "opened_on"]),
            # The worklist is walked along it: by the deadline, or the day a pause ends when that comes later (`ledger.worklist`).
            models.Index(
                "municipality",
                Greatest("due_on", Coalesce("paused_until", "due_on")),
                name="open_case_by_deadline",
                condition=Q(closed_at__isnull=True),
            ),
        )


class CaseFact(models.Model):
    """
    A fact a case is about: the one that opened it, or one that came while it was open. Append-only.

    A fact belongs to one case for good. That is how a case a person has closed stays closed, and how a run that comes twice does nothing.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="facts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="case_facts")
    trigger = models.CharField(max_length=20, choices=[(trigger.value, trigger.words) for trigger in Trigger])
    key = models.CharField(max_length=60)
    since = models.DateField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="one_case_for_each_fact", fields=["person", "trigger", "key"]),)


class CaseEvent(models.Model):
    """
    Something done in a case, or decided about it: append-only, and part of the child's journal (pasientjournalforskriften § 8 [unverified
    number]).

    For a step: how the family was reached (`how`), in which language and with what interpreter, the outcome, and the family's reason when
    there was one. For a pause or a closing, `reason` is its code. `next_step`, `owner` and `due_on` are what the case waited for after it.
    """

    class What(models.TextChoices):
        OPENED = "opened", "åpnet"
        STEP = "step", "steg"
        MOVED = "moved", "flyttet på stigen"
        REASSIGNED = "reassigned", "ny eier"
        PAUSED = "paused", "satt på vent"
        RESUMED = "resumed", "tatt opp igjen"
        CLOSED = "closed", "lukket"
        REOPENED = "reopened", "åpnet igjen"
        WATCHED = "watched", "følges videre"
        WATCH_ENDED = "watch_ended", "følges ikke lenger"
        CORRECTED = "corrected", "rettet"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=12, choices=What.choices)
    step = models.CharField(max_length=40, blank=True)
    done_at = models.DateTimeField()
    by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()
    how = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=8, blank=True)
    interpreter = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=2000, blank=True)
    next_step = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(Employee, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    corrects = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by")

    class Meta:
        indexes = (models.Index(name="event_of_case", fields=["case", "id"]),)


class FlagQuerySet(models.QuerySet["Flag"]):
    """Sentences about flags."""

    def on(self, day: date) -> Self:
        """Keep those that hold on a day."""
        return self.filter(ended_at__isnull=True, from_on__lte=day, until_on__gt=day)


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

    objects = FlagQuerySet.as_manager()

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
    corrects = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by")

    class Meta:
        constraints = (
            models.CheckConstraint(name="an_assessment_has_grounds", condition=~Q(grounds="")),
            models.CheckConstraint(
                name="only_a_duty_to_report_is_reported", condition=Q(report_sent_at__isnull=True) | Q(duty_to_report=True)
            ),
        )


class OwedAnswerQuerySet(models.QuerySet["OwedAnswer"]):
    """Sentences about answers."""

    def outstanding(self) -> Self:
        """Keep those that have not come and are still owed."""
        return self.filter(received_on__isnull=True, not_owed_on__isnull=True)


class OwedAnswer(models.Model):
    """
    An answer child welfare owes whoever reported: the receipt, and the word after an investigation (bvl § 13-3 [source]).

    `not_owed_on`: the receipt said that nothing is investigated, so there is no later word to wait for.
    """

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
    not_owed_on = models.DateField(null=True, blank=True)

    objects = OwedAnswerQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="each_answer_is_owed_once", fields=["assessment", "what"]),
            models.CheckConstraint(
                name="an_answer_is_received_or_not_owed", condition=Q(received_on__isnull=True) | Q(not_owed_on__isnull=True)
            ),
        )
        indexes = (models.Index(name="answer_by_day", fields=["received_on", "not_owed_on", "due_on"]),)


class LadderOverlay(models.Model):
    """A municipality's own days and words on top of the ladder, as they were read. Kept for good: cases refer to the ladder they make."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="ladder_overlays")
    reference = models.CharField(max_length=80)
    valid_from = models.DateField()
    content = models.JSONField()
    decided_by = models.TextField(blank=True)  # as the decision says it: who, and in which case; "" in those adopted before it was kept
    why = models.TextField(blank=True)
    adopted_at = models.DateTimeField()
    adopted_by = models.CharField(max_length=150)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_ladder_per_reference", fields=["municipality", "reference"]),
            models.UniqueConstraint(name="one_ladder_from_a_day", fields=["municipality", "valid_from"]),
        )
