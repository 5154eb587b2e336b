"""
The pages' texts in nynorsk and English: `make translations` writes src/fjorten/web/locale anew and tells what is missing.

Every text is written in bokmål where it is used. They are found in four ways: gettext in the pages' code, `translate` and `blocktranslate`
in their templates (also inside the attributes of components), `spoken(...)` in the rooms below, and what those rooms say by classes and
tables: sentences of refusals, words of closed lists, and the few tables named here. The files hold nothing that changes by itself: no line
numbers, no times, nobody's address. `--check` changes nothing, and fails on whatever is not translated, or not as this would leave it.
"""

import argparse
import enum
import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "src"
WEB: Final = SOURCE / "fjorten" / "web"
LOCALE: Final = WEB / "locale"
LANGUAGES: Final = ("nn", "en")

_GETTEXT: Final = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}
_SPOKEN: Final = {"spoken": None}
_PLACE: Final = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
# Rooms whose words stand on no page: commands speak to whoever runs them.
_NO_PAGES: Final = ("fjorten.cli", "fjorten.config", "fjorten.simulation")

MsgId = str | tuple[str, str]


def main() -> int:
    """Write the files anew, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when something is missing or not in step")
    is_check = parser.parse_args().check
    texts = texts_of_pages()
    problems = []
    for language in LANGUAGES:
        folder = LOCALE / language / "LC_MESSAGES"
        problems += check(language, texts, folder) if is_check else write(language, texts, folder)
    for problem in problems:
        print(problem)
    print(f"translations: {len(texts)} texts, {len(problems)} {'problem' if len(problems) == 1 else 'problems'}")
    return 1 if problems else 0


def texts_of_pages() -> list[MsgId]:
    """Find every text a page can show, sorted; one with a plural form as a pair."""
    found = [*texts_written(), *_said_below()]
    plurals = {text[0]: text for text in found if isinstance(text, tuple)}
    # A text that is used both alone and with a plural is one entry: it is found by its singular either way.
    return sorted({plurals.get(text, text) if isinstance(text, str) else text for text in found if text}, key=_singular)


def texts_written() -> Iterator[MsgId]:
    """Find the texts that stand in the source as they are shown."""
    yield from (*_in_python(WEB, _GETTEXT), *_in_templates(), *_in_python(SOURCE / "fjorten", _SPOKEN))


def write(language: str, texts: Iterable[MsgId], folder: Path) -> list[str]:
    """Write the two files of a language, keeping what is translated. Tells what a translator must still do."""
    catalog = _merged(language, texts, _read(folder, language))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "django.po").write_text(po_of(catalog), encoding="utf-8")
    (folder / "django.mo").write_bytes(mo_of(catalog))
    return problems_in(catalog)


def check(language: str, texts: Iterable[MsgId], folder: Path) -> list[str]:
    """Tell what is wrong with the two files of a language."""
    there = _read(folder, language)
    catalog = _merged(language, texts, there)
    wanted = {_key(message.id) for message in catalog if message.id}
    problems = [f"{language}: no page says «{_key(one.id)}» any more" for one in there if one.id and _key(one.id) not in wanted]
    problems += [f"{language}: «{one}» is left from before" for one in map(_key, there.obsolete)]
    problems += problems_in(catalog)
    po, mo = folder / "django.po", folder / "django.mo"
    if not po.is_file() or po.read_text(encoding="utf-8") != po_of(catalog):
        problems.append(f"{language}: django.po is not as it would be written. Run: make translations")
    if not mo.is_file() or mo.read_bytes() != mo_of(catalog):
        problems.append(f"{language}: django.mo is not made from django.po. Run: make translations")
    return problems


def problems_in(catalog: Catalog) -> list[str]:
    """Tell which texts of a language are not translated, or lose or gain a value on the way."""
    return [f"{catalog.locale}: {problem}: «{_key(message.id)}»" for message in catalog if message.id for problem in _wrong_with(message)]


def _wrong_with(message: Message) -> Iterator[str]:
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if message.fuzzy:
        yield "marked as uncertain (fuzzy)"
    if len(forms) != len(ids) or not all(forms):
        yield "a form is missing" if len(ids) > 1 and any(forms) else "not translated"
        return
    for form, of in zip(forms, ids, strict=True):
        # One thing may be said with or without its number («barnet», «1 barn»), as the singular or the plural has it.
        if _places(form) not in ([_places(of), _places(ids[-1])] if form is forms[0] else [_places(of)]):
            yield f"other values than in the text ({' '.join(_places(form)) or 'none'})"
        if (form[:1].isspace(), form[-1:].isspace()) != (of[:1].isspace(), of[-1:].isspace()):
            yield "other spaces at its ends"


def _places(text: str) -> list[str]:
    return sorted(_PLACE.findall(text.replace("%%", "")))


class _Plain(Catalog):
    """A catalogue whose head says only what gettext must know."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return [
            ("Language", str(self.locale)),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", "nplurals=2; plural=(n != 1);"),
        ]


def _merged(language: str, texts: Iterable[MsgId], there: Catalog) -> Catalog:
    head = f"# The pages of fjorten, {language}. Kept by `make translations`."
    catalog = _Plain(locale=language, charset="utf-8", header_comment=head, fuzzy=False)
    for text in texts:
        known = there.get(_singular(text))
        same_kind = known is not None and isinstance(known.id, tuple) == isinstance(text, tuple)
        catalog.add(text, known.string if known is not None and same_kind else None, flags=["fuzzy"] if known and known.fuzzy else [])
    return catalog


def _read(folder: Path, language: str) -> Catalog:
    file = folder / "django.po"
    return read_po(io.BytesIO(file.read_bytes() if file.is_file() else b""), locale=language, charset="utf-8")


def po_of(catalog: Catalog) -> str:
    """Write a catalogue as translators read it."""
    written = io.BytesIO()
    write_po(written, catalog, width=140, no_location=True, sort_output=True, ignore_obsolete=True)
    return written.getvalue().decode()


def mo_of(catalog: Catalog) -> bytes:
    """Write a catalogue as the pages read it."""
    written = io.BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


def _singular(text: MsgId) -> str:
    return text if isinstance(text, str) else text[0]


def _key(text: object) -> str:
    return str(text[0] if isinstance(text, tuple | list) else text)


def _in_python(folder: Path, keywords: dict[str, tuple[int, int] | None]) -> Iterator[MsgId]:
    for path in sorted(folder.rglob("*.py")):
        source = path.read_bytes()
        if any(f"{keyword}(".encode() in source for keyword in keywords):  # most files say nothing, and reading them takes time
            yield from _extracted(source, keywords)


def _in_templates() -> Iterator[MsgId]:
    _set_up()
    from django.utils.translation import templatize

    for path in sorted((WEB / "templates").rglob("*.html")):
        yield from _extracted(templatize(path.read_text(encoding="utf-8"), origin=path.name).encode(), _GETTEXT)


def _extracted(source: bytes, keywords: dict[str, tuple[int, int] | None]) -> Iterator[MsgId]:
    for _, text, _, _ in extract("python", io.BytesIO(source), keywords=keywords, options={"encoding": "utf-8"}):
        said = (text[0], text[1]) if isinstance(text, tuple) else text
        if any(letter.isalpha() for letter in _PLACE.sub("", _singular(said))):  # not one that only sets values beside each other
            yield said


def _said_below() -> Iterator[str]:
    """Ask the rooms themselves, those that pages use: sentences of refusals, words of closed lists, and tables of words."""
    _set_up()
    import fjorten.web.addresses  # noqa: F401  with it everything pages use is there

    rooms = [module for name, module in sorted(sys.modules.items()) if name.startswith("fjorten.") and not name.startswith(_NO_PAGES)]
    for room in rooms:
        for said in vars(room).values():
            if isinstance(said, type) and said.__module__ == room.__name__:
                yield from _of_class(said)
    yield from _of_tables()


def _of_class(said: type) -> Iterator[str]:
    from django.db.models import TextChoices

    from fjorten.kernel.refusals import Refused

    if issubclass(said, Refused):
        yield str(said.sentence)
    elif issubclass(said, TextChoices):
        yield from (str(label) for label in said.labels)
    elif issubclass(said, enum.Enum):
        for name in ("words", "sentence"):
            if isinstance(vars(said).get(name), property):
                yield from (getattr(one, name) for one in said)
    for inner in vars(said).values():
        if isinstance(inner, type) and inner.__qualname__.startswith(f"{said.__qualname__}."):
            yield from _of_class(inner)


def _of_tables() -> Iterator[str]:
    from fjorten.access import policies
    from fjorten.access.actions import WEAKNESSES
    from fjorten.appointments import obligations as of_appointments
    from fjorten.care_relations import extracts
    from fjorten.followup import obligations as of_cases
    from fjorten.followup.actions.cases import OWNER_HAS_LEFT
    from fjorten.followup.chronology import APPOINTMENT_WORDS
    from fjorten.kernel import working_days
    from fjorten.kernel.national_id import NotANationalId, Problem
    from fjorten.messages.actions import by_hand, handovers, in_hand, letters, owed, protection, receipts, taking_over
    from fjorten.messages.actions.tasks import SETTLED_BY
    from fjorten.messages.languages import languages
    from fjorten.messages.tasks import SENTENCES
    from fjorten.messages.texts import messages
    from fjorten.nightly.actions import STAGE_NAMES
    from fjorten.nightly.standing import COUNTS_CALLED
    from fjorten.programme.definitions import known_versions
    from fjorten.registers.reconcile.words import STATUSES
    from fjorten.web.register.kinds import KINDS

    yield from (policies.NOT_YOURS_TO_SEE, policies.OWN_FAMILY, policies.BLOCKED, policies.NO_RELATION, policies.IN_NEED)
    yield from WEAKNESSES.values()
    yield from APPOINTMENT_WORDS.values()
    yield from (NotANationalId(problem).sentence for problem in Problem)
    yield from STATUSES.values()
    yield from (language.norwegian for language in languages().values())
    yield from (message.when for message in messages().values())
    yield from (sentence for sentence, _ in SENTENCES.values())
    # Why a message went nowhere, as it is stored with it.
    yield from (owed.TOO_LATE, owed.PAUSED_UNTIL_TOO_LATE, owed.WRONG_ADDRESSEE, owed.NOT_ON_PAPER, owed.NO_LONGER_OWED)
    yield from (*owed.SILENCES.values(), receipts.CAME_THROUGH, receipts.NOT_DELIVERED, in_hand.ANOTHER_GATEWAY, in_hand.NO_WAY_LEFT)
    yield from (protection.PROTECTED, taking_over.TOLD_BY_THE_EARLIER_SYSTEM, of_appointments.NOT_OWED, of_cases.NOT_OWED)
    yield from (letters.CAME_BACK, letters.ADDRESS_IS_DEAD, letters.TAKEN_OUT, handovers.REFUSED)
    yield from (by_hand.SAID_TO_HAVE_ARRIVED, by_hand.SAID_NOT_TO_HAVE_ARRIVED, *(reason for _, reason in SETTLED_BY.values()))
    yield OWNER_HAS_LEFT
    yield from (*working_days.FIXED_HOLIDAYS, *working_days.DAYS_FROM_EASTER_SUNDAY)
    yield from (*STAGE_NAMES.values(), *COUNTS_CALLED.values())
    for version in known_versions():
        yield from (version.version_label, version.reviewed_by, *(screening.name for screening in version.screenings))
    yield from (*extracts.ROLES.values(), extracts.NO_ROLE, *extracts.GROUNDS.values(), extracts.NO_GROUND)
    # Who wrote something down when no person did.
    yield from ("nattkjøring", "systemet")
    for kind in KINDS.values():
        yield from (str(said) for said in (kind.title, kind.meaning, kind.advice))


def _set_up() -> None:
    import django
    from django.apps import apps

    if not apps.ready:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fjorten.config.test_settings")
        sys.path.insert(0, str(SOURCE))
        django.setup()


if __name__ == "__main__":
    sys.exit(main())
