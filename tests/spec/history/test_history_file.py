"""Filen med historikk fra et tidligere system

En kommune som bytter system, tar med seg historikken: `fjorten history load FIL`. Filen er JSON Lines, ett barn på hver linje, i UTF-8. Les
inn Folkeregisteret først (`fjorten register load`), og før dem som arbeider og har arbeidet her (`fjorten staff hire`). Timer
familien alt har fått beskjed om, tas med; åpne saker gjør det ikke, for dem åpner systemet selv den første natten, av det som ikke er
gjort. Ingen familie får beskjed om noe av dette: påminnelser om timer som kommer, går herfra. Kommandoen kan kjøres på nytt: det som er tatt over, blir ikke rørt, og linjer som ikke kan brukes, blir listet.
"""

from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import Any

from fjorten.appointments.earlier import EarlierTime
from fjorten.followup.earlier import EarlierCase, EarlierEntry
from fjorten.history.child import EarlierChild
from fjorten.history.lines import LineIsWrong, read_history
from fjorten.people.earlier import EarlierAddress, EarlierGuardian, EarlierWish
from fjorten.plans.steps import EarlierStep
from tests.factories.register import a_number
from tests.spec.tables import check_table, spec

KINDS: dict[str, Any] = {
    "barnet": EarlierChild,
    "guardians": EarlierGuardian,
    "address": EarlierAddress,
    "wish": EarlierWish,
    "steps": EarlierStep,
    "appointments": EarlierTime,
    "cases": EarlierCase,
    "entries": EarlierEntry,
}


def without(i: str, felt: str) -> str:
    """What a field is when it is left out."""
    [field] = [one for one in fields(KINDS[i]) if one.name == felt]
    if field.default is MISSING:
        return "må stå"
    if isinstance(field.default, bool):
        return "ja" if field.default else "nei"
    return "tom" if field.default in ("", None, ()) else str(field.default)


@spec("Feltene")
def test_the_fields_and_what_they_are_when_left_out() -> None:
    described = set()

    def left_out(i: str, felt: str, betyr: str) -> str:
        described.add((i, felt))
        return without(i, felt)

    check_table(
        left_out,
        """
        i            | felt                     | betyr                                                                     | utelatt
        barnet       | number                   | et av barnets fødselsnumre eller D-numre, også et gammelt                 | må stå
        barnet       | since                    | dagen barnet begynte å følge programmet her; fødselsdagen for dem som alltid har bodd her | må stå
        barnet       | guardians                | liste over foresatte                                                      | tom
        barnet       | wish                     | hva som passer for familien                                               | tom
        barnet       | steps                    | liste over konsultasjoner som er avgjort; de noen møtte til, trengs ikke  | tom
        barnet       | appointments             | liste over timer, de som er over og de som kommer                         | tom
        barnet       | cases                    | liste over saker som er lukket                                            | tom
        guardians    | number                   | fødselsnummer eller D-nummer                                              | må stå
        guardians    | name                     | navnet                                                                    | tom
        guardians    | language                 | språkkode (ISO 639)                                                       | tom
        guardians    | needs_interpreter        | trenger tolk                                                              | nei
        guardians    | is_protected             | har adressesperre; da beholdes ingen adresse                              | nei
        guardians    | telephone                | telefonnummer, slik folk skriver det                                      | tom
        guardians    | address                  | hvor brev går                                                             | tom
        address      | lines                    | liste over adresselinjer                                                  | må stå
        address      | postal_code              | postnummer                                                                | må stå
        address      | place                    | poststed                                                                  | må stå
        wish         | unsuitable_weekdays      | liste over ukedager som ikke passer, mandag er 0                          | tom
        wish         | earliest                 | tidligst på dagen, 09:00                                                  | tom
        wish         | latest                   | senest på dagen                                                           | tom
        wish         | can_come_at_short_notice | kan komme på noen dagers varsel                                           | nei
        steps        | step                     | konsultasjonens kode i programmet                                         | må stå
        steps        | outcome                  | done, done_elsewhere, declined eller waived                               | må stå
        steps        | on                       | dagen det skjedde, 2026-03-01                                             | må stå
        steps        | by                       | hvem som gjorde det                                                       | tom
        steps        | reason                   | begrunnelsen; må stå for alt annet enn done                               | tom
        steps        | is_confirmed             | dokumentert, for det som er gjort et annet sted                           | ja
        appointments | step                     | konsultasjonens kode                                                      | må stå
        appointments | begins_at                | når timen begynte, norsk tid, 2026-03-01T09:00                            | må stå
        appointments | minutes                  | hvor lenge den varte                                                      | 30
        appointments | setting                  | clinic, home eller group                                                  | clinic
        appointments | employee                 | koden til den som skulle ta imot                                          | må stå
        appointments | doctor                   | koden til legen som var eller er med                                      | tom
        appointments | room                     | rommet, slik det heter på helsestasjonen                                  | tom
        appointments | capacity                 | hvor mange barn en gruppe er for                                          | 1
        appointments | state                    | hva den ble til; offered eller confirmed for en som kommer, ellers attended, did_not_attend, not_brought, cancelled_by_family, moved_by_family, cancelled_by_clinic eller moved_by_clinic | må stå
        appointments | booked_on                | dagen timen ble gitt                                                      | tom
        appointments | said_on                  | dagen den ble avlyst eller flyttet                                        | tom
        appointments | reason                   | hvorfor                                                                   | tom
        cases        | step                     | konsultasjonens kode                                                      | må stå
        cases        | owner                    | koden til den som hadde saken og lukket den                               | må stå
        cases        | opened_on                | dagen saken ble åpnet                                                     | må stå
        cases        | closed_on                | dagen den ble lukket                                                      | må stå
        cases        | closing                  | måten den ble lukket på, fra stigen                                       | må stå
        cases        | note                     | notat                                                                     | tom
        cases        | entries                  | liste over det som ble gjort                                              | tom
        entries      | step                     | stegets kode på stigen                                                    | må stå
        entries      | on                       | dagen det ble gjort                                                       | må stå
        entries      | by                       | hvem som gjorde det                                                       | må stå
        entries      | how                      | telephone, sms, letter, home_visit, in_person, register eller discussion  | tom
        entries      | outcome                  | reached, no_contact, new_time, declines, found_out eller done             | må stå
        entries      | reason                   | hvorfor familien ikke kom, fra stigen                                     | tom
        entries      | note                     | notat                                                                     | tom
        """,
    )
    assert described == {(name, field.name) for name, kind in KINDS.items() for field in fields(kind)}, "no field is forgotten"


A_CHILD = f'"number": "{a_number(date(2024, 3, 5))}", "since": "2024-03-05"'


@spec("Hva som sies om en linje som ikke kan leses")
def test_what_is_said_of_a_line(tmp_path: Path) -> None:
    def said(linje: str) -> str:
        path = tmp_path / "historikk.jsonl"
        path.write_text(linje.replace("…", A_CHILD), encoding="utf-8")
        [line] = read_history(path)
        return line.told.sentence if isinstance(line.told, LineIsWrong) else "leses"

    check_table(
        said,
        """
        linje                                            | svar
        {…}                                              | leses
        {…, "wish": null}                                | leses
        {…, "wish": {"earliest": "09:30"}}               | leses
        {…                                               | Linjen er ikke gyldig JSON.
        ["barn"]                                         | Linjen skal være et objekt med felt.
        {"number": "12345678901"}                        | since: mangler.
        {…, "navn": "Kari"}                              | navn: er ikke et felt i dette formatet.
        {…, "steps": {}}                                 | steps: skal være en liste.
        {…, "steps": [{}]}                               | steps[1].step: mangler.
        {…, "steps": ["C01"]}                            | steps[1]: skal være et objekt med felt.
        {…, "steps": [{"step": 1}]}                      | steps[1].outcome: mangler.
        {…, "steps": [{"step": 1, "outcome": "done", "on": "2024-03-09"}]} | steps[1].step: skal være en tekst.
        {…, "steps": [{"step": "C01", "outcome": "gjort", "on": "2024-03-09"}]} | steps[1].outcome: skal være ett av: not_yet_due, due, booked, overdue, missed, done, done_elsewhere, declined, waived.
        {…, "steps": [{"step": "C01", "outcome": "done", "on": "9.3.2024"}]} | steps[1].on: skrives som 2026-03-01.
        {…, "steps": [{"step": "C01", "outcome": "done", "on": "0024-03-09"}]} | steps[1].on: skrives som 2026-03-01.
        {…, "wish": {"earliest": "ni"}}                  | wish.earliest: skrives som 09:00.
        {…, "wish": {"unsuitable_weekdays": ["mandag"]}} | wish.unsuitable_weekdays[1]: skal være et helt tall.
        {…, "wish": {"can_come_at_short_notice": 1}}     | wish.can_come_at_short_notice: skal være true eller false.
        {…, "appointments": [{"step": "C01", "begins_at": "2024-03-09T09:00Z", "employee": "a", "state": "attended"}]} | appointments[1].begins_at: skrives som 2026-03-01T09:00.
        {…, "guardians": [{"number": "123"}]}            | guardians[1].number: Et fødselsnummer eller D-nummer har 11 sifre. Har et regneark fjernet nullen foran, må den skrives inn igjen.
        """,
    )
