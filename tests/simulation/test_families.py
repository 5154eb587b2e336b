"""Families are drawn once and for all, can be reached by numbers that cannot ring, and come as the sources say."""

from datetime import date
from random import Random

from fjorten.kernel.telephones import read_telephone
from fjorten.messages.channels.interface import Delivery, Incoming, Outcome, Parcel, Receipt
from fjorten.messages.incoming import Meaning, meaning_of
from fjorten.simulation.families import answering
from fjorten.simulation.families.coming import Situation, why_not_coming
from fjorten.simulation.families.habits import Habits, Why
from fjorten.simulation.families.household import Households, Line
from fjorten.simulation.families.networks import SmsNetwork
from fjorten.simulation.records import Person
from fjorten.simulation.town import Town

BEGINS_ON = date(2026, 1, 15)
MANY = 20_000


def the_people_of_a_town() -> list[Person]:
    town = Town(seed=1, children=60, begins_on=BEGINS_ON)
    numbers = [number.digits for child in town.truth(BEGINS_ON) for number in (*child.numbers, *child.standing.guardians)]
    found = (town.person_numbered(number, on=BEGINS_ON) for number in sorted(set(numbers)))
    return [person for person in found if person is not None]


def share_missing(situation: Situation) -> float:
    rng = Random(1)
    return sum(why_not_coming(rng, situation, Habits()) is not None for _ in range(MANY)) / MANY


def parcel(body: str, *, to: str = "+4700000002") -> Parcel:
    return Parcel(key="k1", to=to, title="", body=body, language="nb")


def test_the_same_seed_gives_the_same_families_in_whatever_order_they_are_asked_about() -> None:
    people = the_people_of_a_town()
    one, other = Households(5, Habits()), Households(5, Habits())
    forwards = [one.guardian(person) for person in people]
    backwards = [other.guardian(person) for person in reversed(people)]
    assert forwards == backwards[::-1]
    assert forwards != [Households(6, Habits()).guardian(person) for person in people]


def test_no_number_can_ring_and_every_number_can_be_kept() -> None:
    households = Households(5, Habits())
    told = [households.guardian(person) for person in the_people_of_a_town()]
    numbers = [number for one in told for number in (one.telephone, one.right_telephone) if number]
    assert all(number.startswith("+470000") for number in numbers)
    assert all(read_telephone(number).e164 == number for number in numbers)
    assert {one.line for one in told} >= {Line.WORKS, Line.DEAD}
    nobody = Households(5, Habits(has_no_telephone=1.0))
    assert not any(nobody.guardian(person).telephone for person in the_people_of_a_town())


def test_reminded_families_miss_as_many_times_as_the_trial_found() -> None:
    # Steiner 2018: 5.8 % with one reminder, 4.4 % with two; the odds of coming without any are 1.76 times lower (Lin & Wu 2014).
    expected = {0: 0.071, 1: 0.054, 2: 0.041}
    for reminders, share in expected.items():
        assert abs(share_missing(Situation(reminders=reminders)) - share) < 0.006


def test_whoever_has_not_been_told_or_is_away_does_not_come() -> None:
    assert share_missing(Situation(was_told=False)) > 0.85
    assert why_not_coming(Random(1), Situation(away=Why.ABROAD), Habits()) is Why.ABROAD
    assert share_missing(Situation(reads_it=False)) > share_missing(Situation()) + 0.03


def test_what_families_write_means_what_they_mean_by_it() -> None:
    assert {meaning_of(text) for text in answering.COMING} == {Meaning.COMING}
    assert {meaning_of(text) for text in answering.ANOTHER_TIME} == {Meaning.OTHER_TIME}
    assert {meaning_of(text) for text in answering.STOP} == {Meaning.STOP}
    assert {meaning_of(text) for text in answering.SOMETHING} == {Meaning.FREE_TEXT}


def test_nobody_confirms_a_message_that_does_not_ask_for_it() -> None:
    rng = Random(1)
    texts = {answering.answer_to(rng, "Vi minner om timen. Passer det ikke, svar 2.", Habits(), is_for_them=True) for _ in range(MANY)}
    assert not texts & set(answering.COMING)
    assert texts & set(answering.ANOTHER_TIME)


def test_the_network_delivers_once_fails_for_dead_numbers_and_now_and_then_says_nothing() -> None:
    network = SmsNetwork(seed=1, habits=Habits(), line_of=lambda number: Line.DEAD if number.endswith("9") else Line.WORKS)
    taken = [network.hand_over(parcel("Svar 1 hvis dere kommer, 2 hvis ikke.")) for _ in range(3000)]
    news = network.news()
    receipts = [one for one in news if isinstance(one, Receipt)]
    assert {handover.outcome for handover in taken} == {Outcome.ACCEPTED, Outcome.UNCERTAIN, Outcome.NOT_SENT}
    assert all(receipt.delivery is Delivery.DELIVERED for receipt in receipts)
    assert len({receipt.reference for receipt in receipts}) == len(receipts) < 3000
    assert any(isinstance(one, Incoming) for one in news)
    assert network.news() == []
    dead = [network.hand_over(parcel("Svar 1", to="+4700000009")).outcome for _ in range(200)]
    assert Outcome.REFUSED in dead
    assert {one.delivery for one in network.news() if isinstance(one, Receipt)} == {Delivery.FAILED}
