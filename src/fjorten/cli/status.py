"""`fjorten status`: whether all is well, one line for each thing that is not, and the alarm to those who must know."""

import argparse
import sys
from typing import TYPE_CHECKING, Final

from fjorten.cli.edge import now
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import OSLO

if TYPE_CHECKING:
    from fjorten.messages.channels.smtp import Smtp
    from fjorten.nightly.standing import Alarm
    from fjorten.organisation.models import Municipality

_DATABASE: Final = "Databasen svarer ikke, eller er ikke oppgradert. Ingen kan se om noe er galt."


class AlarmWasNotSent(Refused):
    """The mail server did not take the alarm."""

    sentence = "Alarmen ble ikke sendt: e-posttjeneren tok den ikke imot. Si fra på en annen måte, og sjekk FJORTEN_EMAIL_-innstillingene."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    parser.add_argument("--municipality", metavar="NNNN", help="bare denne kommunen (uten: alle i installasjonen)")
    parser.add_argument(
        "--alarm", action="store_true", help="e-post til FJORTEN_ALARM_TO når noe er galt, og en gang i uken når alt er bra"
    )


def run(options: argparse.Namespace) -> int:
    """
    Tell how each municipality stands. Exit code 0 when all is well, 1 when something is not, 2 when the alarm could not be sent.

    A database that does not answer is an alarm too. Raises SettingsDoNotFit or AlarmWasNotSent.
    """
    from django.conf import settings
    from django.db import DatabaseError

    from fjorten.cli.carriers import alarm_receivers, email_of
    from fjorten.nightly.queries import status_of
    from fjorten.organisation.queries import municipalities_named
    from fjorten.organisation.wall import within

    receivers = alarm_receivers(settings.OUTSIDE) if options.alarm else []
    channel = email_of(settings.OUTSIDE) if options.alarm else None
    is_well, was_sent = True, True
    try:
        for municipality in municipalities_named(options.municipality):
            with within(municipality):
                found = status_of(municipality=municipality, at=now())
                show(municipality, found)
                is_well &= not found
                if channel is not None:
                    was_sent &= _tell(municipality, found, channel, receivers)
    except DatabaseError:
        print(_DATABASE)
        is_well = False
        if channel is not None:
            was_sent &= _send(channel, receivers, key="database", title="fjorten: databasen svarer ikke", lines=[_DATABASE])
    if not was_sent:
        raise AlarmWasNotSent
    return 0 if is_well else 1


def show(municipality: "Municipality", found: "list[Alarm]") -> None:
    """Tell how one municipality stands: one line when all is well, else one line for each thing that is not."""
    from fjorten.nightly.queries import last_balanced

    for alarm in found:
        print(f"{municipality}: {alarm.sentence}")
    last = last_balanced(municipality=municipality, at=now())
    if not found and last is not None:
        print(f"{municipality}: alt er bra. Regnskapet gikk opp {last.at.astimezone(OSLO):%d.%m.%Y kl. %H.%M}.")


def _tell(municipality: "Municipality", found: "list[Alarm]", channel: "Smtp", receivers: list[str]) -> bool:
    from fjorten.nightly.actions import JOB, note_notice
    from fjorten.nightly.queries import last_notice
    from fjorten.nightly.standing import must_tell

    at = now()
    last = last_notice(municipality=municipality, at=at)
    told = None if last is None else frozenset(last.kinds)
    if not must_tell(found, told=told, told_at=last.at if last else None, at=at):
        return True
    title = f"fjorten, {municipality}: {'noe må ses på' if found else 'alt er bra'}"
    lines = [alarm.sentence for alarm in found] or ["Nattkjøringen har gått, regnskapet går opp, og ingenting venter over fristen."]
    was_sent = _send(channel, receivers, key=f"{municipality.code}-{at:%Y%m%d%H%M%S}", title=title, lines=lines)
    if was_sent:
        note_notice(municipality=municipality, kinds=[alarm.kind.value for alarm in found], receivers=len(receivers), by=JOB, at=at)
    return was_sent


def _send(channel: "Smtp", receivers: list[str], *, key: str, title: str, lines: list[str]) -> bool:
    from fjorten.messages.channels.interface import Outcome, Parcel

    body = "\n".join([*lines, "", "Se docs/how-to/nightly.md, eller kjør `fjorten status`.", ""])
    all_taken = True
    for number, receiver in enumerate(receivers):
        handover = channel.hand_over(Parcel(key=f"alarm-{key}-{number}", to=receiver, title=title, body=body, language="nb"))
        if handover.outcome is not Outcome.ACCEPTED:
            reason = handover.reason.sentence if handover.reason else ""
            print(f"fjorten: alarmen til {receiver} ble ikke sendt. {reason} {handover.detail}".rstrip(), file=sys.stderr)
            all_taken = False
    return all_taken
