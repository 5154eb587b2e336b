"""Letters: accessible in every language, never with empty boxes, never reaching out, never two families on one sheet."""

from __future__ import annotations

import builtins
import http.server
import itertools
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import outloud
import page
import pymupdf
import pytest

from fjorten.messages.dates import clock_in, day_in
from fjorten.messages.languages import languages
from fjorten.messages.letters.fetching import LetterReachesOut, NothingIsFetched, stopping_at_the_first
from fjorten.messages.letters.letter import Letter, Sender, Wording
from fjorten.messages.letters.markup import document_of
from fjorten.messages.letters.printing import (
    DraftIsNeverPrinted,
    LetterHasLettersNobodyCanWrite,
    LettersCannotBeMade,
    NothingToPrint,
    letter_as_pdf,
    print_batch,
)
from fjorten.messages.postal_addresses import PostalAddress
from fjorten.messages.texts import LANGUAGE_LINE, Channel, State, Text, fill, messages
from tests.letters import cannot_be_written, needs_letters

pytestmark = needs_letters

SENDER = Sender(name="Fjordvik kommune", address=("Prøveveien 1", "9999 Fjordvik"), telephone="00 00 00 00")
MOTHER = PostalAddress(name="Mor Prøve", lines=("c/o Far Prøve", "Prøveveien 2 B"), postcode="9999", place="Fjordvik")
AT = datetime(2026, 9, 24, 7, 30, tzinfo=UTC)
LETTER_KINDS = [kind for kind, message in messages().items() if Channel.LETTER in message.channels]


def wording(text: Text, *, given_name: str = "Alexander") -> Wording:
    day = day_in(text.language, AT)
    values = {
        "given_name": given_name,
        "day": day,
        "time": clock_in(text.language, AT),
        "place": "Torget 1, Fjordvik",
        "phone": SENDER.telephone,
        "missed_day": day,
    }
    title, body = fill(text, {name: values[name] for name in text.placeholders})
    return Wording(language=text.language, title=title, body=body, is_approved=text.state is State.APPROVED)


def letter(*wordings: Wording, key: str = "brev-1", line: Wording | None = None, **fields: Any) -> Letter:
    values = {"sender": SENDER, "recipient": MOTHER, "written_on": date(2026, 9, 3)}
    return Letter(key=key, wordings=wordings, line=line, **(values | fields))


def text_of(kind: str, language: str) -> Text | None:
    return messages()[kind].texts.get((Channel.LETTER, language))


def norwegian(kind: str = "second_miss") -> Wording:
    text = text_of(kind, "nb")
    assert text is not None
    return wording(text)


PLAIN = Wording(language="nb", title="Hei", body="Vi vil gjerne treffe dere.", is_approved=True)


def made(one: Letter) -> bytes:
    try:
        return letter_as_pdf(one)
    except LetterHasLettersNobodyCanWrite as missing:
        # Ge'ez is on no bare machine: what happens then is tested by itself. Everything else must be writable wherever Pango is.
        assert missing.scripts == ("etiopisk",)
        cannot_be_written(str(missing))


def findings(content: bytes, folder: Path) -> list[str]:
    """What two checkers of PDF/UA and reading aloud have to say, warnings and all."""
    path = folder / "brev.pdf"
    path.write_bytes(content)
    report = page.validate_pdf_bytes(content, profile="ua1")
    heard = outloud.check(str(path))
    assert report.rules.total == 104
    return [failure.rule_id for failure in report.failures] + [finding.rule for finding in heard.sorted_findings()]


@pytest.mark.parametrize(
    ("kind", "language", "municipality"),
    [case for case in itertools.product(LETTER_KINDS, languages(), ("nb", "nn")) if text_of(case[0], case[1]) is not None],
)
def test_every_letter_in_every_language_passes_the_checks(kind: str, language: str, municipality: str, tmp_path: Path) -> None:
    base, own = text_of(kind, municipality), text_of(kind, language)
    assert base is not None
    assert own is not None
    words = (wording(base),) if own.language == municipality else (wording(base), wording(own))
    as_it_is = letter(*words)
    as_approved = letter(*(Wording(language=w.language, title=w.title, body=w.body, is_approved=True) for w in words))
    for one in {as_it_is.is_draft: as_it_is, False: as_approved}.values():
        assert findings(made(one), tmp_path) == []


@pytest.mark.parametrize("language", [language for channel, language in messages()[LANGUAGE_LINE].texts])
def test_a_letter_with_one_line_in_the_familys_language_passes_the_checks(language: str, tmp_path: Path) -> None:
    line = messages()[LANGUAGE_LINE].texts[Channel.SMS, language]
    assert findings(made(letter(norwegian(), line=wording(line))), tmp_path) == []


def test_an_untagged_page_does_not_pass() -> None:
    """The checks can fail."""
    from weasyprint import HTML

    assert not page.validate_pdf_bytes(HTML(string="<h1>Hei</h1>").write_pdf(), profile="ua1").is_compliant


def test_the_same_letter_is_the_same_bytes() -> None:
    assert letter_as_pdf(letter(norwegian())) == letter_as_pdf(letter(norwegian()))
    assert letter_as_pdf(letter(norwegian())) != letter_as_pdf(letter(norwegian(), written_on=date(2026, 9, 4)))


def test_the_address_stands_in_the_window_of_the_envelope() -> None:
    with pymupdf.open(stream=letter_as_pdf(letter(norwegian()))) as opened:
        lines = [(text, box) for *box, text, _, _ in (block[:7] for block in opened[0].get_text("blocks"))]
    [(address, (left, top, right, bottom))] = [(text, box) for text, box in lines if "Mor Prøve" in text]
    assert address.splitlines() == ["Mor Prøve", "c/o Far Prøve", "Prøveveien 2 B", "9999 Fjordvik"]
    millimetres = [edge / 72 * 25.4 for edge in (left, top, right, bottom)]
    assert millimetres[0] >= 19.5
    assert millimetres[1] >= 44.5
    assert millimetres[2] <= 105
    assert millimetres[3] <= 75


def test_the_longest_address_still_fits() -> None:
    abroad = PostalAddress(name="M" * 35, lines=("Linje 1", "Linje 2", "Linje 3"), postcode="12345", place="By", country="Sverige")
    with pymupdf.open(stream=letter_as_pdf(letter(PLAIN, recipient=abroad))) as opened:
        [bottom] = [block[3] for block in opened[0].get_text("blocks") if "SVERIGE" in block[4]]
    assert bottom / 72 * 25.4 <= 75


def test_a_paragraph_number_in_arabic_is_not_turned_round() -> None:
    arabic = text_of("second_miss", "ar")
    assert arabic is not None
    with pymupdf.open(stream=letter_as_pdf(letter(norwegian(), wording(arabic)))) as opened:
        blocks = opened[1].get_text("rawdict")["blocks"]
    letters = [char for block in blocks for line in block.get("lines", []) for span in line["spans"] for char in span["chars"]]
    [hyphen] = [char["bbox"] for char in letters if char["c"] == "-"]
    around = {char["c"]: char["bbox"][0] for char in letters if char["c"] in "61" and abs(char["bbox"][1] - hyphen[1]) < 2}
    assert around["6"] < hyphen[0] < around["1"]


def test_each_language_is_marked_for_the_reader() -> None:
    arabic = text_of("second_miss", "ar")
    assert arabic is not None
    written = document_of([letter(norwegian(), wording(arabic))], title="Hei")
    assert '<html lang="nb">' in written
    assert 'lang="ar" dir="rtl"' in written
    assert "<title>Hei</title>" in written


PAYLOADS = (
    "<img src=file:///etc/passwd>",
    '<img src="http://127.0.0.1:{port}/a.png">',
    "<link rel=stylesheet href=http://127.0.0.1:{port}/a.css>",
    "</title><script src=http://127.0.0.1:{port}/a.js></script>",
    "</style><style>@import url(http://127.0.0.1:{port}/b.css)",
    '"><iframe src=file:///etc/hostname>',
    "<object data=http://127.0.0.1:{port}/c>",
    "<svg><image href=http://127.0.0.1:{port}/d /></svg>",
    "url(http://127.0.0.1:{port}/e)",
    "<a rel=attachment href=file:///etc/passwd>x</a>",
    "&lt;img src=x&gt;",
)


def test_nothing_that_is_written_into_a_letter_is_fetched(tmp_path: Path) -> None:
    fetched = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fetched.append(self.path)
            self.send_error(404)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        for payload in (one.replace("{port}", str(server.server_address[1])) for one in PAYLOADS):
            evil = Wording(language="nb", title=payload, body=f"{payload}\n\n{payload}", is_approved=True)
            address = PostalAddress(name=payload, lines=(payload,), postcode=payload, place=payload, country=payload)
            content = letter_as_pdf(
                letter(evil, recipient=address, sender=Sender(name=payload, address=(payload,), telephone=payload), key=payload, line=evil)
            )
            with pymupdf.open(stream=content) as opened:
                said = "".join("".join(sheet.get_text().split()) for sheet in opened)
                assert "".join(payload.split())[:12] in said  # it stands there as it was written
                assert opened.embfile_count() == 0
                assert not any(sheet.get_images() for sheet in opened)
        server.shutdown()
    assert fetched == []


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1/a", "ftp://x/y", "data:text/css,x"])
def test_a_hole_in_the_escaping_stops_the_letter(address: str) -> None:
    from weasyprint import HTML

    fetcher = NothingIsFetched()
    with pytest.raises(LetterReachesOut) as stopped, stopping_at_the_first():
        HTML(string=f'<img src="{address}" alt="">', url_fetcher=fetcher).write_pdf()
    assert fetcher.asked == 1
    assert address not in str(stopped.value)


def test_a_letter_no_font_can_write_is_never_made() -> None:
    nobodys = Wording(language="nb", title="Hei", body="Kjære \U0010fffd", is_approved=True)
    with pytest.raises(LetterHasLettersNobodyCanWrite) as refused:
        letter_as_pdf(letter(nobodys))
    assert str(refused.value).endswith("Installer «fonts-noto-core».")
    assert "Kjære" not in str(refused.value)


def test_without_the_package_or_pango_letters_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__
    for failure in (ImportError("weasyprint"), OSError("cannot load library 'libpango-1.0-0'")):

        def without(name: str, *rest: Any, failure: Exception = failure, **more: Any) -> Any:
            if name == "weasyprint":
                raise failure
            return real(name, *rest, **more)

        with monkeypatch.context() as patched:
            patched.setattr(builtins, "__import__", without)
            with pytest.raises(LettersCannotBeMade) as refused:
                letter_as_pdf(letter(PLAIN))
        assert "Installer" in str(refused.value)


def test_a_draft_says_so_and_is_never_in_a_batch() -> None:
    draft = letter(Wording(language="nb", title="Hei", body="Hei", is_approved=False))
    with pymupdf.open(stream=letter_as_pdf(draft)) as opened:
        assert "Skal ikke sendes" in opened[0].get_text()
    with pytest.raises(DraftIsNeverPrinted):
        print_batch([letter(PLAIN), draft])
    with pytest.raises(NothingToPrint):
        print_batch([])


def test_two_families_never_share_a_sheet(tmp_path: Path) -> None:
    english = text_of("second_miss", "en")
    assert english is not None
    long = Wording(language="nb", title="Hei", body="\n\n".join(["Vi vil gjerne treffe dere. " * 20] * 12), is_approved=True)
    letters = [
        letter(norwegian(), key="en-side"),
        letter(norwegian(), wording(english), key="to-sider"),
        letter(long, key="flere-sider"),
        letter(PLAIN, key="siste"),
    ]
    batch = print_batch(letters)
    assert [one.key for one in batch.printed] == [one.key for one in letters]
    assert [one.first_page % 2 for one in batch.printed] == [1, 1, 1, 1]
    assert [one.pages for one in batch.printed][:2] == [1, 2]
    assert batch.printed[-1].pages == 1
    with pymupdf.open(stream=batch.content) as opened:
        for one in batch.printed:
            assert "Mor Prøve" in opened[one.first_page - 1].get_text()
        begins = {one.first_page for one in batch.printed}
        assert {number for number, sheet in enumerate(opened, start=1) if "Mor Prøve" in sheet.get_text()} == begins
    # The sender's name on every letter looks like a running head to the one that reads aloud; on paper it is not.
    assert set(findings(batch.content, tmp_path)) <= {"PAG-001"}
    assert print_batch(letters).digest == batch.digest
