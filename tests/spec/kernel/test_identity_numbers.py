"""
Identitetsnummer

Fødselsnummer, D-nummer, H-nummer, felles hjelpenummer og de syntetiske formene av dem: hva som godtas, hva et nummer er, og hva det ennå
kan fortelle om personen. Kilder: Skatteetaten («Nytt fødselsnummer fra 2032», «Test for konsumenter»), folkeregisterforskriften
kapittel 2, HIS 1001:2010 om hjelpenummer, Norsk helsenett («Om SyntPop») og Navs åpne valideringskode. Alle numre her er publiserte eksempler
eller syntetiske.
"""

from __future__ import annotations

from datetime import date

from fjorten.kernel.national_id import NotANationalId, mask, parse, with_control_digits
from tests.spec.tables import check_table, spec


def verdict(number: str, description: str = "") -> str:
    try:
        parse(number)
    except NotANationalId as refused:
        return refused.problem
    return "valid"


def form(number: str) -> str:
    read = parse(number)
    return f"{read.kind} {read.month_mark} {read.control_rule}"


def told(number: str, seen_on: str) -> str:
    told = parse(number).told(seen_on=date.fromisoformat(seen_on))
    return f"{told.birth_date or '-'} {told.sex or '-'}"


def told_year(two_digits: str, individual: str) -> str:
    """Read synthetic numbers of all days in January with these digits; those that exist tell the same year."""
    numbers = [with_control_digits(f"{day:02d}81{two_digits}{individual}") for day in range(1, 32)]
    years = {told.year if (told := parse(number).told_birth_date) else "ukjent" for number in numbers if number is not None}
    (year,) = years
    return str(year)


def completed(first_nine: str, first_remainder: str) -> str:
    return with_control_digits(first_nine, first_remainder=int(first_remainder)) or "none"


@spec("Skatteetatens ti offisielle testnumre gir Skatteetatens svar")
def test_the_ten_official_vectors() -> None:
    check_table(
        verdict,
        """
        number      | description                                | answer
        30108299939 | reelt 2032-nummer                          | valid
        30908299902 | syntetisk 2032-nummer                      | valid
        20036914700 | reelt 1964-nummer                          | valid
        03851598730 | syntetisk 1964-nummer                      | valid
        20036914712 | reelt 1964-nummer                          | control_digits
        29020073150 | reelt 1964-nummer, skuddag i skuddår       | valid
        29020105729 | reelt 1964-nummer, skuddag i ikke-skuddår  | date
        55102499947 | reelt 2032-D-nummer                        | valid
        41819077906 | syntetisk 2032-D-nummer                    | valid
        41819077302 | syntetisk 1964-D-nummer                    | valid
        """,
    )


@spec("Et nummer er gyldig når tegn, lengde, dato og kontrollsiffer stemmer, og det første som ikke gjør det, blir oppgitt")
def test_the_first_thing_wrong_is_named() -> None:
    check_table(
        verdict,
        """
        number         | description                                          | answer
        03851598730    | elleve sifre                                         | valid
        038515 98730   | mellomrom etter fødselsdatoen                        | valid
        038515-98730   | bindestrek etter fødselsdatoen                       | valid
        03.85.15 98730 | punktum i datoen                                     | valid
        038515 987 30  | mellomrom før kontrollsifrene                        | valid
        0385159873     | ti sifre                                             | length
        3851598730     | nullen foran er borte                                | length
        038515 9873    | ti sifre med mellomrom                               | length
        038515987301   | tolv sifre, som et DUF-nummer                        | length
                       | tom celle                                            | length
        0385159873O    | bokstaven O for sifferet 0                           | characters
        0 38515 98730  | mellomrom midt i datoen                              | characters
        03851598731    | siste siffer feil                                    | control_digits
        30851598730    | to sifre byttet om                                   | control_digits
        31911598730    | 31. november                                         | date
        00851598730    | dag 00                                               | date
        40851598730    | D-nummer med dag 00                                  | date
        03801598730    | syntetisk med måned 00                               | date
        03931598730    | syntetisk med måned 13                               | date
        03251598730    | måned + 20, Navs interne NPID                        | date
        03611598730    | måned + 60, syntetisk NPID                           | date
        """,
    )


@spec("29. februar finnes i år som slutter på 00, for da leses året som 2000")
def test_leap_days() -> None:
    check_table(
        verdict,
        """
        number      | description              | answer
        29820099921 | 29. februar 00           | valid
        29822099635 | 29. februar 20           | valid
        29821999918 | 29. februar 19           | date
        69822075096 | 29. februar 20, D-nummer | valid
        """,
    )


@spec("Nav og Skatteetaten legger 40 og 80 til måneden på syntetiske personer, også på D-numre")
def test_public_lists_of_synthetic_persons() -> None:
    """The list in navikt/fnrvalidator issue 116, and the numbers of the same validator's own tests."""
    check_table(
        form,
        """
        number      | answer
        15507600333 | h_number help today
        29422059278 | h_number help today
        05440355678 | h_number help today
        12429400544 | h_number help today
        12505209719 | h_number help today
        21483609245 | h_number help today
        21528704651 | h_number help today
        13527248013 | h_number help today
        55507608360 | d_number help today
        69422056629 | d_number help today
        45440356293 | d_number help today
        52429405181 | d_number help today
        52505209540 | d_number help today
        61483601467 | d_number help today
        61528703428 | d_number help today
        68467038838 | d_number help today
        17912099997 | foedselsnummer synthetic today
        29822099635 | foedselsnummer synthetic today
        05840399895 | foedselsnummer synthetic today
        12829499914 | foedselsnummer synthetic today
        12905299938 | foedselsnummer synthetic today
        21883649874 | foedselsnummer synthetic today
        21929774873 | foedselsnummer synthetic today
        10915596784 | foedselsnummer synthetic today
        57912075186 | d_number synthetic today
        69822075096 | d_number synthetic today
        45840375084 | d_number synthetic today
        52829400197 | d_number synthetic today
        52905200100 | d_number synthetic today
        61883600222 | d_number synthetic today
        61929750062 | d_number synthetic today
        50846202355 | d_number synthetic today
        46879700922 | d_number synthetic today
        """,
    )


@spec("Norsk helsenett legger 65 til måneden på sine reserverte testpersoner")
def test_reserved_test_persons_of_the_health_network() -> None:
    check_table(
        form,
        """
        number      | answer
        03661598734 | foedselsnummer health_synthetic today
        31771598717 | foedselsnummer health_synthetic today
        43661598728 | d_number health_synthetic today
        """,
    )


@spec("Felles hjelpenummer begynner med 8 eller 9 og har ingen dato")
def test_auxiliary_numbers() -> None:
    check_table(
        form,
        """
        number      | answer
        88888888831 | auxiliary none today
        81234567802 | auxiliary none today
        99999999936 | auxiliary none from_2032
        """,
    )


@spec("Numre utstedt fra 2032 leses allerede nå: første rest kan være 0, 1, 2 eller 3, andre rest må være 0")
def test_numbers_issued_from_2032() -> None:
    check_table(
        form,
        """
        number      | answer
        30108299939 | foedselsnummer none from_2032
        30908299902 | foedselsnummer synthetic from_2032
        55102499947 | d_number none from_2032
        41819077906 | d_number synthetic from_2032
        30108299920 | foedselsnummer none today
        02013299997 | foedselsnummer none today
        """,
    )


@spec("Et vanlig nummer etter dagens regel forteller fødselsdato og kjønn etter de gamle individsifferseriene")
def test_what_an_ordinary_number_tells() -> None:
    check_table(
        told,
        """
        number      | seen_on    | answer
        17912099997 | 2026-01-31 | 2020-11-17 male
        29822099635 | 2026-01-31 | 2020-02-29 female
        05840399895 | 2026-01-31 | 2003-04-05 female
        12829499914 | 2026-01-31 | 1994-02-12 male
        12905299938 | 2026-01-31 | 1952-10-12 male
        21883649874 | 2026-01-31 | 1936-08-21 female
        21929774873 | 2026-01-31 | 1897-12-21 female
        03661598734 | 2026-01-31 | 2015-01-03 male
        """,
    )


@spec("Individsifrene og årets to sifre gir århundret; 2000-serien slutter der de nye numrene begynner")
def test_centuries_by_the_old_series() -> None:
    check_table(
        told_year,
        """
        two_digits | individual | answer
        99         | 000        | 1999
        00         | 499        | 1900
        31         | 500        | 2031
        31         | 999        | 2031
        32         | 500        | ukjent
        39         | 950        | ukjent
        40         | 499        | 1940
        40         | 899        | ukjent
        40         | 900        | 1940
        53         | 500        | ukjent
        53         | 749        | ukjent
        54         | 500        | 1854
        54         | 749        | 1854
        54         | 750        | ukjent
        99         | 899        | ukjent
        99         | 900        | 1999
        """,
    )


@spec("Nye numre, D-numre og hjelpenumre forteller ikke fødselsdato, og nye numre og hjelpenumre heller ikke kjønn")
def test_what_other_numbers_do_not_tell() -> None:
    check_table(
        told,
        """
        number      | seen_on    | answer
        30908299902 | 2026-01-31 | - -
        41819077906 | 2026-01-31 | - -
        41819077302 | 2026-01-31 | - male
        69822075096 | 2026-01-31 | - female
        70816802170 | 2026-01-31 | - male
        71816802029 | 2026-01-31 | - female
        15507600333 | 2026-01-31 | - -
        55507608360 | 2026-01-31 | - -
        88888888831 | 2026-01-31 | - -
        """,
    )


@spec("Individsifre utenfor de gamle seriene gir ikke noe århundre, og da blir fødselsdatoen ikke gjettet")
def test_undetermined_centuries_are_not_guessed() -> None:
    check_table(
        told,
        """
        number      | seen_on    | answer
        01814550016 | 2026-01-31 | - female
        01814589931 | 2026-01-31 | - male
        01816080076 | 2026-01-31 | - female
        29820012346 | 2026-01-31 | - male
        """,
    )


@spec("Et nummer som først er sett fra 1. januar 2032, forteller ingenting: en rest på 0 kan da være tilfeldig")
def test_a_number_first_seen_from_2032_tells_nothing() -> None:
    check_table(
        told,
        """
        number      | seen_on    | answer
        30108299920 | 2031-12-31 | 1982-10-30 male
        30108299920 | 2032-01-01 | - -
        17912099997 | 2031-12-31 | 2020-11-17 male
        17912099997 | 2032-01-01 | - -
        02013299997 | 2031-12-31 | - -
        """,
    )


@spec("Kontrollsifrene regnes etter at merkene er lagt til, og noen sifferrekker finnes ikke fordi et kontrollsiffer ville blitt 10")
def test_control_digits() -> None:
    check_table(
        completed,
        """
        first_nine | first_remainder | answer
        038515987  | 0               | 03851598730
        301082999  | 0               | 30108299920
        301082999  | 1               | 30108299939
        020132999  | 0               | 02013299997
        309082999  | 2               | 30908299902
        418190773  | 0               | 41819077302
        418190779  | 1               | 41819077906
        018115502  | 0               | none
        018115509  | 0               | none
        """,
    )


@spec("I logger og feilmeldinger erstattes alt som kan være et identitetsnummer, også feilskrevne, med stjerner")
def test_masking_of_free_text() -> None:
    check_table(
        mask,
        """
        text                                      | answer
        barn 03851598730 flyttet                  | barn *********** flyttet
        barn 038515 98730 flyttet                 | barn *********** flyttet
        mor 41819077302, barn 03.85.15-98730      | mor ***********, barn ***********
        feil nummer 03851598731                   | feil nummer ***********
        3851598730 uten nullen                    | *********** uten nullen
        038515-987301 med et siffer for mye       | *********** med et siffer for mye
        telefon 22 22 55 55, 31.01.2026 kl. 12:00 | telefon 22 22 55 55, 31.01.2026 kl. 12:00
        """,
    )
