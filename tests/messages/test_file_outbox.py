"""Messages as files: whole or not at all, and once."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from fjorten.messages.channels.file_outbox import FileOutbox
from fjorten.messages.channels.interface import Attachment, Delivery, Outcome, Parcel, Reason

PARCEL = Parcel(key="prove-1", to="+4700000001", title="", body="Åse har time ساعة", language="nb")


def test_a_message_is_written_as_it_is(tmp_path: Path) -> None:
    handover = FileOutbox(tmp_path / "ut").hand_over(PARCEL)
    written = json.loads((tmp_path / "ut" / "prove-1.json").read_text(encoding="utf-8"))
    assert (handover.outcome, handover.reference, handover.parts) == (Outcome.ACCEPTED, "prove-1", 1)
    assert (written["to"], written["body"]) == (PARCEL.to, PARCEL.body)
    assert (tmp_path / "ut").stat().st_mode & 0o077 == 0


def test_the_same_message_twice_is_one_file(tmp_path: Path) -> None:
    outbox = FileOutbox(tmp_path)
    assert [outbox.hand_over(PARCEL).outcome for _ in range(2)] == [Outcome.ACCEPTED] * 2
    assert [path.name for path in tmp_path.iterdir()] == ["prove-1.json"]


def test_another_message_under_the_same_key_is_refused(tmp_path: Path) -> None:
    outbox = FileOutbox(tmp_path)
    outbox.hand_over(PARCEL)
    other = outbox.hand_over(Parcel(key="prove-1", to="+4700000002", title="", body="noe annet", language="nb"))
    assert other.reason is Reason.KEY_USED_FOR_ANOTHER
    assert json.loads((tmp_path / "prove-1.json").read_text(encoding="utf-8"))["body"] == PARCEL.body


def test_what_was_written_can_be_asked_for(tmp_path: Path) -> None:
    outbox = FileOutbox(tmp_path)
    outbox.hand_over(PARCEL)
    told = [outbox.ask(key=key) for key in ("prove-1", "prove-2")]
    assert [receipt.delivery for receipt in told if receipt] == [Delivery.DELIVERED, Delivery.UNKNOWN]


def test_attachments_lie_beside_it(tmp_path: Path) -> None:
    parcel = Parcel(
        key="prove-1",
        to="",
        title="Brev",
        body="",
        language="nb",
        attachments=(Attachment(file_name="brev.pdf", mime_type="application/pdf", content=b"%PDF"),),
    )
    FileOutbox(tmp_path).hand_over(parcel)
    assert (tmp_path / "prove-1-1.pdf").read_bytes() == b"%PDF"


def test_a_folder_that_cannot_be_written_has_nothing(tmp_path: Path) -> None:
    (tmp_path / "ut").write_text("en fil", encoding="utf-8")
    handover = FileOutbox(tmp_path / "ut").hand_over(PARCEL)
    assert (handover.outcome, handover.reason) == (Outcome.NOT_SENT, Reason.UNREACHABLE)


def _hand_over_many(folder: Path, writer: int) -> None:
    outbox = FileOutbox(folder)
    for number in range(10_000):
        outbox.hand_over(Parcel(key=f"prove-{number}", to="+4700000001", title="", body="x" * 2000, language="nb"))


@pytest.mark.parametrize("stopped_after_seconds", [0.15, 0.4])
def test_a_killed_writer_leaves_whole_messages_and_another_goes_on(tmp_path: Path, stopped_after_seconds: float) -> None:
    import time

    writers = [multiprocessing.get_context("fork").Process(target=_hand_over_many, args=(tmp_path, number)) for number in range(2)]
    for writer in writers:
        writer.start()
    time.sleep(stopped_after_seconds)
    for writer in writers:
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
    written = sorted(tmp_path.glob("prove-*.json"))
    assert all(json.loads(path.read_text(encoding="utf-8"))["body"] == "x" * 2000 for path in written)
    again = FileOutbox(tmp_path).hand_over(Parcel(key="prove-0", to="+4700000001", title="", body="x" * 2000, language="nb"))
    assert again.outcome is Outcome.ACCEPTED
    assert len({path.name for path in written}) == len(written)
