"""Asking the contact register how families are reached: guardians and carers never asked about, and those not for a month."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q, QuerySet

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Detail, record
from fjorten.kernel.chunks import chunks
from fjorten.kernel.telephones import TelephoneNumberIsInvalid
from fjorten.kernel.times import oslo_date
from fjorten.kernel.writing import EmailIsInvalid, TextIsTooLong
from fjorten.messages.channels.contact_register import Contact, Notice, may_be_used_for
from fjorten.messages.languages import languages
from fjorten.organisation.models import Municipality
from fjorten.people.actions.families import record_contact_point
from fjorten.people.models import Adult, ContactPoint, ParentalResponsibility, Person, Placement

ASK_AGAIN_AFTER: Final = timedelta(days=30)  # [default]
# As many as are asked about in one go, those never asked about first; the rest are next time's [default].
MOST_AT_A_TIME: Final = 10_000
_AT_ONCE: Final = 1000  # what the register takes in one question [source: Digdir's documentation]

LookUp = Callable[[Sequence[str]], Mapping[str, Contact]]


@dataclass(slots=True)
class Asked:
    """
    What came of asking: guardians met for the first time, adults asked about, and numbers or addresses that were new. `failed`: an adult's
    key and what went wrong; they are asked about again next time.
    """

    met: int = 0
    asked: int = 0
    found: int = 0
    failed: list[tuple[int, Exception]] = field(default_factory=list)


def ask_contact_register(*, municipality: Municipality, look_up: LookUp, at_most: int = MOST_AT_A_TIME, by: Actor, at: datetime) -> Asked:
    """
    Note the guardians the population register names, and ask how those are reached who have not been asked about for a month: guardians and
    carers of the children who follow the programme here, and nobody else. A thousand in each question, one transaction each.

    What a family or staff have told stands: the register's number is used only where no other is in use. What goes wrong with one adult is
    told in the answer, and the others are done. Raises what `look_up` raises; what was asked before then is kept.
    """
    result = Asked(met=meet_guardians(municipality=municipality, by=by, at=at))
    for adults in _to_ask(municipality, at, at_most):
        _take_contacts(adults, look_up([adult.number for adult in adults]), result, by=by, at=at)
    return result


@transaction.atomic
def meet_guardians(*, municipality: Municipality, by: Actor, at: datetime) -> int:
    """Note everybody who has parental responsibility for a child we follow by the population register; tells how many were new."""
    known = Adult.objects.filter(municipality=municipality).exclude(number="").values("number")
    guardians = _guardians(municipality, oslo_date(at)).exclude(responsible_number__in=known)
    numbers = sorted(set(guardians.values_list("responsible_number", flat=True)))
    new = [Adult(municipality=municipality, number=number, recorded_at=at, recorded_by=by.who) for number in numbers]
    Adult.objects.bulk_create(new, batch_size=_AT_ONCE)
    if new:
        record("adults.met", municipality=municipality.code, by=by, at=at, detail={"number": len(new)})
    return len(new)


@transaction.atomic
def _take_contacts(adults: Sequence[Adult], answers: Mapping[str, Contact], result: Asked, *, by: Actor, at: datetime) -> None:
    found = 0
    for adult in adults:
        try:
            with transaction.atomic():
                found += _take_contact(adult, answers.get(adult.number), by=by, at=at)
        except (OperationalError, InterfaceError):  # the database's own trouble is everybody's
            raise
        except Exception as wrong:  # whatever it is, it is one family's
            result.failed.append((adult.pk, wrong))
    result.asked += len(adults)
    result.found += found
    detail: Detail = {"asked": len(adults), "new": found}
    record("contact_register.asked", municipality=adults[0].municipality.code, by=by, at=at, detail=detail)


def _take_contact(adult: Adult, contact: Contact | None, *, by: Actor, at: datetime) -> int:
    """
    Write down what the contact register said of an adult; tells how many ways of reaching them were new.

    Only what may be used for service messages is kept (eForvaltningsforskriften § 32 concerns decisions [source]). A number the register
    has, but nobody can be sent anything at, is left out.
    """
    found = 0
    if contact is not None:
        adult.is_reserved = contact.is_reserved
        adult.language = adult.language or _chosen_language(contact)
        usable = _usable(contact, oslo_date(at))
        found = sum(_told(adult, kind, value, confirmed_on, by=by, at=at) for kind, value, confirmed_on in usable)
    adult.contact_register_checked_at = at
    adult.save(update_fields=["is_reserved", "language", "contact_register_checked_at"])
    return found


def _guardians(municipality: Municipality, on: date) -> QuerySet[ParentalResponsibility]:
    children = Person.objects.of(municipality).filter(enrolments__ended_at__isnull=True, enrolments__isnull=False)
    return ParentalResponsibility.objects.filter(child__in=children).exclude(responsible_number="").exclude(valid_until__lte=on)


def _to_ask(municipality: Municipality, at: datetime, at_most: int) -> Iterator[list[Adult]]:
    on = oslo_date(at)
    due = Q(contact_register_checked_at__isnull=True) | Q(contact_register_checked_at__lte=at - ASK_AGAIN_AFTER)
    carers = Placement.objects.on(on).filter(person__municipality=municipality).values("carer")
    concerned = Q(number__in=_guardians(municipality, on).values("responsible_number")) | Q(pk__in=carers)
    alive = Adult.objects.filter(due, concerned, municipality=municipality, is_dead=False, is_protected=False).exclude(number="")
    keys = list(alive.order_by(F("contact_register_checked_at").asc(nulls_first=True), "pk").values_list("pk", flat=True)[:at_most])
    for some in chunks(keys, _AT_ONCE):
        yield list(Adult.objects.filter(pk__in=some).select_related("municipality").order_by("pk"))


def _chosen_language(contact: Contact) -> str:
    """Tell a language somebody chose in the register. Bokmål is what everybody has who chose nothing, and says nothing [default]."""
    return contact.language if contact.language in languages() and contact.language != "nb" else ""


def _usable(contact: Contact, on: date) -> Iterator[tuple[ContactPoint.Kind, str, date | None]]:
    allowed = may_be_used_for(Notice.SERVICE, contact, on=on)
    if allowed.mobile and contact.mobile:
        yield ContactPoint.Kind.TELEPHONE, contact.mobile, contact.mobile_confirmed_on
    if allowed.email and contact.email:
        yield ContactPoint.Kind.EMAIL, contact.email, contact.email_confirmed_on


def _told(adult: Adult, kind: ContactPoint.Kind, value: str, confirmed_on: date | None, *, by: Actor, at: datetime) -> bool:
    in_use = ContactPoint.objects.filter(adult=adult, kind=kind, ended_at__isnull=True).first()
    own_word = in_use is not None and in_use.failed_on is None and in_use.source != ContactPoint.Source.CONTACT_REGISTER
    if own_word or (in_use is not None and in_use.value == value and in_use.failed_on is not None):
        return False
    try:
        point = record_contact_point(
            adult=adult, kind=kind, value=value, source=ContactPoint.Source.CONTACT_REGISTER, verified_on=confirmed_on, by=by, at=at
        )
    except (TelephoneNumberIsInvalid, EmailIsInvalid, TextIsTooLong):
        return False
    return in_use is None or point.pk != in_use.pk
