"""Hva familien skal ha beskjed om når barnet har time

Beskjedene følger av timen slik den står nå, hver gang på nytt: ingen husker på å sende noe, og ingenting sendes to ganger. Flyttes eller avlyses timen, faller det
bort som ikke er sendt ennå. To påminnelser, 3 dager og 1 dag før: Steiner 2018 [source]; klokkeslett, frister og ordlyd er vårt valg [default].
"""

from datetime import datetime, timedelta

from fjorten.appointments.owed import AppointmentFacts, owed_about
from fjorten.appointments.states import State
from fjorten.kernel.times import OSLO
from fjorten.messages.obligations import IfTooLate, Obligation
from fjorten.programme.steps import Setting
from tests.spec.tables import check_table, spec, truth

KINDS = {
    "invitation": "innkalling",
    "missed_new_time": "vi savnet dere, ny time",
    "time_changed": "timen er endret",
    "before_group": "om gruppen",
    "reminder_3_days": "påminnelse 3 dager",
    "reminder_1_day": "påminnelse 1 dag",
    "cancelled_by_clinic": "timen er avlyst",
}
STATES = {
    "åpen": State.OFFERED,
    "bekreftet": State.CONFIRMED,
    "møtt": State.ATTENDED,
    "ikke møtt": State.DID_NOT_ATTEND,
    "ikke fulgt": State.NOT_BROUGHT,
    "avbestilt av familien": State.CANCELLED_BY_FAMILY,
    "flyttet av familien": State.MOVED_BY_FAMILY,
    "avlyst av klinikken": State.CANCELLED_BY_CLINIC,
    "flyttet av klinikken": State.MOVED_BY_CLINIC,
}


def at(written: str) -> datetime:
    """Norwegian clock, as "30.03 09.00", in 2026."""
    return datetime.strptime(f"2026.{written}", "%Y.%d.%m %H.%M").replace(tzinfo=OSLO)


def an_appointment(**facts: object) -> AppointmentFacts:
    usual = {
        "pk": 1,
        "person_id": 1,
        "clinic_id": 1,
        "setting": Setting.CLINIC,
        "begins_at": at("30.03 09.00"),
        "booked_at": at("10.03 10.00"),
        "state": State.OFFERED,
        "state_at": at("10.03 10.00"),
    }
    return AppointmentFacts(**(usual | facts))  # type: ignore[arg-type]  # a table's words


def shown(one: Obligation) -> str:
    return f"{KINDS[one.kind]} {one.not_before.astimezone(OSLO):%d.%m %H.%M}"


def all_of(appointment: AppointmentFacts) -> str:
    return ", ".join(shown(one) for one in owed_about(appointment)) or "ingenting"


@spec("En time i klinikken: beskjed straks, og to påminnelser kl. 10")
def test_when_a_family_is_told() -> None:
    check_table(
        lambda satt_opp, timen: all_of(an_appointment(booked_at=at(satt_opp), begins_at=at(timen))),
        """
        satt_opp    | timen       | beskjeder
        10.03 10.00 | 30.03 09.00 | innkalling 10.03 10.00, påminnelse 3 dager 27.03 10.00, påminnelse 1 dag 29.03 10.00
        10.03 21.30 | 30.03 09.00 | innkalling 11.03 08.00, påminnelse 3 dager 27.03 10.00, påminnelse 1 dag 29.03 10.00
        10.03 05.00 | 30.03 09.00 | innkalling 10.03 08.00, påminnelse 3 dager 27.03 10.00, påminnelse 1 dag 29.03 10.00
        26.03 10.00 | 30.03 09.00 | innkalling 26.03 10.00, påminnelse 3 dager 27.03 10.00, påminnelse 1 dag 29.03 10.00
        26.03 10.01 | 30.03 09.00 | innkalling 26.03 10.01, påminnelse 1 dag 29.03 10.00
        28.03 11.00 | 30.03 09.00 | innkalling 28.03 11.00
        30.03 08.30 | 30.03 09.00 | innkalling 30.03 08.30
        """,
    )


@spec("En gruppe: i tillegg en uke før, at den er en gruppe")
def test_a_group_is_told_a_week_before() -> None:
    check_table(
        lambda satt_opp, timen: all_of(an_appointment(booked_at=at(satt_opp), begins_at=at(timen), setting=Setting.GROUP)),
        """
        satt_opp    | timen       | beskjeder
        10.03 10.00 | 25.03 13.00 | innkalling 10.03 10.00, om gruppen 18.03 10.00, påminnelse 3 dager 22.03 10.00, påminnelse 1 dag 24.03 10.00
        17.03 11.00 | 25.03 13.00 | innkalling 17.03 11.00, påminnelse 3 dager 22.03 10.00, påminnelse 1 dag 24.03 10.00
        """,
    )


@spec("Sommertid og vintertid: påminnelsen går kl. 10 etter norsk klokke, også samme dag som klokken stilles")
def test_reminders_keep_the_norwegian_clock() -> None:
    def owed(satt_opp: str, timen: str) -> str:
        reminder = list(owed_about(an_appointment(booked_at=at(satt_opp), begins_at=at(timen))))[-1]
        return f"{shown(reminder)} ({reminder.not_before:%H.%M} UTC)"

    check_table(
        owed,
        """
        satt_opp    | timen       | siste beskjed
        10.03 10.00 | 28.03 09.00 | påminnelse 1 dag 27.03 10.00 (09.00 UTC)
        10.03 10.00 | 30.03 09.00 | påminnelse 1 dag 29.03 10.00 (08.00 UTC)
        05.10 10.00 | 24.10 09.00 | påminnelse 1 dag 23.10 10.00 (08.00 UTC)
        05.10 10.00 | 26.10 09.00 | påminnelse 1 dag 25.10 10.00 (09.00 UTC)
        """,
    )


@spec("Er timen ført, er ingenting lenger aktuelt; det som ble uteblitt fra, besvares med en ny time")
def test_what_is_settled_is_owed_nothing() -> None:
    check_table(
        lambda timen_er: all_of(an_appointment(state=STATES[timen_er], was_told=True)),
        """
        timen_er              | beskjeder
        åpen                  | innkalling 10.03 10.00, påminnelse 3 dager 27.03 10.00, påminnelse 1 dag 29.03 10.00
        bekreftet             | innkalling 10.03 10.00, påminnelse 3 dager 27.03 10.00, påminnelse 1 dag 29.03 10.00
        møtt                  | ingenting
        ikke møtt             | ingenting
        ikke fulgt            | ingenting
        avbestilt av familien | ingenting
        flyttet av familien   | ingenting
        avlyst av klinikken   | timen er avlyst 10.03 10.00
        flyttet av klinikken  | ingenting
        """,
    )


@spec("Avlyser klinikken, får de beskjed som kan ha visst om timen og ikke har fått en ny")
def test_a_cancellation_is_told_to_those_who_knew() -> None:
    def owed(avlyst: str, visste_om_den: str, har_ny_time: str) -> str:
        facts = {"state": State.CANCELLED_BY_CLINIC, "state_at": at(avlyst), "was_told": truth(visste_om_den)}
        return all_of(an_appointment(**facts, is_replaced=truth(har_ny_time)))

    check_table(
        owed,
        """
        avlyst      | visste_om_den | har_ny_time | beskjeder
        20.03 12.00 | ja            | nei         | timen er avlyst 20.03 12.00
        20.03 22.00 | ja            | nei         | timen er avlyst 21.03 08.00
        20.03 12.00 | nei           | nei         | ingenting
        20.03 12.00 | ja            | ja          | ingenting
        """,
    )


@spec("En time som kommer i stedet for en annen, fortelles om med egne ord")
def test_a_new_time_is_told_in_words_of_its_own() -> None:
    check_table(
        lambda forrige: KINDS[next(iter(owed_about(an_appointment(instead_of=STATES[forrige])))).kind],
        """
        forrige               | ordlyd
        ikke møtt             | vi savnet dere, ny time
        ikke fulgt            | vi savnet dere, ny time
        avlyst av klinikken   | timen er endret
        flyttet av klinikken  | timen er endret
        avbestilt av familien | innkalling
        flyttet av familien   | innkalling
        møtt                  | innkalling
        """,
    )


@spec("Når en beskjed ikke lenger er til nytte, og hva som skjer da")
def test_when_a_message_is_of_no_use() -> None:
    def end(beskjed: str) -> str:
        group = an_appointment(setting=Setting.GROUP)
        cancelled = an_appointment(state=State.CANCELLED_BY_CLINIC, was_told=True)
        owed = {KINDS[one.kind]: one for one in (*owed_about(group), *owed_about(cancelled))}[beskjed]
        what = {IfTooLate.LAPSES: "faller bort", IfTooLate.BECOMES_TASK: "noen ringer"}[owed.if_too_late]
        assert owed.lapses_at is not None and owed.lapses_at <= group.begins_at
        return f"{owed.lapses_at.astimezone(OSLO):%d.%m %H.%M}: {what}"

    check_table(
        end,
        """
        beskjed            | svar
        innkalling         | 30.03 09.00: noen ringer
        om gruppen         | 27.03 10.00: faller bort
        påminnelse 3 dager | 29.03 10.00: faller bort
        påminnelse 1 dag   | 30.03 00.00: faller bort
        timen er avlyst    | 30.03 09.00: noen ringer
        """,
    )


@spec("Den som nettopp har fått beskjed, trenger ingen påminnelse: det skal gå et døgn")
def test_a_day_between_being_told_and_being_reminded() -> None:
    reminded = an_appointment(begins_at=at("30.03 09.00"), booked_at=at("28.03 10.00"))
    too_soon = an_appointment(begins_at=at("30.03 09.00"), booked_at=at("28.03 10.00") + timedelta(seconds=1))
    assert [one.kind for one in owed_about(reminded)] == ["invitation", "reminder_1_day"]
    assert [one.kind for one in owed_about(too_soon)] == ["invitation"]
