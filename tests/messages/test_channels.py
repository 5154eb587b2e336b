"""Every channel against a counterparty that does everything a counterparty can do: what became of the message is never told wrong."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fjorten.messages.channels.interface import Delivery, Incoming, KeyCannotBeCarried, Outcome, Parcel, Patience, Reason, Receipt, said_by
from fjorten.messages.channels.pswincom import PSWinCom
from fjorten.messages.channels.smpp import Smpp
from fjorten.messages.channels.smtp import Smtp
from fjorten.messages.channels.sveve import Sveve
from tests.counterparties import pswincom, sveve
from tests.counterparties.misbehaviour import Misbehaviour, always, by_chance, told_of
from tests.counterparties.rigs import RIGS, TEXT, client_tls, patience_with, pswincom_rig, smpp_rig, smtp_rig, svarut_rig, sveve_rig

# What each misbehaviour is to each channel. Rows and columns are the whole table.
EXPECTED = """
                   | sveve     | pswincom  | svarut    | smtp      | smpp
taken              | accepted  | accepted  | accepted  | accepted  | accepted
taken_slow         | accepted  | accepted  | accepted  | accepted  | accepted
taken_silent       | uncertain | uncertain | uncertain | uncertain | uncertain
taken_cut          | uncertain | uncertain | uncertain | uncertain | uncertain
taken_garbled      | uncertain | uncertain | uncertain | uncertain | uncertain
taken_server_error | uncertain | uncertain | uncertain | uncertain | uncertain
left_silent        | uncertain | uncertain | uncertain | uncertain | uncertain
left_cut           | uncertain | uncertain | uncertain | uncertain | uncertain
left_garbled       | uncertain | uncertain | uncertain | uncertain | uncertain
left_server_error  | uncertain | uncertain | uncertain | uncertain | uncertain
left_throttled     | not_sent  | not_sent  | not_sent  | not_sent  | not_sent
left_error_inside  | not_sent  | not_sent  | not_sent  | refused   | not_sent
left_number_error  | refused   | refused   | refused   | refused   | refused
"""


def cases() -> list[tuple[str, Misbehaviour, Outcome]]:
    headings, *rows = [[cell.strip() for cell in line.split("|")] for line in EXPECTED.strip("\n").splitlines()]
    return [
        (channel, Misbehaviour(row[0]), Outcome(outcome)) for row in rows for channel, outcome in zip(headings[1:], row[1:], strict=True)
    ]


def test_the_table_has_every_channel_and_every_misbehaviour() -> None:
    assert {(channel, behaviour) for channel, behaviour, _ in cases()} == {(name, behaviour) for name in RIGS for behaviour in Misbehaviour}


@pytest.mark.parametrize(("name", "behaviour", "outcome"), cases(), ids=str)
def test_what_became_of_the_message_is_told_right(name: str, behaviour: Misbehaviour, outcome: Outcome) -> None:
    with RIGS[name](always(behaviour), patience_with(behaviour)) as rig:
        parcel = rig.parcel()
        handover = rig.channel.hand_over(parcel)
        assert handover.outcome is outcome, handover
        if behaviour is Misbehaviour.TAKEN_SILENT:  # we gave up waiting; it may not have read it yet
            wait_for(lambda: rig.times_taken(parcel) == 1)
        assert rig.times_taken(parcel) == int(behaviour.takes)
        assert (handover.reason is None) == (outcome is Outcome.ACCEPTED)


@pytest.mark.parametrize("name", RIGS)
def test_after_every_misbehaviour_the_next_message_goes_as_usual(name: str) -> None:
    behaviours = [behaviour for behaviour in Misbehaviour if not behaviour.is_silent and behaviour is not Misbehaviour.BEHAVES]
    plans = iter([step for behaviour in behaviours for step in (behaviour, Misbehaviour.BEHAVES)])
    with RIGS[name](lambda key: next(plans)) as rig:
        for behaviour in behaviours:
            rig.channel.hand_over(rig.parcel())
            parcel = rig.parcel()
            assert rig.channel.hand_over(parcel).outcome is Outcome.ACCEPTED, behaviour
            assert rig.times_taken(parcel) == 1


@pytest.mark.parametrize("silence", [behaviour for behaviour in Misbehaviour if behaviour.is_silent])
@pytest.mark.parametrize("name", RIGS)
def test_after_silence_the_next_message_goes_as_usual(name: str, silence: Misbehaviour) -> None:
    plans = iter([silence, Misbehaviour.BEHAVES])
    # One channel, so one patience: short enough to wait for once, long enough for a machine that does other things.
    with RIGS[name](lambda key: next(plans), Patience(connect_seconds=60, read_seconds=3, whole_answer_seconds=6)) as rig:
        assert rig.channel.hand_over(rig.parcel()).outcome is Outcome.UNCERTAIN
        parcel = rig.parcel()
        assert rig.channel.hand_over(parcel).outcome is Outcome.ACCEPTED
        assert rig.times_taken(parcel) == 1


@pytest.mark.parametrize("name", RIGS)
def test_a_counterparty_that_is_not_there_has_nothing(name: str) -> None:
    with RIGS[name]() as rig:
        parcel = rig.parcel()
    handover = rig.channel.hand_over(parcel)
    assert (handover.outcome, handover.reason) == (Outcome.NOT_SENT, Reason.UNREACHABLE)


@pytest.mark.parametrize("name", RIGS)
def test_nothing_of_the_message_is_in_what_can_be_logged(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for behaviour in Misbehaviour:
        with RIGS[name](always(behaviour), patience_with(behaviour)) as rig:
            parcel = rig.parcel()
            written = f"{parcel!r} {rig.channel.hand_over(parcel)!r}"
            for private in (parcel.to, parcel.to.removeprefix("+"), "Alexander", "Prøveveien", "Mor Prøve"):
                assert private not in written, behaviour
                assert private not in "\n".join(
                    record.getMessage() for record in caplog.records if not record.name.startswith(("mail", "asyncio"))
                ), behaviour


def test_a_throttled_message_says_when_to_come_back() -> None:
    with sveve_rig(always(Misbehaviour.LEFT_THROTTLED)) as rig:
        handover = rig.channel.hand_over(rig.parcel())
    assert (handover.reason, handover.try_again_after_seconds) == (Reason.THROTTLED, 17)


def test_a_gateways_words_are_kept_but_not_what_they_quote() -> None:
    parcel = Parcel(key="k", to="+4700000001", title="", body="Alexander har time", language="nb")
    said = said_by("Feil: 4700000001 kan ikke få «Alexander har time» (kode 27)", about=parcel)
    assert said == "Feil: … kan ikke få «… … …» (kode 27)"


def test_a_key_every_gateway_can_carry() -> None:
    for key in ("", "a" * 37, "en nøkkel", "a/b"):
        with pytest.raises(KeyCannotBeCarried):
            Parcel(key=key, to="", title="", body="", language="nb")


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence(reason: Reason) -> None:
    assert reason.sentence.endswith(".")


class TestSveve:
    def test_what_it_took_is_what_was_meant(self) -> None:
        with sveve_rig() as rig:
            parcel = rig.parcel(body="Прийом о 09:30")
            handover = rig.channel.hand_over(parcel)
            [taken] = rig.stand_in.book.taken
        assert (taken.key, taken.to, taken.text) == (parcel.key, parcel.to.removeprefix("+"), "Прийом о 09:30")
        assert (handover.reference, handover.parts) == (taken.reference, 1)

    def test_a_wrong_password_sends_nothing_and_may_be_mended(self) -> None:
        with sveve_rig() as rig:
            channel = Sveve(rig.stand_in.address, user="bruker", password=lambda: "feil", sender="Fjordvik")
            handover = channel.hand_over(rig.parcel())
        assert (handover.outcome, handover.reason) == (Outcome.NOT_SENT, Reason.ACCESS_REFUSED)

    @pytest.mark.parametrize("to", ["alle", "+47 0", "", "00000001,00000002"])
    def test_what_is_no_number_is_never_sent_as_the_name_of_a_group(self, to: str) -> None:
        with sveve_rig() as rig:
            assert rig.channel.hand_over(rig.parcel(to=to)).reason is Reason.ADDRESS_INVALID
            assert rig.stand_in.book.asked == []

    def test_reports_in_any_order_doubled_and_absent_name_their_messages(self) -> None:
        with sveve_rig() as rig:
            parcels = [rig.parcel() for _ in range(20)]
            references = {rig.channel.hand_over(parcel).reference: parcel.key for parcel in parcels}
            told = told_of(rig.stand_in.book, seed=3)
            heard = [receipt for taken in told for receipt in rig.channel.heard_in(sveve.report_of(taken))]
        assert len(set(told)) < 20 < len(told) + 5
        assert all(isinstance(one, Receipt) and references[one.reference] == one.key for one in heard)

    def test_an_uncertain_message_is_found_by_its_report(self) -> None:
        with sveve_rig(always(Misbehaviour.TAKEN_CUT)) as rig:
            parcel = rig.parcel()
            assert rig.channel.hand_over(parcel).outcome is Outcome.UNCERTAIN
            [receipt] = rig.channel.heard_in(sveve.report_of(rig.stand_in.book.taken[0], delivered=False))
        assert (receipt.key, receipt.delivery) == (parcel.key, Delivery.FAILED)
        assert parcel.to.removeprefix("+") not in repr(receipt)

    def test_an_answer_handed_to_us_twice_is_one_message(self) -> None:
        with sveve_rig() as rig:
            rig.channel.hand_over(rig.parcel())
            [taken] = rig.stand_in.book.taken
            heard = [rig.channel.heard_in(sveve.answer_from(taken, text))[0] for text in ("1 ÅÆØ", "1 ÅÆØ", "2")]
        assert all(isinstance(one, Incoming) and one.answers == taken.reference for one in heard)
        assert len({one.reference for one in heard}) == 2
        assert heard[0].text == "1 ÅÆØ"


class TestPSWinCom:
    @pytest.mark.parametrize("text", ["Åse får time", "Zoë «hei» – 9", "Прийом", "موعد", "ቆጸራ", "100 € [ja]", "<b>&amp;</b> & ]]>"])
    def test_every_letter_arrives(self, text: str) -> None:
        with pswincom_rig() as rig:
            assert rig.channel.hand_over(rig.parcel(body=text)).outcome is Outcome.ACCEPTED
            assert rig.stand_in.book.taken[0].text == text

    def test_what_the_gateway_would_cut_off_is_refused(self) -> None:
        with pswincom_rig() as rig:
            assert rig.channel.hand_over(rig.parcel(body="a" * 3000)).reason is Reason.CONTENT_NOT_ACCEPTED
            assert rig.stand_in.book.asked == []

    def test_a_wrong_password_sends_nothing_and_may_be_mended(self) -> None:
        with pswincom_rig() as rig:
            channel = PSWinCom(rig.stand_in.address, user="bruker", password=lambda: "feil", sender="Fjordvik")
            handover = channel.hand_over(rig.parcel())
        assert (handover.outcome, handover.reason, handover.detail) == (Outcome.NOT_SENT, Reason.ACCESS_REFUSED, "Invalid password")

    def test_reports_come_several_at_once(self) -> None:
        with pswincom_rig() as rig:
            references = [rig.channel.hand_over(rig.parcel()).reference for _ in range(3)]
            call = pswincom.report_of(*rig.stand_in.book.taken)
            receipts = rig.channel.heard_in(call)
            assert [receipt.reference for receipt in receipts] == references
            assert {receipt.delivery for receipt in receipts} == {Delivery.DELIVERED}
            assert receipts[0].at == datetime(2026, 2, 23, 14, 23, 23, tzinfo=UTC)
            kind, body = rig.channel.answer_to(call)
        assert kind == "text/xml"
        assert body.count(b"<STATUS>OK</STATUS>") == 3

    def test_a_message_from_a_family(self) -> None:
        with pswincom_rig() as rig:
            [incoming] = rig.channel.heard_in(pswincom.answer_from("4700000001", "1 – så bra"))
        assert isinstance(incoming, Incoming)
        assert (incoming.from_number, incoming.text) == ("+4700000001", "1 – så bra")
        assert "bra" not in repr(incoming)
        assert "00000001" not in repr(incoming)


class TestSvarUt:
    def test_the_letter_is_secret_and_arrives_whole(self) -> None:
        with svarut_rig() as rig:
            parcel = rig.parcel()
            handover = rig.channel.hand_over(parcel)
            [(identifier, shipment)] = rig.stand_in.shipments.items()
            assert handover.reference == identifier
            assert rig.stand_in.documents[parcel.key] == [parcel.attachments[0].content]
        assert all(shipment[name] is True for name in ("krevNiva4Innlogging", "kryptert", "taushetsbelagtPost"))
        assert shipment["mottaker"]["digitalId"] == parcel.to

    @pytest.mark.parametrize("behaviour", [Misbehaviour.TAKEN_CUT, Misbehaviour.LEFT_CUT])
    def test_an_uncertain_letter_is_settled_by_asking(self, behaviour: Misbehaviour) -> None:
        with svarut_rig(always(behaviour)) as rig:
            parcel = rig.parcel()
            assert rig.channel.hand_over(parcel).outcome is Outcome.UNCERTAIN
            receipt = rig.channel.ask(key=parcel.key)
        assert receipt is not None
        assert receipt.delivery is (Delivery.PENDING if behaviour.takes else Delivery.UNKNOWN)
        assert bool(receipt.reference) is behaviour.takes

    @pytest.mark.parametrize(
        ("status", "delivery"),
        [
            ("MOTTATT", "pending"),
            ("AKSEPTERT", "pending"),
            ("VARSLET", "pending"),
            ("SENDT_PRINT", "pending"),
            ("SENDT_DIGITALT", "pending"),
            ("SENDT_SDP", "pending"),
            ("KLAR_FOR_MOTTAK", "pending"),
            ("MANUELT_HANDTERT", "pending"),
            ("NOE_NYTT", "pending"),
            ("PRINTET", "posted"),
            ("LEST", "delivered"),
            ("LEVERT_SDP", "delivered"),
            ("AVVIST", "failed"),
            ("IKKE_LEVERT", "failed"),
        ],
    )
    def test_what_each_status_is_worth(self, status: str, delivery: str) -> None:
        with svarut_rig() as rig:
            parcel = rig.parcel()
            reference = rig.channel.hand_over(parcel).reference
            rig.stand_in.statuses[parcel.key] = status
            receipt = rig.channel.ask(key=parcel.key, reference=reference)
        assert receipt is not None
        assert (receipt.delivery, receipt.detail, receipt.at) == (delivery, status, datetime(2026, 3, 10, 9, tzinfo=UTC))

    def test_asking_a_counterparty_that_is_away_says_nothing(self) -> None:
        with svarut_rig() as rig:
            pass
        assert rig.channel.ask(key="k") is None

    def test_a_letter_without_a_document_or_an_address_is_refused(self) -> None:
        with svarut_rig() as rig:
            assert rig.channel.hand_over(rig.parcel(attachments=())).reason is Reason.CONTENT_NOT_ACCEPTED
            assert rig.channel.hand_over(rig.parcel(postal=None)).reason is Reason.ADDRESS_INVALID
            assert rig.channel.hand_over(rig.parcel(to="123")).reason is Reason.ADDRESS_INVALID
            assert rig.stand_in.book.asked == []


class TestSmtp:
    def test_the_mail_is_in_its_language_and_named_by_its_key(self) -> None:
        with smtp_rig() as rig:
            parcel = rig.parcel(body="Запрошення\n.\nна прийом", language="uk", title="Прийом")
            handover = rig.channel.hand_over(parcel)
            [message] = rig.stand_in.messages
        assert handover.reference == message["Message-ID"] == f"<{parcel.key}@fjordvik.example>"
        assert message.get_content().replace("\r\n", "\n") == "Запрошення\n.\nна прийом\n"
        assert (message["Subject"], message["Content-Language"]) == ("Прийом", "uk")

    @pytest.mark.parametrize("to", ["", "uten-alfakrøll", "a@b\r\nBcc: c@d", "finnes-ikke@prove.example", "ære@prøve.example"])
    def test_an_address_that_is_none_is_refused(self, to: str) -> None:
        with smtp_rig() as rig:
            handover = rig.channel.hand_over(rig.parcel(to=to))
            assert (handover.outcome, handover.reason) == (Outcome.REFUSED, Reason.ADDRESS_INVALID)
            assert rig.stand_in.messages == []

    def test_a_title_with_a_line_break_is_refused(self) -> None:
        with smtp_rig() as rig:
            assert rig.channel.hand_over(rig.parcel(title="a\nBcc: c@d.example")).reason is Reason.CONTENT_NOT_ACCEPTED

    def test_a_server_whose_certificate_is_not_known_gets_nothing(self) -> None:
        with smtp_rig() as rig:
            channel = Smtp("127.0.0.1", rig.stand_in.port, sender="a@b.example", sender_name="A", sent_at_seconds=lambda: 0)
            handover = channel.hand_over(rig.parcel())
            assert (handover.outcome, handover.reason) == (Outcome.NOT_SENT, Reason.NOT_TRUSTED)
            assert rig.stand_in.book.asked == []

    def test_a_server_that_cannot_be_made_safe_gets_nothing(self) -> None:
        from tests.counterparties.mail import MailStandIn

        with MailStandIn() as stand_in, smtp_rig() as rig:
            channel = Smtp("127.0.0.1", stand_in.port, sender="a@b.example", sender_name="A", sent_at_seconds=lambda: 0, tls=client_tls())
            assert channel.hand_over(rig.parcel()).reason is Reason.NOT_TRUSTED
            assert stand_in.book.asked == []


class TestSmpp:
    @pytest.mark.parametrize("text", [TEXT, TEXT * 4, "Прийом о 09:30. " * 9, "[€]" * 90, "😀" * 60])
    def test_a_text_of_any_length_arrives_whole(self, text: str) -> None:
        with smpp_rig() as rig:
            handover = rig.channel.hand_over(rig.parcel(body=text))
            assert [taken.text for taken in rig.stand_in.book.taken] == [text]
            assert handover.parts == len(rig.stand_in.submits)

    def test_one_connection_carries_many_messages(self) -> None:
        with smpp_rig() as rig:
            assert {rig.channel.hand_over(rig.parcel()).outcome for _ in range(5)} == {Outcome.ACCEPTED}
            assert rig.stand_in.binds == 1

    def test_a_connection_that_died_in_the_night_is_made_anew_and_nothing_is_uncertain(self) -> None:
        with smpp_rig() as rig:
            rig.channel.hand_over(rig.parcel())
            rig.stand_in.hang_up()
            assert rig.channel.hand_over(rig.parcel()).outcome is Outcome.ACCEPTED
            assert rig.stand_in.binds == 2

    def test_a_text_taken_in_part_is_uncertain(self) -> None:
        steps = iter([Misbehaviour.BEHAVES, Misbehaviour.LEFT_THROTTLED])
        with smpp_rig(lambda number: next(steps)) as rig:
            handover = rig.channel.hand_over(rig.parcel(body=TEXT * 4))
        assert (handover.outcome, handover.reason, handover.detail) == (Outcome.UNCERTAIN, Reason.TAKEN_IN_PART, "del 2 av 2")

    @pytest.mark.parametrize(
        ("status", "outcome"),
        [
            (0x01, "refused"),
            (0x04, "not_sent"),
            (0x08, "uncertain"),
            (0x0A, "not_sent"),
            (0x0B, "refused"),
            (0x14, "not_sent"),
            (0x45, "not_sent"),
            (0x58, "not_sent"),
            (0x65, "refused"),
            (0xFF, "uncertain"),
            (0x0400, "uncertain"),
        ],
    )
    def test_what_each_status_means(self, status: int, outcome: str) -> None:
        with smpp_rig() as rig:
            parcel = rig.parcel()
            rig.stand_in.statuses[parcel.to.removeprefix("+")] = status
            assert rig.channel.hand_over(parcel).outcome == outcome
            assert rig.channel.hand_over(rig.parcel()).outcome is Outcome.ACCEPTED

    def test_a_wrong_password_sends_nothing_and_may_be_mended(self) -> None:
        with smpp_rig() as rig:
            channel = Smpp("127.0.0.1", rig.stand_in.port, user="b", password=lambda: "feil", sender="F", keep=lambda heard: None)
            handover = channel.hand_over(rig.parcel())
        assert (handover.outcome, handover.reason) == (Outcome.NOT_SENT, Reason.ACCESS_REFUSED)

    def test_receipts_and_messages_are_kept_before_the_centre_is_told_so(self) -> None:
        with smpp_rig() as rig:
            references = [rig.channel.hand_over(rig.parcel()).reference for _ in range(3)]
            for taken in reversed(rig.stand_in.book.taken):
                rig.stand_in.report(taken)
            rig.stand_in.send_in("4700000009", "1 ኣዎ")
            assert isinstance(rig.channel, Smpp)
            assert rig.channel.listen(0.3) == 4
            *receipts, incoming = rig.heard
            wait_for(lambda: rig.stand_in.answers == [0, 0, 0, 0])
        assert [receipt.reference for receipt in receipts] == references[::-1]  # type: ignore[union-attr]
        assert isinstance(incoming, Incoming)
        assert (incoming.from_number, incoming.text) == ("+4700000009", "1 ኣዎ")

    def test_what_cannot_be_kept_is_told_again(self) -> None:
        def keep(heard: object) -> None:
            raise OSError("the database is away")

        with smpp_rig() as rig:
            channel = Smpp("127.0.0.1", rig.stand_in.port, user="b", password=lambda: "hemmelig", sender="F", keep=keep)
            channel.hand_over(rig.parcel())
            rig.stand_in.report(rig.stand_in.book.taken[0])
            assert channel.listen(0.3) == 0
            wait_for(lambda: rig.stand_in.answers == [0x64])
            channel.close()

    def test_receipts_that_come_while_a_message_is_sent_are_heard(self) -> None:
        with smpp_rig() as rig:
            rig.channel.hand_over(rig.parcel())
            rig.stand_in.report(rig.stand_in.book.taken[0], state="UNDELIV")
            rig.channel.hand_over(rig.parcel())
        [receipt] = rig.heard
        assert isinstance(receipt, Receipt)
        assert (receipt.delivery, receipt.detail) == (Delivery.FAILED, "UNDELIV")


def wait_for(claim: Callable[[], bool]) -> None:
    for _ in range(3000):
        if claim():
            return
        time.sleep(0.02)
    raise AssertionError("it never came")


NOBODY_THERE = {channel.name: channel("http://127.0.0.1:9", user="b", password=lambda: "p", sender="F") for channel in (Sveve, PSWinCom)}


@pytest.mark.parametrize("name", NOBODY_THERE)
@given(content=st.binary(max_size=200))
def test_no_call_brings_anything_but_what_it_says(name: str, content: bytes) -> None:
    from fjorten.messages.channels.interface import CallCannotBeRead

    try:
        heard = NOBODY_THERE[name].heard_in(content)
    except CallCannotBeRead as refused:
        assert "1" not in str(refused)
    else:
        assert all(isinstance(one, Receipt | Incoming) for one in heard)


def test_a_billion_laughs_are_not_read() -> None:
    from fjorten.messages.channels.interface import CallCannotBeRead

    bomb = b'<!DOCTYPE MSGLST [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><MSGLST><MSG><TEXT>&b;</TEXT><SND>4700000001</SND></MSG></MSGLST>'
    channel = PSWinCom("http://127.0.0.1:9", user="b", password=lambda: "p", sender="F")
    with pytest.raises(CallCannotBeRead):
        channel.heard_in(bomb)


def test_a_name_that_does_not_exist_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_such_name(*_: object, **__: object) -> object:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    with sveve_rig() as rig:
        parcel = rig.parcel()
    handover = Sveve("http://finnes-ikke.example", user="b", password=lambda: "p", sender="F").hand_over(parcel)
    assert (handover.outcome, handover.reason) == (Outcome.NOT_SENT, Reason.UNREACHABLE)


def test_the_same_seed_is_the_same_night() -> None:
    first, second = by_chance(7), by_chance(7)
    assert [first(str(place % 9)) for place in range(50)] == [second(str(place % 9)) for place in range(50)]
