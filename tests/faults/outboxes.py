"""Many families at once, each owed one invitation, and what became of every one of them afterwards."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from fjorten.audit.actor import Actor
from fjorten.kernel.times import oslo_date
from fjorten.messages.actions.owed import Settled, settle_obligations
from fjorten.messages.actions.receipts import look_after_sent, take_up_cut_off
from fjorten.messages.actions.sending import Worked, send_due
from fjorten.messages.carriers import Carriers
from fjorten.messages.models import ContactTask, Message, Way
from fjorten.messages.obligations import IfTooLate, Obligation
from fjorten.organisation.actions import hire, open_municipality, tell_where_clinic_is
from fjorten.organisation.models import Clinic, Employee, Municipality
from fjorten.organisation.responsibility import staff_on
from fjorten.people.models import Adult, ContactPoint, ParentalResponsibility, Person, PostalAddress, Residence
from tests.factories.register import a_number

AT = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)  # nine in the morning in Oslo
BEGINS_AT = AT + timedelta(days=20)
BORN = date(2026, 1, 5)
JOB = Actor(who="arbeider", role="job", ground="prøve")


def a_clinic() -> Clinic:
    """A clinic with a clerk and a leader, who see to what no machine can."""
    municipality = open_municipality(code="9901", name="Prøve", by=JOB, at=AT)
    clinic = municipality.clinics.get(is_default=True)
    for code, name, role in (("merkantil", "Mons Myrull", Employee.Role.CLERK), ("leder", "Lea Lyng", Employee.Role.LEADER)):
        hire(clinic=clinic, code=code, name=name, role=role, employed_from=date(2025, 1, 1), by=JOB, at=AT)
    tell_where_clinic_is(clinic=clinic, telephone="+4700990000", visiting_address="Torget 1, Fjordvik", by=JOB, at=AT)
    clinic.refresh_from_db()
    return clinic


def telephone(place: int) -> str:
    """A number of its own, which cannot ring."""
    return f"+470000{place:04d}"


def families(clinic: Clinic, many: int, *, way: Way = Way.SMS) -> list[Person]:
    """
    Children who live here, each with one guardian; every other guardian has an address too. Those who are told by letter have nothing else.
    """
    municipality = clinic.municipality
    children = Person.objects.bulk_create(
        Person(municipality=municipality, born_on=BORN, born_by=BORN, given_name="IDA") for _ in range(many)
    )
    numbers = [a_number(date(1980, 1, 1) + timedelta(days=place)) for place in range(many)]
    adults = Adult.objects.bulk_create(
        Adult(municipality=municipality, number=number, name="Vakker Blåbærøy", language="nb", recorded_at=AT) for number in numbers
    )
    here = {"municipality_code": municipality.code, "is_here": True, "kind": "street", "source": "prøve"}
    Residence.objects.bulk_create(Residence(person=child, **here) for child in children)
    ParentalResponsibility.objects.bulk_create(
        ParentalResponsibility(child=child, kind="felles", responsible_number=number, source="prøve")
        for child, number in zip(children, numbers, strict=True)
    )
    is_email = way == Way.EMAIL
    ContactPoint.objects.bulk_create(
        ContactPoint(
            adult=adult,
            kind=ContactPoint.Kind.EMAIL if is_email else ContactPoint.Kind.TELEPHONE,
            value=f"mor{place}@prove.example" if is_email else telephone(place),
            source=ContactPoint.Source.FAMILY,
            recorded_at=AT,
        )
        for place, adult in enumerate(adults if way != Way.LETTER else [])
    )
    address = {"lines": "Oppdiktede vei 1", "postal_code": "0000", "place": "FJORDVIK", "source": "prøve", "recorded_at": AT}
    PostalAddress.objects.bulk_create(PostalAddress(adult=adult, **address) for adult in (adults if way == Way.LETTER else adults[::2]))
    return children


def invitations(clinic: Clinic, children: list[Person]) -> list[Obligation]:
    """What each family is owed: an invitation to a time in three weeks."""
    return [
        Obligation(
            key=f"appointment:{child.pk}/told",
            kind="invitation",
            about=f"appointment:{child.pk}",
            person_id=child.pk,
            clinic_id=clinic.pk,
            not_before=AT,
            lapses_at=BEGINS_AT,
            if_too_late=IfTooLate.BECOMES_TASK,
            values={"begins_at": BEGINS_AT.isoformat()},
        )
        for child in children
    ]


@dataclass
class Worker:
    """The outbox as a worker runs it: settle, take up, send, look after. `at` is its clock."""

    municipality: Municipality
    carriers: Carriers
    owed: list[Obligation]
    at: datetime = AT

    def settle(self) -> Settled:
        return settle_obligations(municipality=self.municipality, obligations=self.owed, staff=self.staff(), by=JOB, at=self.at)

    def send(self) -> Worked:
        return send_due(
            municipality=self.municipality,
            carriers=self.carriers,
            still_owed=lambda messages, at: {},
            staff=self.staff(),
            by=JOB,
            at=self.at,
            clock=lambda: self.at,
        )

    def take_up(self) -> Worked:
        """Go on with what a crash cut off."""
        return take_up_cut_off(municipality=self.municipality, staff=self.staff(), by=JOB, at=self.at)

    def look_after(self) -> Worked:
        """See to what is in the air."""
        return look_after_sent(municipality=self.municipality, carriers=self.carriers, staff=self.staff(), by=JOB, at=self.at)

    def round(self) -> list[tuple[int, Exception]]:
        """Do one round; tells what went wrong."""
        return [*self.settle().failed, *self.take_up().failed, *self.send().failed, *self.look_after().failed]

    def staff(self):
        return staff_on(municipality=self.municipality, on=oslo_date(self.at))


def lost(owed: list[Obligation]) -> list[str]:
    """
    Find the obligations that ended as nothing: nobody was told, nobody may have been, nothing is on its way, and nobody is asked to see to it.

    By plain means: every message and every task is read.
    """
    told_or_asked: dict[str, bool] = dict.fromkeys((one.key for one in owed), False)
    asked = set(ContactTask.objects.values_list("message_id", flat=True))
    for row in Message.objects.all():
        is_letter_waiting = row.way == Way.LETTER and row.state == "queued"
        is_told = row.state == "delivered" or (row.state == "sent" and row.way == Way.EMAIL)
        told_or_asked[row.key] |= is_told or is_letter_waiting or row.pk in asked
    return [key for key, is_seen_to in told_or_asked.items() if not is_seen_to]


def ends() -> Counter[str]:
    """Count the messages by way and state, and the open tasks by reason."""
    counts = Counter(f"{way} {state}" for way, state in Message.objects.values_list("way", "state"))
    counts.update(f"task {reason}" for reason in ContactTask.objects.values_list("reason", flat=True))
    return counts
