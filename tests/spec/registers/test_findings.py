"""
Avstemmingen: hva som blir funnet

Hva `fjorten reconcile` finner når et registeruttrekk og en eksport av journalene holdes side om side. Hver rad er ett barn den 21. november
2026 i kommune 0301, to år gammelt om ikke tabellen sier noe annet; siste kolonne er hva som blir funnet. `nothing` betyr at register og
journal er enige. Hva hvert funn betyr, og hva du gjør med det, står i finding-kinds.md.
"""

from __future__ import annotations

from datetime import date

from tests.registers.reconcile.two_sides import BORN_ON, ELSEWHERE, HERE, TwoSides
from tests.spec.tables import check_table, spec

PLACES = {"here": HERE, "elsewhere": ELSEWHERE, "nowhere": None, "": None}
DATES = {"": None}


def one_child(
    *,
    status: str = "bosatt",
    lives: str = "here",
    stays: str = "",
    protection: str = "none",
    born_on: str = "2024-03-05",
    died_on: str = "",
    emigrated_on: str = "",
    immigrated_on: str = "",
    mother: str = "",
    journal: str = "open",
    journal_name: str = "",
    journal_born_on: str = "",
    number: str = "",
    ages: str = "0-5",
    name: str = "Nora Dahl",
) -> str:
    """Put one child and its journal on the two sides, and tell what is found."""
    sides = TwoSides()
    sides.ages = type(sides.ages).parse(ages)
    given, _, family = name.rpartition(" ")
    child = {
        "status": status or None,
        "municipality": PLACES[lives],
        "stay_municipality_now": PLACES[stays],
        "stay_since": date(2026, 9, 1) if stays else None,
        "protection": protection,
        "born_on": date.fromisoformat(born_on),
        "died_on": _date(died_on),
        "emigrated_on": _date(emigrated_on),
        "immigrated_on": _date(immigrated_on),
        "given_name": given,
        "family_name": family,
        "name_is_temporary": "*" in given,
    }
    if mother:
        lives_at, _, graded = mother.partition(", ")
        child["mother_number"] = sides.person(
            born_on=date(1994, 5, 5), given_name="Mor", municipality=PLACES[lives_at], protection=graded or "none"
        )
    former = sides.new_number(is_d_number=True)
    match number:
        case "":
            written = sides.person(**child)
        case "former":
            sides.person(former_numbers=(former,), **child)
            written = former
        case "unknown":
            sides.person(**child)
            written = sides.new_number()
        case _:
            sides.person(**child)
            written = None
    journal_given, _, journal_family = (journal_name or name).rpartition(" ")
    details = {
        "given_name": journal_given,
        "family_name": journal_family,
        "born_on": date.fromisoformat(journal_born_on or born_on),
        "closed_on": date(2026, 8, 1) if journal == "closed" else None,
    }
    if written is None:
        details |= {"number_raw": number, "number_problem": "missing" if number == "none" else "control_digits"}
    for _ in range({"none": 0, "": 0, "two open": 2}.get(journal, 1)):
        sides.journal(written, **details)
    return found_in(sides)


def found_in(sides: TwoSides) -> str:
    """Name the rules that found something, each once, the protected last."""
    answer = sides.answer()
    return ", ".join(code for code, count in answer.count_by_rule.items() if count) or "nothing"


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@spec("Et barn som bor her og har åpen journal, er i orden")
def test_a_resident_child_with_an_open_journal_is_in_order() -> None:
    check_table(
        one_child,
        """
        status             | lives | journal | finding
        bosatt             | here  | open    | nothing
        foedselsregistrert | here  | open    | nothing
        """,
    )


@spec("Et barn som bor her uten journal, blir funnet, også med en status vi ikke kjenner")
def test_a_resident_child_without_a_journal_is_found() -> None:
    check_table(
        one_child,
        """
        status             | lives | journal | finding
        bosatt             | here  | none    | lives_here_without_journal
        foedselsregistrert | here  | none    | lives_here_without_journal
        aktiv              | here  | none    | lives_here_without_journal
        et_nytt_ord        | here  | none    | lives_here_without_journal
                           | here  | none    | lives_here_without_journal
        """,
    )


@spec("En nyfødt uten egen adresse bor hos moren sin")
def test_a_newborn_without_an_address_lives_with_its_mother() -> None:
    check_table(
        one_child,
        """
        status             | lives   | mother    | born_on    | journal | finding
        foedselsregistrert | nowhere | here      | 2026-11-12 | none    | lives_here_without_journal
        foedselsregistrert | nowhere | here      | 2026-11-12 | open    | nothing
        foedselsregistrert | nowhere | elsewhere | 2026-11-12 | none    | nothing
        foedselsregistrert | nowhere | elsewhere | 2026-11-12 | open    | nothing
        """,
    )


@spec("Retten følger oppholdet: et barn som oppholder seg her, skal også ha journal")
def test_a_staying_child_is_owed_the_service() -> None:
    check_table(
        one_child,
        """
        status      | lives     | stays | journal | finding
        midlertidig | nowhere   | here  | none    | stays_here_without_journal
        midlertidig | nowhere   | here  | closed  | stays_here_without_journal
        midlertidig | nowhere   | here  | open    | nothing
        midlertidig | here      |       | none    | stays_here_without_journal
        ikkeBosatt  | here      |       | none    | stays_here_without_journal
        inaktiv     | nowhere   | here  | none    | stays_here_without_journal
        bosatt      | elsewhere | here  | none    | stays_here_without_journal
        bosatt      | elsewhere | here  | open    | nothing
        midlertidig | nowhere   |       | open    | nothing
        """,
    )


@spec("En lukket journal er ingen journal for et barn som bor her")
def test_a_closed_journal_does_not_serve_a_resident_child() -> None:
    check_table(
        one_child,
        """
        status   | lives     | journal | finding
        bosatt   | here      | closed  | closed_journal_lives_here
        bosatt   | elsewhere | closed  | nothing
        """,
    )


@spec("En åpen journal på et barn som er registrert et annet sted, utvandret, dødt eller forsvunnet")
def test_an_open_journal_of_a_child_who_is_not_here() -> None:
    check_table(
        one_child,
        """
        status     | lives     | died_on    | emigrated_on | journal | finding
        bosatt     | elsewhere |            |              | open    | journal_open_registered_elsewhere
        utflyttet  | nowhere   |            | 2026-06-01   | open    | journal_open_emigrated
        utflyttet  | nowhere   |            |              | open    | journal_open_emigrated
        doed       | here      | 2026-07-01 |              | open    | journal_open_dead
        bosatt     | here      | 2026-07-01 |              | open    | journal_open_dead
        forsvunnet | here      |            |              | open    | journal_open_missing
        bosatt     | elsewhere |            |              | none    | nothing
        utflyttet  | nowhere   |            | 2026-06-01   | none    | nothing
        doed       | here      | 2026-07-01 |              | none    | nothing
        """,
    )


@spec("Et forsvunnet barn med siste adresse her kan være her")
def test_a_missing_child_without_a_journal_may_be_here() -> None:
    check_table(
        one_child,
        """
        status     | lives     | journal | finding
        forsvunnet | here      | none    | stays_here_without_journal
        forsvunnet | elsewhere | none    | nothing
        """,
    )


@spec("Ut og inn igjen samme dag er ikke en utvandring")
def test_out_and_in_on_the_same_day_is_no_emigration() -> None:
    check_table(
        one_child,
        """
        status    | lives     | emigrated_on | immigrated_on | journal | finding
        bosatt    | here      | 2026-06-01   | 2026-06-01    | open    | nothing
        bosatt    | here      | 2026-06-01   | 2026-06-01    | none    | lives_here_without_journal
        utflyttet | here      | 2026-06-01   | 2026-06-01    | none    | lives_here_without_journal
        utflyttet | here      | 2026-06-01   | 2025-01-01    | open    | journal_open_emigrated
        """,
    )


@spec("Et nytt nummer er ett funn, ikke tre")
def test_a_changed_number_is_one_finding() -> None:
    check_table(
        one_child,
        """
        status    | lives     | number | journal  | finding
        bosatt    | here      | former | open     | identifier_changed
        bosatt    | here      | former | closed   | closed_journal_lives_here
        bosatt    | elsewhere | former | open     | journal_open_registered_elsewhere, identifier_changed
        opphoert  | nowhere   |        | open     | identifier_changed
        bosatt    | here      | former | two open | two_journals_one_child
        """,
    )


@spec("To åpne journaler på ett barn")
def test_two_open_journals_of_one_child() -> None:
    check_table(
        one_child,
        """
        number  | journal  | finding
                | two open | two_journals_one_child
        former  | two open | two_journals_one_child
        """,
    )


@spec("Journaler som registeret ikke kan svare for")
def test_journals_the_register_cannot_answer_for() -> None:
    check_table(
        one_child,
        """
        number      | lives     | journal | journal_name | finding
        none        | elsewhere | open    | Ola Berg     | journal_without_number
        none        | elsewhere | closed  | Ola Berg     | nothing
        12345678901 | elsewhere | open    | Ola Berg     | invalid_number
        unknown     | elsewhere | open    | Ola Berg     | number_not_in_extract
        unknown     | elsewhere | closed  | Ola Berg     | nothing
        """,
    )


@spec("Et barn som trolig har journalen uten nummer, er nevnt der og ikke to ganger")
def test_a_child_who_likely_has_the_journal_is_named_once() -> None:
    check_table(
        one_child,
        """
        number      | lives | journal | journal_name | finding
        none        | here  | open    | Nora Dahl    | journal_without_number
        12345678901 | here  | open    | Nora Dahl    | invalid_number
        none        | here  | open    | Ola Berg     | lives_here_without_journal, journal_without_number
        unknown     | here  | open    | Nora Dahl    | lives_here_without_journal, number_not_in_extract
        """,
    )


@spec("Ulik fødselsdato")
def test_birth_dates_that_disagree() -> None:
    check_table(
        one_child,
        """
        born_on    | journal_born_on | finding
        2024-03-05 | 2024-03-05      | nothing
        2024-03-05 | 2024-05-03      | birth_date_disagrees
        2014-03-05 | 2024-03-05      | birth_date_disagrees
        2014-03-05 | 2013-03-05      | nothing
        """,
    )


@spec("Ulikt navn: skrivemåte, rekkefølge og mellomnavn er ikke ulikhet")
def test_names_that_disagree() -> None:
    check_table(
        one_child,
        """
        name                   | journal_name           | finding
        Nora Dahl              | NORA DAHL              | nothing
        Bjørn Åsen             | Bjoern Aasen           | nothing
        Bjørn Åsen             | Bjorn Asen             | nothing
        Máret Ŋuolan           | Maret Nuolan           | nothing
        Anne-Marie Dahl        | Anne Marie Dahl        | nothing
        Anne-Marie Dahl        | Annemarie Dahl         | nothing
        Anne-Marie Dahl        | Anne Dahl              | nothing
        Anne Marie Dahl        | Anne Sofie Dahl        | name_disagrees
        Nora Dahl              | Dahl Nora              | nothing
        Nora Berg Dahl         | Nora Dahl              | nothing
        Mohammed Ali           | Muhammad Ali           | nothing
        Aleksander Shevchenko  | Oleksandr Sjevtsjenko  | nothing
        Yusuf Warsame          | Jusuf Varsame          | nothing
        Kristian Dahl          | Christian Dahl         | nothing
        Sara Dahl              | Lara Dahl              | name_disagrees
        Nora Dahl              | Nora Hansen            | name_disagrees
        Nora Dahl              | Ida Dahl               | name_disagrees
        Kari*PIKE Dahl         | Ida Hansen             | nothing
        Ida Hansen             | Jente Dahl             | nothing
        """,
    )


@spec("Et barn med adressebeskyttelse vises aldri, bare telles")
def test_a_protected_child_is_only_counted() -> None:
    check_table(
        one_child,
        """
        protection            | lives     | status    | journal  | finding
        strictly_confidential | nowhere   | bosatt    | open     | address_protected
        strictly_confidential | nowhere   | bosatt    | none     | address_protected
        confidential          | here      | bosatt    | open     | address_protected
        confidential          | here      | bosatt    | none     | address_protected
        confidential          | here      | bosatt    | closed   | address_protected
        confidential          | here      | bosatt    | two open | address_protected
        confidential          | elsewhere | bosatt    | open     | address_protected
        confidential          | nowhere   | utflyttet | open     | address_protected
        confidential          | elsewhere | bosatt    | none     | nothing
        client                | here      | bosatt    | none     | lives_here_without_journal
        """,
    )


@spec("En bosatt uten kommune ser ut som en med streng adressesperre, og leses aldri som flyttet")
def test_a_resident_without_a_municipality_is_taken_for_protected() -> None:
    check_table(
        one_child,
        """
        status      | lives   | journal | finding
        bosatt      | nowhere | open    | address_protected
        bosatt      | nowhere | none    | address_protected
        et_nytt_ord | nowhere | open    | address_protected
        midlertidig | nowhere | open    | nothing
        """,
    )


@spec("Et barn som bare finnes gjennom moren, er like beskyttet som hun")
def test_a_child_known_through_its_mother_is_as_protected_as_she_is() -> None:
    check_table(
        one_child,
        """
        status             | lives   | mother                         | journal | finding
        foedselsregistrert | nowhere | here, confidential             | none    | address_protected
        foedselsregistrert | nowhere | nowhere, strictly_confidential | open    | address_protected
        bosatt             | here    | here, confidential             | none    | address_protected
        """,
    )


@spec("Bare barn i aldersgruppen; den som er død, blir ikke eldre")
def test_only_the_ages_asked_for() -> None:
    check_table(
        one_child,
        """
        born_on    | lives     | died_on    | journal | ages | finding
        2020-11-22 | here      |            | none    | 0-5  | lives_here_without_journal
        2020-11-21 | here      |            | none    | 0-5  | nothing
        2020-11-21 | here      |            | none    | 0-6  | lives_here_without_journal
        2026-11-21 | here      |            | none    | 0-5  | lives_here_without_journal
        2026-11-22 | here      |            | none    | 0-5  | nothing
        2020-11-21 | elsewhere |            | open    | 0-5  | nothing
        2019-03-01 | here      | 2023-03-01 | open    | 0-5  | journal_open_dead
        2019-03-01 | here      | 2026-03-01 | open    | 0-5  | nothing
        2024-03-05 | here      |            | none    | 3-5  | nothing
        """,
    )


@spec("Borte fra uttrekket: ukjent, aldri flyttet")
def test_a_child_of_the_earlier_extract_who_is_gone() -> None:
    def gone(*, now: str, earlier_protection: str, journal: str) -> str:
        sides = TwoSides()
        number = sides.earlier(protection=earlier_protection)
        former = sides.new_number(is_d_number=True)
        if now:
            child = {"number": number} if now != "new number" else {"former_numbers": (number, former)}
            sides.person(municipality=ELSEWHERE if now == "elsewhere" else HERE, **child)
        if journal:
            sides.journal(number, born_on=BORN_ON)
        return found_in(sides)

    check_table(
        gone,
        """
        now        | earlier_protection    | journal | finding
                   | none                  | open    | gone_from_extract
                   | none                  |         | gone_from_extract
                   | strictly_confidential | open    | address_protected
                   | confidential          |         | address_protected
        here       | none                  | open    | nothing
        elsewhere  | none                  | open    | journal_open_registered_elsewhere
        elsewhere  | none                  |         | nothing
        new number | none                  | open    | identifier_changed
        """,
    )


@spec("Et oppslag eller en journal som selv sier adressesperre, blir trodd")
def test_what_says_that_it_is_protected_is_believed() -> None:
    def unknown_number(*, lookup_answers: str, journal_address: str) -> str:
        sides = TwoSides()
        number = sides.new_number()
        sides.journal(number, address=journal_address or None)
        if lookup_answers:
            sides.failed_lookup(number, lookup_answers)
        return found_in(sides)

    check_table(
        unknown_number,
        """
        lookup_answers                                    | journal_address  | finding
                                                          | Storgata 1       | number_not_in_extract
        Personen finnes ikke                              | Storgata 1       | number_not_in_extract
        Mangler tilgang: personen har fortrolig adresse   | Storgata 1       | address_protected
        Ugradert person, midlertidig feil                 | Storgata 1       | number_not_in_extract
                                                          | Sperret adresse  | address_protected
                                                          | Adresse skjermet | address_protected
        """,
    )


@spec("En kommunereform er ingen flytting, og en delt kommune kan være her")
def test_a_reform_is_no_move() -> None:
    def lives_in(*, code: str, code_now: str, journal: str) -> str:
        sides = TwoSides()
        number = sides.person(municipality=code, municipality_now=code_now or None)
        if journal:
            sides.journal(number)
        return ", ".join(code for code, count in sides.answer(municipality="1508").count_by_rule.items() if count) or "nothing"

    check_table(
        lives_in,
        """
        code | code_now | journal | finding
        1504 | 1508     | open    | nothing
        1504 | 1508     |         | lives_here_without_journal
        1507 |          | open    | nothing
        1507 |          |         | lives_here_without_journal
        1580 | 1580     | open    | journal_open_registered_elsewhere
        """,
    )
