"""A question in words that are kept is answered as Django answers it put together anew; what cannot be kept is refused."""

import threading
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connection, connections, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fjorten.database.questions import MOST_KEPT, MOST_KEYS, Question
from fjorten.database.words import CannotBeKept
from fjorten.organisation.actions import open_municipality
from fjorten.organisation.models import Employee, Municipality
from fjorten.people.models import Identifier, Person
from tests.factories.clinic import AT, CLERK, StaffedClinic, a_staffed_clinic, an_enrolled_child

BORN = [date(2024, 2, 29), date(2025, 1, 31), date(2025, 12, 31), date(2026, 1, 5)]


@pytest.fixture
def here(municipality: Municipality) -> StaffedClinic:
    clinic = a_staffed_clinic(municipality)
    for nth, born_on in enumerate(BORN * 2):
        child = an_enrolled_child(clinic, born_on=born_on, given_name=f"100 % barn {nth}", family_name="O'Neill").person
        Identifier.objects.create(person=child, municipality=municipality, number=f"0181{nth:07}")
    return clinic


def born_between(municipality: Municipality, *, first: date, last: date) -> QuerySet[Person]:
    return Person.objects.of(municipality).filter(born_on__gte=first, born_on__lte=last).order_by("pk")


def keyed(*, keys: Collection[int]) -> QuerySet[Person]:
    return Person.objects.filter(pk__in=keys).order_by("pk")


def all_but(*, keys: Collection[int]) -> QuerySet[Person]:
    return Person.objects.exclude(pk__in=keys).order_by("pk")


def numbers_of(municipality: Municipality, *, numbers: Collection[str]) -> QuerySet[Identifier, tuple[Any, ...]]:
    found = Identifier.objects.filter(municipality=municipality, number__in=numbers).order_by("number")
    return found.values_list("number", "person__born_on", "person__public_id")


def with_number(persons: QuerySet[Person], *, keys: Collection[int]) -> QuerySet[Person]:
    return persons.filter(Exists(Identifier.objects.filter(person=OuterRef("pk"), pk__in=keys)))


def address_of_database() -> dict[str, Any]:
    settings = connection.settings_dict
    return {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"], "dbname": settings["NAME"]}


def called(*, code: str) -> QuerySet[Municipality]:
    return Municipality.objects.filter(code=code)


def numbered(nth: int) -> QuerySet[Person]:
    return Person.objects.filter(pk=nth)


class TestAnswers:
    @given(first=st.sampled_from(BORN), days=st.integers(-400, 800), keys=st.sets(st.integers(0, 8), max_size=9))
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    def test_are_those_of_the_question_put_together_anew(self, here: StaffedClinic, first: date, days: int, keys: set[int]) -> None:
        children = list(Person.objects.order_by("pk").values_list("pk", flat=True))
        some = [children[key] for key in keys if key < len(children)]
        identifiers = list(Identifier.objects.filter(person__in=some).values_list("pk", flat=True))
        between = Question(born_between, (here.municipality,), {"first": first, "last": first + timedelta(days=days)})
        for question in (
            between,
            Question(keyed, (), {"keys": some}),
            Question(all_but, (), {"keys": frozenset(some)}),
            between.then(with_number, keys=identifiers),
            Question(keyed, (), {"keys": some}).then(with_number, keys=identifiers[:2]),  # two values of one name
        ):
            assert question.rows() == list(question.built())

    def test_come_as_what_was_asked_for(self, here: StaffedClinic) -> None:
        """Values by name in a row, rows with rows beside them, days as days on both databases."""
        question = Question(numbers_of, (here.municipality,), {"numbers": {"01810000001", "01810000002", "none"}})
        assert question.rows() == question.rows() == list(question.built())
        [first, _] = question.rows()
        assert first[:2] == ("01810000001", BORN[1])
        beside = Question(lambda **of: keyed(**of).select_related("municipality"), (), {"keys": [Person.objects.earliest("pk").pk]})
        [person] = beside.rows()
        assert (person.municipality, person.given_name, person.family_name) == (here.municipality, "100 % barn 0", "O'Neill")

    def test_instants_and_single_numbers_are_values_too(self, here: StaffedClinic) -> None:
        def started(*, before: datetime, child: int) -> QuerySet[Person]:
            return Person.objects.filter(pk=child, enrolments__steps__isnull=False, journals__opened_at__lte=before).distinct()

        child = Person.objects.earliest("pk").pk
        for before, found in ((datetime(2026, 1, 1, tzinfo=UTC), []), (datetime(2027, 1, 1, tzinfo=UTC), [child])):
            assert [one.pk for one in Question(started, (), {"before": before, "child": child}).rows()] == found

    def test_no_key_finds_nothing_and_leaves_nobody_out(self, here: StaffedClinic) -> None:
        assert Question(keyed, (), {"keys": ()}).rows() == []
        assert len(Question(all_but, (), {"keys": set()}).rows()) == len(BORN) * 2

    def test_more_keys_than_words_are_kept_for_are_asked_all_the_same(self, here: StaffedClinic) -> None:
        everybody = [*Person.objects.values_list("pk", flat=True), *range(10**6, 10**6 + MOST_KEYS)]
        assert len(Question(keyed, (), {"keys": everybody}).rows()) == len(BORN) * 2

    def test_a_question_nobody_is_the_answer_of_is_not_asked(self, here: StaffedClinic, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            assert Question(Person.objects.none).rows() == []

    def test_what_rows_are_only_put_in_order_by_is_not_told(self, here: StaffedClinic) -> None:
        def sexes() -> QuerySet[Person, tuple[str]]:
            return Person.objects.order_by("born_on").values_list("sex").distinct()

        assert Question(sexes).rows() == list(sexes()) == [("",)] * len(BORN)

    def test_a_yes_and_a_one_are_two_shapes(self, here: StaffedClinic) -> None:
        def told(what: object) -> QuerySet[Person, tuple[str]]:
            return Person.objects.annotate(what=Value(str(what))).values_list("what")[:1]

        assert [Question(told, (one,)).rows() for one in (1, True, (1,), (True,))] == [[("1",)], [("True",)], [("(1,)",)], [("(True,)",)]]

    def test_rows_in_the_shape_are_told_apart_by_all_they_hold(self, here: StaffedClinic) -> None:
        """A builder may write any of it into the words: the same employee in another role is another question."""

        def of_the_same_role(employee: Employee) -> QuerySet[Employee]:
            return Employee.objects.filter(role=employee.role).order_by("pk")

        nurses = Question(of_the_same_role, (here.nurse,)).rows()
        assert here.nurse in nurses
        here.nurse.role = Employee.Role.DOCTOR
        assert here.doctor in Question(of_the_same_role, (here.nurse,)).rows()
        assert here.doctor not in nurses


class TestWords:
    def test_are_found_once_for_all_lengths_that_are_near(self, here: StaffedClinic) -> None:
        built = []

        def counted(*, keys: Collection[int]) -> QuerySet[Person]:
            built.append(len(keys))
            return keyed(keys=keys)

        for keys in ([1, 2, 3], [4, 5, 6, 7], [1, 1, 1], [9, 8, 7]):
            Question(counted, (), {"keys": keys}).rows()
        assert built == [4, 4]  # twice, to see what is a value; not again
        Question(counted, (), {"keys": [1, 2, 3, 4, 5]}).rows()
        assert built == [4, 4, 8, 8]

    def test_those_not_asked_for_a_while_are_let_go_of(self, here: StaffedClinic) -> None:
        for nth in range(MOST_KEPT + 20):
            Question(numbered, (nth,)).rows()
            Question(numbered, (0,)).rows()  # asked for all the time
        assert len(connection.kept_words) == MOST_KEPT
        kept = {nth for nth in range(MOST_KEPT + 20) if any(key[:2] == (numbered, (int, nth)) for key in connection.kept_words)}
        assert kept == {0, *range(21, MOST_KEPT + 20)}

    def test_are_for_the_connection_that_is_in_use(self, own_database: None) -> None:
        """Inside an event loop Django has another connection than outside it, and that may be to another database."""
        mine, asked = connections[DEFAULT_DB_ALIAS], Question(keyed, (), {"keys": [1]})
        asked.rows()
        other = mine.copy()
        connections[DEFAULT_DB_ALIAS] = other
        try:
            with CaptureQueriesContext(other) as seen:
                asked.rows()
            assert len(seen) == 1
        finally:
            other.close()
            connections[DEFAULT_DB_ALIAS] = mine

    def test_are_each_threads_own_and_outlive_a_connection(self, own_database: None) -> None:
        open_municipality(code="9901", name="Prøvekommunen", by=CLERK, at=AT)
        found: list[int] = []

        def ask() -> None:
            for _ in range(3):
                found.append(len(Question(called, (), {"code": "9901"}).rows()))
                connection.close()

        thread = threading.Thread(target=ask)
        ask()
        thread.start()
        thread.join()
        assert found == [1] * 6

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans each question anew")
    def test_a_database_that_is_upgraded_meanwhile_is_asked_anew(self, own_database: None) -> None:
        open_municipality(code="9901", name="Prøvekommunen", by=CLERK, at=AT)
        asked = Question(called, (), {"code": "9901"})
        assert len(asked.rows()) == 1
        with psycopg.connect(**address_of_database(), autocommit=True) as somebody:
            somebody.execute("ALTER TABLE organisation_municipality ALTER COLUMN name TYPE text")
        with pytest.raises(NotSupportedError), transaction.atomic():
            asked.rows()
        assert len(asked.rows()) == 1

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's driver keeps what it has parsed by itself")
    def test_postgresql_keeps_the_plan_and_is_told_what_never_changes(self, here: StaffedClinic) -> None:
        def marked(*, child: int) -> QuerySet[Person]:
            return Person.objects.filter(given_name__startswith="100 % b", family_name="O'Neill", pk=child)

        child = Person.objects.earliest("pk").pk
        for _ in range(3):
            assert [one.pk for one in Question(marked, (), {"child": child}).rows()] == [child]
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%O''''Neill%'")
            [(statement, generic, custom)] = cursor.fetchall()
        assert "$1" in statement
        assert "$2" not in statement
        assert (generic, custom) == (3, 0)


def reckoned(*, on: date) -> QuerySet[Person]:
    return Person.objects.filter(born_on__gte=on - timedelta(days=30))


def asked_whether_it_is_one(*, on: date) -> QuerySet[Person]:
    return Person.objects.filter(Q(born_on=on) if on.year < 1900 else Q(pk=1))


def at_least(*, on: Any) -> QuerySet[Person]:
    return Person.objects.filter(pk=max(on, 10)) if isinstance(on, int) else Person.objects.filter(born_on=max(on, date(2020, 1, 1)))


def tidied(*, on: str) -> QuerySet[Person]:
    return Person.objects.filter(given_name=on.strip())


def alike(*, on: str) -> QuerySet[Person]:
    return Person.objects.filter(given_name__istartswith=on)


def reads_beside(*, on: date) -> QuerySet[Person]:
    return Person.objects.filter(born_on=on).prefetch_related("identifiers")


@pytest.mark.parametrize(
    ("build", "value", "told"),
    [
        (reckoned, date(2026, 1, 1), "reckons with a value"),
        (asked_whether_it_is_one, date(2026, 1, 1), "not the same for other values"),
        (reads_beside, date(2026, 1, 1), "other rows beside"),
        (at_least, date(2026, 1, 1), "reckons with a value"),
        (at_least, 12, "reckons with a value"),
        (tidied, "Ada", "reckons with a value"),
        (alike, "a_b", "reckons with a value"),
        (reckoned, True, "make it part of its shape"),
        (reckoned, 1.5, "make it part of its shape"),
    ],
)
def test_what_cannot_be_kept_is_refused_the_first_time(db: None, build: Callable[..., Any], value: Any, told: str) -> None:
    with pytest.raises(CannotBeKept, match=told):
        Question(build, (), {"on": value}).rows()
