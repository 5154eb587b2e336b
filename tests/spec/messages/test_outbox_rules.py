"""Hva som skjer med en melding når den sendes

En melding sendes én gang eller ikke i det hele tatt. Vet ingen om den gikk, sendes den aldri på nytt, unntatt der meldingstjenesten kjenner den igjen på en nøkkel;
da finner et menneske det ut. Kilde: reliability.md avsnitt 5 [source] for nøkkelen, ellers vårt valg [default].
"""

from datetime import date, datetime, timedelta

from fjorten.kernel.times import OSLO
from fjorten.messages.channels.interface import Outcome
from fjorten.messages.obligations import IfTooLate
from fjorten.messages.outbox import (
    Instead,
    Then,
    after_try,
    in_sending_hours,
    instead,
    is_left_at_that,
    is_too_late,
    needed_on,
    try_again_at,
)
from fjorten.messages.silence import Silence, tries_left
from fjorten.messages.tasks import SENTENCES, TaskReason
from fjorten.messages.texts import messages
from tests.spec.tables import check_table, optional_date, spec, truth

ANSWERS = {"tatt imot": Outcome.ACCEPTED, "avvist": Outcome.REFUSED, "ikke sendt": Outcome.NOT_SENT, "uvisst": Outcome.UNCERTAIN}
FOLLOWS = {
    Then.WAIT_FOR_RECEIPT: "vent på kvittering",
    Then.TRY_AGAIN: "prøv igjen",
    Then.TELL_ANOTHER_WAY: "si det på en annen måte",
    Then.FIND_OUT: "noen finner det ut",
}


def local(written: str) -> datetime:
    return datetime.strptime(written, "%Y-%m-%d %H.%M").replace(tzinfo=OSLO)


@spec("Familier vekkes ikke: SMS og e-post går mellom kl. 8 og 20 norsk tid")
def test_messages_go_in_the_daytime() -> None:
    check_table(
        lambda klar: f"{in_sending_hours(local(klar)).astimezone(OSLO):%Y-%m-%d %H.%M}",
        """
        klar             | sendes
        2026-03-10 07.59 | 2026-03-10 08.00
        2026-03-10 08.00 | 2026-03-10 08.00
        2026-03-10 19.59 | 2026-03-10 19.59
        2026-03-10 20.00 | 2026-03-11 08.00
        2026-03-28 23.00 | 2026-03-29 08.00
        2026-03-29 02.30 | 2026-03-29 08.00
        2026-10-24 23.30 | 2026-10-25 08.00
        2026-10-25 02.30 | 2026-10-25 08.00
        2026-12-31 20.00 | 2027-01-01 08.00
        2028-02-28 21.00 | 2028-02-29 08.00
        """,
    )


@spec("Hva som følger av meldingstjenestens svar")
def test_what_follows_an_answer() -> None:
    def follows(**rad: str) -> str:
        tried = timedelta(hours=int(rad["prøvd_i_timer"]))
        has_keys = truth(rad["kjenner_nøkkelen"])
        return FOLLOWS[after_try(ANSWERS[rad["svar"]], takes_keys=has_keys, tries=int(rad["forsøk"]), trying_for=tried)]

    check_table(
        follows,
        """
        svar       | kjenner_nøkkelen | forsøk | prøvd_i_timer | følger
        tatt imot  | nei              | 1      | 0             | vent på kvittering
        tatt imot  | ja               | 9      | 30            | vent på kvittering
        avvist     | nei              | 1      | 0             | si det på en annen måte
        avvist     | ja               | 1      | 0             | si det på en annen måte
        ikke sendt | nei              | 1      | 0             | prøv igjen
        ikke sendt | nei              | 26     | 23            | prøv igjen
        ikke sendt | nei              | 27     | 24            | si det på en annen måte
        ikke sendt | ja               | 27     | 24            | si det på en annen måte
        ikke sendt | nei              | 3      | 200           | prøv igjen
        ikke sendt | nei              | 4      | 200           | si det på en annen måte
        uvisst     | nei              | 1      | 0             | noen finner det ut
        uvisst     | ja               | 1      | 0             | prøv igjen
        uvisst     | ja               | 1      | 200           | prøv igjen
        uvisst     | ja               | 27     | 24            | noen finner det ut
        """,
    )


@spec("Hvor lenge det ventes mellom forsøkene, og at en tjeneste som ber oss vente, får det, høyst et døgn")
def test_how_long_is_waited() -> None:
    def waited(**rad: str) -> str:
        at = local("2026-03-10 10.00")
        again = try_again_at(at, tries=int(rad["forsøk"]), asked_to_wait=timedelta(seconds=int(rad["ba_om_sekunder"])))
        return f"{(again - at) // timedelta(minutes=1)} min"

    check_table(
        waited,
        """
        forsøk | ba_om_sekunder | venter
        1      | 0              | 2 min
        2      | 0              | 5 min
        3      | 0              | 15 min
        4      | 0              | 60 min
        9      | 0              | 60 min
        1      | 17             | 2 min
        1      | 3600           | 60 min
        1      | 9999999        | 1440 min
        """,
    )


@spec("En tjeneste ingen får vite noe av, får være i fred etter fem uvisse forsøk på rad; så prøves én melding, sjeldnere og sjeldnere")
def test_a_silent_gateway_is_left_alone() -> None:
    def more(**rad: str) -> str:
        at = local("2026-03-10 10.00")
        last = at - timedelta(minutes=int(rad["minutter_siden_siste"])) if rad["minutter_siden_siste"] else None
        return str(tries_left(Silence(int(rad["uvisse_på_rad"]), last), at=at))

    check_table(
        more,
        """
        uvisse_på_rad | minutter_siden_siste | forsøk_til
        0             |                      | 5
        1             | 0                    | 4
        4             | 0                    | 1
        5             | 0                    | 0
        5             | 1                    | 0
        5             | 2                    | 1
        6             | 4                    | 0
        6             | 5                    | 1
        7             | 15                   | 1
        8             | 59                   | 0
        8             | 60                   | 1
        15            | 60                   | 1
        """,
    )


@spec("Når en beskjed ikke kom fram: brev der det rekker fram og det finnes en adresse, ellers ringer noen")
def test_what_is_done_instead() -> None:
    words = {Instead.LETTER: "brev", Instead.TASK: "noen ringer"}
    called = {"brev, så telefon": messages()["invitation"], "telefon": messages()["cancelled_by_clinic"]}

    def done(**rad: str) -> str:
        answer = instead(
            called[rad["slag"]],
            was_letter=truth(rad["var_brev"]),
            has_postal_address=truth(rad["har_adresse"]),
            today=date.fromisoformat(rad["i_dag"]),
            needed_on=optional_date(rad["trengs_før"]),
        )
        return words[answer]

    check_table(
        done,
        """
        slag             | var_brev | har_adresse | i_dag      | trengs_før | svar
        brev, så telefon | nei      | ja          | 2026-03-10 | 2026-03-30 | brev
        brev, så telefon | nei      | ja          | 2026-03-10 | 2026-03-18 | brev
        brev, så telefon | nei      | ja          | 2026-03-10 | 2026-03-17 | noen ringer
        brev, så telefon | nei      | ja          | 2026-03-31 | 2026-04-09 | noen ringer
        brev, så telefon | nei      | ja          | 2026-03-31 | 2026-04-11 | brev
        brev, så telefon | nei      | ja          | 2026-03-10 |            | brev
        brev, så telefon | nei      | nei         | 2026-03-10 | 2026-03-30 | noen ringer
        brev, så telefon | ja       | ja          | 2026-03-10 | 2026-03-30 | noen ringer
        telefon          | nei      | ja          | 2026-03-10 | 2026-03-30 | noen ringer
        """,
    )


@spec("Avvist eller uten kvittering er det samme: noen gjør noe, unntatt for en takk og en påminnelse som ikke lenger er til nytte")
def test_when_it_is_left_at_that() -> None:
    def left(**rad: str) -> str:
        is_left = is_left_at_that(
            messages()[rad["melding"]],
            if_too_late=IfTooLate(rad["for_sent"]),
            at=local(rad["nå"]),
            lapses_at=local(rad["til_nytte_til"]) if rad["til_nytte_til"] else None,
        )
        return "ingenting" if is_left else "noen gjør noe"

    check_table(
        left,
        """
        melding         | for_sent     | nå               | til_nytte_til    | svar
        reminder_3_days | lapses       | 2026-03-28 09.59 | 2026-03-29 10.00 | noen gjør noe
        reminder_3_days | lapses       | 2026-03-29 10.00 | 2026-03-29 10.00 | ingenting
        reminder_1_day  | lapses       | 2026-03-29 10.01 | 2026-03-30 00.00 | noen gjør noe
        reminder_1_day  | lapses       | 2026-03-30 10.00 | 2026-03-30 00.00 | ingenting
        before_group    | lapses       | 2026-03-24 10.00 | 2026-03-27 10.00 | noen gjør noe
        invitation      | becomes_task | 2026-03-28 10.00 | 2026-03-30 09.00 | noen gjør noe
        invitation      | becomes_task | 2026-03-31 10.00 | 2026-03-30 09.00 | noen gjør noe
        second_miss     | becomes_task | 2026-03-31 10.00 |                  | noen gjør noe
        answer_coming   | lapses       | 2026-03-10 10.00 | 2026-03-10 22.00 | ingenting
        """,
    )


@spec("En melding er for sen fra det øyeblikket den ikke lenger er til nytte")
def test_when_it_is_too_late() -> None:
    def late(**rad: str) -> str:
        end = local(rad["til_nytte_til"]) if rad["til_nytte_til"] else None
        return f"{'for sent' if is_too_late(local(rad['nå']), end) else 'i tide'}, trengs før {needed_on(end) or 'ingen bestemt dag'}"

    check_table(
        late,
        """
        nå               | til_nytte_til    | svar
        2026-03-30 08.59 | 2026-03-30 09.00 | i tide, trengs før 2026-03-30
        2026-03-30 09.00 | 2026-03-30 09.00 | for sent, trengs før 2026-03-30
        2026-03-30 09.00 | 2026-03-30 00.00 | for sent, trengs før 2026-03-30
        2036-03-30 09.00 |                  | i tide, trengs før ingen bestemt dag
        """,
    )


@spec("Hva et menneske blir bedt om, og innen hvor mange virkedager")
def test_what_a_person_is_asked_to_do() -> None:
    def asked(grunn: str) -> str:
        sentence, days = SENTENCES[TaskReason(grunn)]
        return f"{days}: {sentence}"

    check_table(
        asked,
        """
        grunn                   | oppgave
        child_is_protected      | 1: Gi beskjeden gjennom det navngitte teamet: barnet har adressesperre.
        guardian_is_protected   | 1: Gi beskjeden for hånd: en av de foresatte har adressesperre.
        child_decides           | 2: Spør barnet hvem som skal få vite det (fra 12 år).
        carer_cannot_be_reached | 1: Finn ut hvordan den som har omsorgen nå, kan nås, og gi beskjeden.
        no_guardian_is_known    | 2: Finn ut hvem som har foreldreansvaret, og gi beskjeden.
        nobody_can_be_reached   | 2: Finn telefonnummer eller adresse til familien, og gi beskjeden.
        too_late                | 1: Familien fikk ikke beskjeden i tide. Ring og avtal.
        not_delivered           | 1: Beskjeden kom ikke fram. Ring familien.
        uncertain               | 1: Det er uvisst om beskjeden ble sendt. Finn det ut, eller ring familien.
        no_receipt              | 1: Beskjeden er sendt, men ikke kvittert: familien er kanskje ikke nådd. Ring.
        no_text                 | 1: Meldingen kunne ikke skrives. Ring familien, og si fra til den som har ansvar for tekstene.
        wants_another_time      | 1: Familien ber om en annen tid. Ring og avtal.
        wants_no_messages       | 2: Familien vil ikke ha SMS. Ring og avtal hvordan de vil ha beskjed.
        wrote_something         | 1: Familien har skrevet til dere. Les og svar.
        unknown_sender          | 2: En melding kom fra et nummer som ikke hører til noen her. Finn ut hvem det er.
        """,
    )
