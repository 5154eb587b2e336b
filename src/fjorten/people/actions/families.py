"""Changes to what we know of families ourselves: who is reached and how, who cares for a child now, what suits, who is left in peace."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time

from django.db import IntegrityError, transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.national_id import NationalId
from fjorten.kernel.refusals import Refused
from fjorten.kernel.telephones import read_telephone
from fjorten.kernel.writing import must_fit, read_email
from fjorten.organisation.models import Municipality
from fjorten.people.models import Adult, ContactPause, ContactPoint, Person, Placement, PostalAddress, Wish
from fjorten.people.models.family import (
    ADDRESS_LINES,
    ADDRESS_SOURCE,
    ADULT_NAME,
    LANGUAGE_CODE,
    PAUSE_REASON,
    PLACE,
    PLACEMENT_SOURCE,
    POSTAL_CODE,
)

LONGEST_PAUSE_DAYS = 183  # half a year [default]; a family that is to be left alone longer is asked again


class AdultIsProtected(Refused):
    """No address is kept of somebody whose address is protected."""

    sentence = "Personen har adressesperre. Adressen skal ikke stå her; brev går for hånd gjennom det navngitte teamet."


class ContactPointIsEmpty(Refused):
    """There is nothing to reach anybody by in an empty field."""

    sentence = "Skriv telefonnummeret eller e-postadressen. Skal den gamle bare fjernes, velg å avslutte den."


class SourceIsMissing(Refused):
    """A fact about who cares for a child counts only with where it came from."""

    sentence = "Skriv hvor opplysningen kommer fra, for eksempel hvem som ringte og når."


class ChildIsPlacedAlready(Refused):
    """One placement at a time."""

    sentence = "Det er alt ført hvem som har omsorgen for barnet nå. Avslutt det først."


class NoPlacementToEnd(Refused):
    """Nobody but the guardians is noted as caring for the child."""

    sentence = "Det er ikke ført at andre enn foreldrene har omsorgen for barnet nå."


class PauseHasNoReason(Refused):
    """Whoever leaves a family in peace says why."""

    sentence = "Skriv hvorfor familien ikke skal ha meldinger nå."


class PauseIsTooLong(Refused):
    """A pause ends within half a year, and after today."""

    sentence = "En pause må slutte etter i dag og innen et halvt år. Er det fortsatt grunn til den da, kan den føres på nytt."


class NoPauseToEnd(Refused):
    """The family gets messages as it is."""

    sentence = "Familien har ingen pause nå."


class WishIsContradictory(Refused):
    """Wishes that no time can meet."""

    sentence = "Ønskene kan ikke møtes: det må være minst én hverdag og minst en halv time igjen."


@transaction.atomic
def record_adult(
    *,
    municipality: Municipality,
    number: NationalId | None = None,
    name: str = "",
    language: str = "",
    needs_interpreter: bool = False,
    by: Actor,
    at: datetime,
) -> Adult:
    """
    Note somebody who may be told about a child; somebody known by the same number is corrected instead.

    `language` is a code (ISO 639), "" when it is not known. A blank name or language leaves what is known. Raises TextIsTooLong.
    """
    must_fit("navnet", name, most=ADULT_NAME)
    must_fit("språkkoden", language, most=LANGUAGE_CODE)
    adults = Adult.objects.select_for_update(no_key=True).filter(municipality=municipality)
    known = None if number is None else adults.filter(number=number.digits).first()
    adult = known or Adult(municipality=municipality, number="" if number is None else number.digits)
    adult.name, adult.language = name or adult.name, language or adult.language
    adult.needs_interpreter, adult.recorded_at, adult.recorded_by = needs_interpreter, at, by.who
    adult.save()
    _record("adult.recorded", adult, by=by, at=at, language=adult.language)
    return adult


@transaction.atomic
def record_contact_point(
    *,
    adult: Adult,
    kind: ContactPoint.Kind,
    value: str,
    source: ContactPoint.Source,
    updated_on: date | None = None,
    verified_on: date | None = None,
    by: Actor,
    at: datetime,
) -> ContactPoint:
    """
    Note how an adult is reached; what was used before is kept as ended. The same value again only brings its dates up to date.

    A value that was found dead and is told anew is in use again. A telephone number may be written as people write it. Raises
    ContactPointIsEmpty, TelephoneNumberIsInvalid, EmailIsInvalid or TextIsTooLong.
    """
    value = value.strip()
    if not value:
        raise ContactPointIsEmpty
    value = read_telephone(value).e164 if kind == ContactPoint.Kind.TELEPHONE else read_email(value)
    in_use = ContactPoint.objects.select_for_update(no_key=True).filter(adult=adult, kind=kind, ended_at__isnull=True)
    same = in_use.filter(value=value, failed_on__isnull=True).first()
    if same is not None:
        ContactPoint.objects.filter(pk=same.pk).update(
            updated_on=updated_on or same.updated_on, verified_on=verified_on or same.verified_on
        )
        return same
    in_use.update(ended_at=at)
    point = ContactPoint.objects.create(
        adult=adult,
        kind=kind,
        value=value,
        source=source,
        updated_on=updated_on,
        verified_on=verified_on,
        recorded_at=at,
        recorded_by=by.who,
    )
    _record("contact_point.recorded", adult, by=by, at=at, kind=kind.value, source=source.value)
    return point


@transaction.atomic
def mark_contact_point_dead(*, contact_point: ContactPoint, on: date, reason: str, by: Actor, at: datetime) -> None:
    """Note that nothing gets through any more; saying it again changes nothing. `reason` is the carrier's or the caller's word."""
    alive = ContactPoint.objects.filter(pk=contact_point.pk, failed_on__isnull=True)
    if alive.update(failed_on=on, failed_reason=reason[:200]):
        _record("contact_point.dead", contact_point.adult, by=by, at=at, kind=contact_point.kind)


@transaction.atomic
def record_address(
    *, adult: Adult, lines: Sequence[str], postal_code: str, place: str, country: str = "NO", source: str, by: Actor, at: datetime
) -> None:
    """Note where letters go; a new address is not a returned one. Raises AdultIsProtected, ContactPointIsEmpty or TextIsTooLong."""
    if adult.is_protected:
        raise AdultIsProtected(adult.pk)
    written = [line.strip() for line in lines if line.strip()]
    if not written and not place.strip():
        raise ContactPointIsEmpty
    must_fit("adressen", "\n".join(written), most=ADDRESS_LINES)
    must_fit("postnummeret", postal_code.strip(), most=POSTAL_CODE)
    must_fit("poststedet", place.strip(), most=PLACE)
    must_fit("landkoden", country, most=2)
    must_fit("kilden", source, most=ADDRESS_SOURCE)
    PostalAddress.objects.update_or_create(
        adult=adult,
        defaults={
            "lines": "\n".join(written),
            "postal_code": postal_code.strip(),
            "place": place.strip(),
            "country": country,
            "source": source,
            "recorded_at": at,
            "returned_on": None,
        },
    )
    _record("address.recorded", adult, by=by, at=at, source=source)


@transaction.atomic
def mark_letter_returned(*, adult: Adult, on: date, by: Actor, at: datetime) -> None:
    """Note that a letter came back, so that no more go there; saying it again changes nothing."""
    if PostalAddress.objects.filter(adult=adult, returned_on__isnull=True).update(returned_on=on):
        _record("address.letter_returned", adult, by=by, at=at)


@transaction.atomic
def mark_adult_dead(*, adult: Adult, by: Actor, at: datetime) -> None:
    """Note that an adult is dead: nothing is sent to them from now on."""
    if Adult.objects.filter(pk=adult.pk, is_dead=False).update(is_dead=True):
        PostalAddress.objects.filter(adult=adult).delete()
        _record("adult.dead", adult, by=by, at=at)


@transaction.atomic
def protect_adult(*, adult: Adult, by: Actor, at: datetime) -> None:
    """Note that an adult's address is protected, and take away what is held of it in the same transaction."""
    Adult.objects.filter(pk=adult.pk).update(is_protected=True)
    PostalAddress.objects.filter(adult=adult).delete()
    _record("adult.protected", adult, by=by, at=at)


@transaction.atomic
def record_placement(
    *, person: Person, carer: Adult, kind: str, is_secret: bool, source: str, on: date, by: Actor, at: datetime
) -> Placement:
    """
    Note who cares for a child now, from a day on. Raises SourceIsMissing, TextIsTooLong or ChildIsPlacedAlready.

    Source: child welfare has no routine to tell the clinic, so it is our own fact with its own source (the 2020 report) [default].
    """
    if not source.strip():
        raise SourceIsMissing
    must_fit("kilden", source, most=PLACEMENT_SOURCE)
    try:
        with transaction.atomic():
            placement = Placement.objects.create(
                person=person,
                carer=carer,
                kind=kind,
                is_secret=is_secret,
                source=source,
                from_on=on,
                recorded_at=at,
                recorded_by=by.who,
            )
    except IntegrityError as refused:
        if Placement.objects.filter(person=person, until_on__isnull=True, cancelled_at__isnull=True).exists():
            raise ChildIsPlacedAlready(person.pk) from refused
        raise
    _record_about_child("placement.recorded", person, by=by, at=at, reason=source, kind=kind, is_secret=is_secret)
    return placement


@transaction.atomic
def end_placement(*, person: Person, on: date, source: str, by: Actor, at: datetime) -> None:
    """Note that the guardians have the care again from a day on. Raises SourceIsMissing or NoPlacementToEnd."""
    if not source.strip():
        raise SourceIsMissing
    if not Placement.objects.filter(person=person, until_on__isnull=True, cancelled_at__isnull=True, from_on__lte=on).update(until_on=on):
        raise NoPlacementToEnd(person.pk)
    _record_about_child("placement.ended", person, by=by, at=at, reason=source)


@transaction.atomic
def record_wish(
    *,
    person: Person,
    unsuitable_weekdays: Sequence[int] = (),
    earliest: time | None = None,
    latest: time | None = None,
    can_come_at_short_notice: bool = False,
    by: Actor,
    at: datetime,
) -> Wish:
    """
    Note what suits a family; it takes the place of what they said before. Weekdays are 0 (Monday) to 4. Raises WishIsContradictory.

    Wishes bend the choice of a time, and never keep a child from getting one.
    """
    days = sorted(set(unsuitable_weekdays))
    refuse_contradiction(days, earliest, latest)
    Wish.objects.filter(person=person, ended_at__isnull=True).update(ended_at=at)
    wish = Wish.objects.create(
        person=person,
        unsuitable_weekdays=days,
        earliest=earliest,
        latest=latest,
        can_come_at_short_notice=can_come_at_short_notice,
        recorded_at=at,
        recorded_by=by.who,
    )
    _record_about_child("wish.recorded", person, by=by, at=at)
    return wish


@transaction.atomic
def pause_contact(*, person: Person, from_on: date, until_on: date, today: date, reason: str, by: Actor, at: datetime) -> ContactPause:
    """Leave a family without messages `[from_on, until_on)`, with a reason. Raises PauseHasNoReason, TextIsTooLong or PauseIsTooLong."""
    if not reason.strip():
        raise PauseHasNoReason
    must_fit("begrunnelsen", reason, most=PAUSE_REASON)
    if until_on <= max(today, from_on) or (until_on - today).days > LONGEST_PAUSE_DAYS:
        raise PauseIsTooLong
    pause = ContactPause.objects.create(
        person=person, from_on=from_on, until_on=until_on, reason=reason, recorded_at=at, recorded_by=by.who
    )
    _record_about_child("contact.paused", person, by=by, at=at, reason=reason, until=until_on.isoformat())
    return pause


@transaction.atomic
def end_pause(*, person: Person, on: date, by: Actor, at: datetime) -> None:
    """Let messages go to a family again from now on. Raises NoPauseToEnd."""
    if not ContactPause.objects.filter(person=person, cancelled_at__isnull=True, until_on__gt=on).update(cancelled_at=at):
        raise NoPauseToEnd(person.pk)
    _record_about_child("contact.resumed", person, by=by, at=at)


def refuse_contradiction(days: Collection[int], earliest: time | None, latest: time | None) -> None:
    """Make sure that a time can meet the wishes: a working day is left, and half an hour. Raises WishIsContradictory."""
    too_narrow = earliest is not None and latest is not None and _minutes(latest) - _minutes(earliest) < 30
    if too_narrow or not set(range(5)) - set(days) or not set(days) <= set(range(7)):
        raise WishIsContradictory


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _record(action: str, adult: Adult, *, by: Actor, at: datetime, **detail: str) -> None:
    record(action, municipality=adult.municipality.code, about=str(adult.public_id), by=by, at=at, detail={**detail})


def _record_about_child(action: str, person: Person, *, by: Actor, at: datetime, reason: str = "", **detail: str | bool) -> None:
    record(action, municipality=person.municipality.code, about=str(person.public_id), by=by, at=at, detail={**detail}, reason=reason)
