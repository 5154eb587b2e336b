"""What we know of families ourselves: who is reached and how, who cares for a child now, what suits, and who is left in peace."""

from datetime import UTC, date, datetime, time

import pytest

from fjorten.kernel.telephones import TelephoneNumberIsInvalid
from fjorten.organisation.models import Municipality
from fjorten.people.actions.families import (
    AdultIsProtected,
    ChildIsPlacedAlready,
    ContactPointIsEmpty,
    NoPauseToEnd,
    NoPlacementToEnd,
    PauseHasNoReason,
    PauseIsTooLong,
    SourceIsMissing,
    WishIsContradictory,
    end_pause,
    end_placement,
    mark_adult_dead,
    mark_contact_point_dead,
    mark_letter_returned,
    pause_contact,
    protect_adult,
    record_address,
    record_adult,
    record_contact_point,
    record_placement,
    record_wish,
)
from fjorten.people.families import families_of
from fjorten.people.models import Adult, ContactPoint, Person, PostalAddress, Wish
from tests.factories.family import a_guardian, family_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)


@pytest.fixture
def child(municipality: Municipality) -> Person:
    return Person.objects.create(municipality=municipality, born_on=date(2026, 1, 5), born_by=date(2026, 1, 5))


@pytest.fixture
def signed(clerk):
    return {"by": clerk, "at": AT}


def telephone(adult: Adult, value: str, signed) -> ContactPoint:
    return record_contact_point(adult=adult, kind=ContactPoint.Kind.TELEPHONE, value=value, source=ContactPoint.Source.STAFF, **signed)


class TestReaching:
    def test_a_number_is_kept_in_one_form_however_it_is_written(self, child: Person, signed) -> None:
        [mother] = family_of(child)
        assert telephone(mother, "0047 00 00 00 07", signed).value == "+4700000007"

    def test_a_new_number_takes_the_place_of_the_old_which_is_kept(self, child: Person, signed) -> None:
        [mother] = family_of(child)
        telephone(mother, "00 00 00 07", signed)
        assert list(mother.contact_points.order_by("pk").values_list("value", "ended_at")) == [("+4700000001", AT), ("+4700000007", None)]

    def test_the_same_number_again_changes_nothing(self, child: Person, signed) -> None:
        [mother] = family_of(child)
        assert telephone(mother, "+4700000001", signed) == mother.contact_points.get()

    def test_a_dead_number_reaches_nobody_until_it_is_told_anew(self, child: Person, signed) -> None:
        [mother] = family_of(child)
        mark_contact_point_dead(contact_point=mother.contact_points.get(), on=TODAY, reason="finnes ikke", **signed)
        assert families_of([child.pk], on=TODAY)[child.pk].guardians[0].telephone is None
        telephone(mother, "+4700000001", signed)
        assert families_of([child.pk], on=TODAY)[child.pk].guardians[0].telephone is not None

    @pytest.mark.parametrize(("value", "refusal"), [(" ", ContactPointIsEmpty), ("ring mor", TelephoneNumberIsInvalid)])
    def test_what_reaches_nobody_is_refused(self, child: Person, signed, value: str, refusal: type[Exception]) -> None:
        [mother] = family_of(child)
        with pytest.raises(refusal):
            telephone(mother, value, signed)
        assert mother.contact_points.get().ended_at is None

    def test_a_letter_that_came_back_stops_the_address_until_there_is_a_new_one(self, child: Person, signed) -> None:
        [mother] = family_of(child)
        mark_letter_returned(adult=mother, on=TODAY, **signed)
        assert not families_of([child.pk], on=TODAY)[child.pk].guardians[0].has_postal_address
        record_address(adult=mother, lines=["Ny vei 2"], postal_code="0000", place="FJORDVIK", source="mor", **signed)
        assert families_of([child.pk], on=TODAY)[child.pk].guardians[0].has_postal_address

    def test_an_address_says_something(self, child: Person, signed) -> None:
        [mother] = family_of(child)
        with pytest.raises(ContactPointIsEmpty):
            record_address(adult=mother, lines=[" "], postal_code="", place="", source="mor", **signed)

    def test_no_address_is_kept_of_a_protected_adult(self, child: Person, signed) -> None:
        [mother] = family_of(child)
        protect_adult(adult=mother, **signed)
        assert not PostalAddress.objects.exists()
        mother.refresh_from_db()
        with pytest.raises(AdultIsProtected):
            record_address(adult=mother, lines=["Skjult vei 1"], postal_code="0000", place="FJORDVIK", source="mor", **signed)

    def test_a_dead_adult_has_no_address(self, child: Person, signed) -> None:
        [mother] = family_of(child)
        mark_adult_dead(adult=mother, **signed)
        assert not PostalAddress.objects.exists()

    def test_somebody_known_by_number_is_corrected_and_not_doubled(self, child: Person, signed) -> None:
        from fjorten.kernel.national_id import parse

        [mother] = family_of(child)
        again = record_adult(municipality=child.municipality, number=parse(mother.number), language="ar", needs_interpreter=True, **signed)
        assert (again.pk, again.name, again.language, again.needs_interpreter) == (mother.pk, "Vakker Blåbærøy", "ar", True)

    def test_a_guardian_without_number_in_the_register_is_counted(self, child: Person) -> None:
        family_of(child)
        child.responsibilities.create(kind="ukjent", source="prøve")
        assert families_of([child.pk], on=TODAY)[child.pk].unnumbered_guardians == 1

    def test_the_questions_are_as_many_for_a_hundred_children_as_for_one(
        self, municipality: Municipality, django_assert_max_num_queries
    ) -> None:
        children = [Person.objects.create(municipality=municipality, born_on=TODAY, born_by=TODAY) for _ in range(100)]
        for nth, one in enumerate(children):
            family_of(one, a_guardian(nth=nth))
        with django_assert_max_num_queries(10):
            found = families_of([one.pk for one in children], on=TODAY)
        assert all(len(family.guardians) == 1 for family in found.values())


class TestPlacement:
    def test_while_it_lasts_somebody_else_is_the_carer(self, child: Person, signed) -> None:
        carer = record_adult(municipality=child.municipality, name="Fosterforelder", **signed)
        record_placement(person=child, carer=carer, kind="child_welfare", is_secret=True, source="barnevernet", on=TODAY, **signed)
        found = families_of([child.pk], on=TODAY)[child.pk].carer
        assert found is not None and found.adult == carer
        end_placement(person=child, on=date(2026, 5, 1), source="barnevernet", **signed)
        assert families_of([child.pk], on=date(2026, 5, 1))[child.pk].carer is None
        with pytest.raises(NoPlacementToEnd):
            end_placement(person=child, on=date(2026, 5, 1), source="barnevernet", **signed)

    def test_it_needs_a_source_and_there_is_one_at_a_time(self, child: Person, signed) -> None:
        carer = record_adult(municipality=child.municipality, **signed)
        facts = {"person": child, "carer": carer, "kind": "private", "is_secret": False, "on": TODAY}
        with pytest.raises(SourceIsMissing):
            record_placement(**facts, source=" ", **signed)
        record_placement(**facts, source="mor ringte", **signed)
        with pytest.raises(ChildIsPlacedAlready):
            record_placement(**facts, source="mor ringte", **signed)
        with pytest.raises(SourceIsMissing):
            end_placement(person=child, on=TODAY, source="", **signed)


class TestWishesAndPauses:
    def test_the_newest_wish_counts(self, child: Person, signed) -> None:
        record_wish(person=child, unsuitable_weekdays=[0], **signed)
        newest = record_wish(person=child, earliest=time(12), latest=time(15), **signed)
        assert families_of([child.pk], on=TODAY)[child.pk].wish == newest
        assert Wish.objects.filter(ended_at__isnull=True).count() == 1

    @pytest.mark.parametrize(
        "wish", [{"unsuitable_weekdays": [0, 1, 2, 3, 4]}, {"unsuitable_weekdays": [7]}, {"earliest": time(12), "latest": time(12, 15)}]
    )
    def test_a_wish_no_time_can_meet_is_asked_about_again(self, child: Person, signed, wish) -> None:
        with pytest.raises(WishIsContradictory):
            record_wish(person=child, **wish, **signed)

    def test_a_pause_ends_by_itself(self, child: Person, signed) -> None:
        pause_contact(person=child, from_on=TODAY, until_on=date(2026, 4, 1), today=TODAY, reason="sykehus", **signed)
        assert families_of([child.pk], on=date(2026, 3, 31))[child.pk].paused_until == date(2026, 4, 1)
        assert families_of([child.pk], on=date(2026, 4, 1))[child.pk].paused_until is None

    def test_a_pause_can_be_ended_before(self, child: Person, signed) -> None:
        pause_contact(person=child, from_on=TODAY, until_on=date(2026, 4, 1), today=TODAY, reason="sykehus", **signed)
        end_pause(person=child, on=TODAY, **signed)
        assert families_of([child.pk], on=TODAY)[child.pk].paused_until is None
        with pytest.raises(NoPauseToEnd):
            end_pause(person=child, on=TODAY, **signed)

    @pytest.mark.parametrize(
        ("until", "reason", "refusal"),
        [(date(2026, 4, 1), " ", PauseHasNoReason), (TODAY, "reise", PauseIsTooLong), (date(2026, 9, 10), "reise", PauseIsTooLong)],
    )
    def test_a_pause_has_a_reason_and_an_end_in_sight(
        self, child: Person, signed, until: date, reason: str, refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            pause_contact(person=child, from_on=TODAY, until_on=until, today=TODAY, reason=reason, **signed)
