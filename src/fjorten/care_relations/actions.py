"""What a leader gives, an emergency opens and a family blocks; and the verdicts of those who look at it afterwards."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from fjorten.access.models import User
from fjorten.access.queries import Staff
from fjorten.audit.actor import Actor
from fjorten.audit.trail import Detail, record
from fjorten.care_relations.models import (
    NOTE,
    REASON,
    SHORTEST_REASON,
    AccessReview,
    Authorisation,
    Blocked,
    Emergency,
    NamedForProtected,
    ReasonOfEmergency,
    ReviewVerdict,
)
from fjorten.care_relations.odd_looks import OddLooks
from fjorten.care_relations.relations import may_open_child
from fjorten.care_relations.reviewers import refuse_own_review
from fjorten.kernel.refusals import Refused
from fjorten.kernel.spoken import spoken
from fjorten.kernel.writing import must_fit
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person
from fjorten.plans.reasons import ReasonIsMissing

EMERGENCY_LASTS: Final = timedelta(minutes=60)  # [default]
LONGEST_AUTHORISATION: Final = timedelta(days=92)  # three months, then the leader looks at it anew [default]


class AccountIsElsewhere(Refused):
    """The account and the child belong to different municipalities, or the account is closed."""

    sentence = "Kontoen er stengt, eller den hører til en annen kommune enn barnet."


class NotForOneself(Refused):
    """Somebody tried to give, name, unblock or approve for themselves."""

    sentence = "Dette kan du ikke gjøre for deg selv. Be en leder eller kollega."


class AuthorisationHasNoDays(Refused):
    """An authorisation ends after it is given, and within three months."""

    sentence = "Tilgangen må slutte en dag fram i tid, og senest om tre måneder. Da kan den gis på nytt."


@transaction.atomic
def authorise(*, user: User, person: Person, until_at: datetime, reason: str, by: Actor, at: datetime) -> Authorisation:
    """
    Let somebody open one child's record from now until an instant, at most three months away.

    It opens neither a child with address protection they are not named for, nor one of their own family, nor one they are blocked from.
    Raises ReasonIsMissing, TextIsTooLong, AccountIsElsewhere, NotForOneself or AuthorisationHasNoDays.
    """
    _refuse_reason(reason)
    _refuse_account(user, person)
    if by.who == user.who:
        raise NotForOneself(user.pk)
    if not at < until_at <= at + LONGEST_AUTHORISATION:
        raise AuthorisationHasNoDays(person.pk)
    given = Authorisation.objects.create(user=user, person=person, from_at=at, until_at=until_at, reason=reason, given_by=by.who)
    _record("authorisation.given", person, user, by=by, at=at, reason=reason, until_at=until_at.isoformat())
    return given


class AuthorisationHasEnded(Refused):
    """Its days are over, or somebody withdrew it first."""

    sentence = "Tilgangen er allerede over."


@transaction.atomic
def withdraw_authorisation(*, authorisation: Authorisation, by: Actor, at: datetime) -> None:
    """End an authorisation before its time. Raises AuthorisationHasEnded."""
    running = Authorisation.objects.filter(pk=authorisation.pk, withdrawn_at__isnull=True, until_at__gt=at)
    if not running.update(until_at=at, withdrawn_at=at, withdrawn_by=by.who):
        raise AuthorisationHasEnded(authorisation.pk)
    _record("authorisation.withdrawn", authorisation.person, authorisation.user, by=by, at=at)


class CannotBreakGlass(Refused):
    """The record is open to them already, or an emergency does not open it: another's child, a protected one, their own family."""

    sentence = "Journalen kan ikke nødåpnes. Enten har du tilgang allerede, eller så er dette et barn nødåpning ikke gjelder for."


class EmergencySaysTooLittle(Refused):
    """An emergency is explained in words, besides its code."""

    sentence = f"Skriv med minst {SHORTEST_REASON} tegn hvorfor du må se journalen nå. Lederen leser det etterpå."


@transaction.atomic
def break_glass(*, staff: Staff, person: Person, code: ReasonOfEmergency, reason: str, by: Actor, at: datetime) -> Emergency:
    """
    Open one child's record to somebody for an hour, for weighty reasons (pbrl § 5-3 [source]); somebody else reviews it afterwards.

    Only what `policies.may_open` says may be broken open. Raises CannotBreakGlass, EmergencySaysTooLittle or TextIsTooLong.
    """
    explained = " ".join(reason.split())
    if len(explained) < SHORTEST_REASON:
        raise EmergencySaysTooLittle
    must_fit(spoken("begrunnelsen"), explained, most=REASON)
    if by.who != staff.who or not may_open_child(person, staff=staff, at=at).may_break_glass:
        raise CannotBreakGlass(person.pk)
    opened = Emergency.objects.create(
        user_id=staff.user, person=person, code=code.value, reason=explained, opened_at=at, until_at=at + EMERGENCY_LASTS
    )
    record(
        "emergency.opened",
        municipality=staff.municipality.code,
        about=str(person.public_id),
        by=by,
        at=at,
        detail={"account": staff.login, "code": code.value, "until_at": opened.until_at.isoformat()},
        reason=explained,
    )
    return opened


class EmergencyIsReviewed(Refused):
    """Somebody gave a verdict first."""

    sentence = "Nødåpningen er allerede gjennomgått."


@transaction.atomic
def review_emergency(*, emergency: Emergency, verdict: ReviewVerdict, note: str, by: Actor, at: datetime) -> None:
    """
    Close the review of an emergency with a verdict and a note.

    Raises ReasonIsMissing, TextIsTooLong, OwnLooks, OwnFamily or EmergencyIsReviewed.
    """
    _refuse_reason(note, most=NOTE)
    person = emergency.person
    refuse_own_review(who=emergency.user.who, about=str(person.public_id), reviewer=by.who, municipality=person.municipality)
    waiting = Emergency.objects.to_review().filter(pk=emergency.pk)
    if not waiting.update(verdict=verdict.value, note=note, reviewed_by=by.who, reviewed_at=at):
        raise EmergencyIsReviewed(emergency.pk)
    _record("emergency.reviewed", emergency.person, emergency.user, by=by, at=at, reason=note, verdict=verdict.value)


class ChildIsNotProtected(Refused):
    """Only for a child with address protection is somebody named."""

    sentence = "Barnet har ikke adressesperre, så ingen trenger å navngis."


class IsNamedAlready(Refused):
    """They are named for the child."""

    sentence = "Kontoen er allerede navngitt for barnet."


@transaction.atomic
def name_for_protected(*, user: User, person: Person, reason: str, by: Actor, at: datetime) -> NamedForProtected:
    """
    Name somebody to follow a child with address protection. What binds them to the child besides is asked as of any other.

    Raises ReasonIsMissing, TextIsTooLong, AccountIsElsewhere, NotForOneself, ChildIsNotProtected or IsNamedAlready.
    """
    _refuse_reason(reason)
    _refuse_account(user, person)
    if by.who == user.who:
        raise NotForOneself(user.pk)
    if not person.is_protected:
        raise ChildIsNotProtected(person.pk)
    if NamedForProtected.objects.filter(user=user, person=person, until_at__isnull=True).exists():
        raise IsNamedAlready(user.pk)
    named = NamedForProtected.objects.create(user=user, person=person, from_at=at, reason=reason, named_by=by.who)
    _record("protected_child.named_for", person, user, by=by, at=at, reason=reason)
    return named


class NamingHasEnded(Refused):
    """Somebody ended it first."""

    sentence = "Navngivingen er allerede avsluttet."


@transaction.atomic
def unname(*, named: NamedForProtected, by: Actor, at: datetime) -> None:
    """End that somebody is named for a protected child. Raises NamingHasEnded."""
    if not NamedForProtected.objects.filter(pk=named.pk, until_at__isnull=True).update(until_at=at, ended_by=by.who):
        raise NamingHasEnded(named.pk)
    _record("protected_child.unnamed", named.person, named.user, by=by, at=at)


class IsBlockedAlready(Refused):
    """The family has blocked them already."""

    sentence = "Familien har allerede reservert seg mot denne kontoen."


@transaction.atomic
def block(*, user: User, person: Person, source: str, by: Actor, at: datetime) -> Blocked:
    """
    Record that the family objects to somebody seeing the child's journal (pjl § 17 [source]); `source` is who said so, and how.

    Raises ReasonIsMissing, TextIsTooLong, AccountIsElsewhere or IsBlockedAlready.
    """
    _refuse_reason(source)
    _refuse_account(user, person)
    if Blocked.objects.filter(user=user, person=person, until_at__isnull=True).exists():
        raise IsBlockedAlready(user.pk)
    blocked = Blocked.objects.create(user=user, person=person, from_at=at, source=source, recorded_by=by.who)
    _record("journal.blocked", person, user, by=by, at=at, reason=source)
    return blocked


class BlockHasEnded(Refused):
    """Somebody ended it first."""

    sentence = "Reservasjonen er allerede opphevet."


@transaction.atomic
def unblock(*, blocked: Blocked, source: str, by: Actor, at: datetime) -> None:
    """
    Record that the family objects no more, by what `source`; never by the one who was blocked.

    Raises ReasonIsMissing, TextIsTooLong, NotForOneself or BlockHasEnded.
    """
    _refuse_reason(source)
    if by.who == blocked.user.who:
        raise NotForOneself(blocked.pk)
    if not Blocked.objects.filter(pk=blocked.pk, until_at__isnull=True).update(until_at=at, ended_by=by.who, ended_source=source):
        raise BlockHasEnded(blocked.pk)
    _record("journal.unblocked", blocked.person, blocked.user, by=by, at=at, reason=source)


@transaction.atomic
def close_access_review(
    *, municipality: Municipality, odd: OddLooks, verdict: ReviewVerdict, note: str, by: Actor, at: datetime
) -> AccessReview:
    """
    Give a verdict on what somebody looked at on a day that was odd, as far as the reviewer has seen it.

    Raises ReasonIsMissing, TextIsTooLong, OwnLooks or OwnFamily.
    """
    _refuse_reason(note, most=NOTE)
    refuse_own_review(who=odd.who, about=odd.about, reviewer=by.who, municipality=municipality)
    review = AccessReview.objects.create(
        municipality=municipality,
        who=odd.who,
        about=odd.about,
        on=odd.on,
        up_to=odd.up_to,
        kinds=[kind.value for kind in odd.kinds],
        verdict=verdict.value,
        note=note,
        reviewed_by=by.who,
        reviewed_at=at,
    )
    detail: Detail = {"of": odd.who, "on": odd.on.isoformat(), "up_to": odd.up_to, "verdict": verdict.value}
    record("access.reviewed", municipality=municipality.code, about=odd.about, by=by, at=at, detail=detail, reason=note)
    return review


def _refuse_reason(reason: str, *, most: int = REASON) -> None:
    if not reason.strip():
        raise ReasonIsMissing
    must_fit(spoken("begrunnelsen"), reason, most=most)


def _refuse_account(user: User, person: Person) -> None:
    if not User.objects.filter(pk=user.pk, municipality=person.municipality_id, is_active=True).exists():
        raise AccountIsElsewhere(user.pk)


def _record(
    action: str, person: Person, user: User, *, by: Actor, at: datetime, reason: str = "", **detail: str | int | bool | None
) -> None:
    told: Detail = {"account": user.login, **detail}
    record(action, municipality=person.municipality.code, about=str(person.public_id), by=by, at=at, detail=told, reason=reason)
