"""
Write docs/reference/ anew from code and definitions, or say which page has fallen behind.

    python tools/reference.py            writes the pages
    python tools/reference.py --check    changes nothing, names the pages that differ, and exits 1 when there are any

Every page comes from a generator: a function without arguments that answers `{file name in docs/reference: text}`. A further one is added
to GENERATORS and needs nothing else; the index lists whatever the generators make. The same input always gives the same bytes.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]  # run as a script, only this folder is on the path

from tests.spec.tables import read_table  # noqa: E402  # needs the path above
from tools.markdown import Pages, ReferenceCannotBeMade, markdown_table, page  # noqa: E402  # needs the path above
from tools.pages import (  # noqa: E402  # the same
    columns,
    commands,
    events,
    findings,
    follow_up,
    ledger_output,
    matrix,
    messages,
    programmes,
    settings,
    wall,
    work_items,
)

from fjorten.kernel.names import sort_key  # noqa: E402  # needs the path above

REFERENCE = ROOT / "docs" / "reference"
SPECS = ROOT / "tests" / "spec"
INDEX = "README.md"

Generator = Callable[[], Pages]


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of a spec module, with the tables that prove it."""

    sentence: str
    tables: tuple[str, ...]


def spec_pages() -> Pages:
    """Make one page of every tests/spec/<room>/test_<topic>.py. Raises ReferenceCannotBeMade when two rooms have the same topic."""
    made: dict[str, str] = {}
    sources: dict[str, Path] = {}
    for module in sorted(SPECS.glob("*/**/test_*.py")):
        name = f"{module.stem.removeprefix('test_')}.md"
        if name in made:
            raise ReferenceCannotBeMade(f"{module} and {sources[name]} would both become {name}: rename one of them")
        made[name] = spec_page(module)
        sources[name] = module
    return made


def spec_page(module: Path) -> str:
    """Make the page of one spec module: its docstring is title and introduction, its @spec tests are the rules, in the file's order."""
    tree = ast.parse(module.read_text(encoding="utf-8"), filename=str(module))
    title, _, introduction = (ast.get_docstring(tree) or "").partition("\n\n")
    if not introduction.strip() or "\n" in title:
        raise ReferenceCannotBeMade(f'{module}: begin with """<title>, a blank line, <introduction>"""')
    paragraphs = [" ".join(paragraph.split()) for paragraph in introduction.split("\n\n")]
    for rule in rules_of(tree, module):
        paragraphs.append(f"## {rule.sentence}")
        paragraphs += [markdown_table(*read_table(table)) for table in rule.tables]
    paragraphs.append(f"Reglene prøves av `{module.relative_to(SPECS.parent.parent).as_posix()}` hver gang testene kjøres.")
    return page(title=title.strip(), paragraphs=paragraphs)


def rules_of(tree: ast.Module, module: Path) -> Iterator[Rule]:
    """Find the sentences and tables of a module without running it. Raises ReferenceCannotBeMade for what cannot be read that way."""
    for test in tree.body:
        if isinstance(test, ast.ClassDef) and test.name.startswith("Test"):
            raise ReferenceCannotBeMade(f"{module}:{test.lineno}: {test.name} would not be seen; write its tests as functions")
        if not isinstance(test, ast.FunctionDef):
            continue
        sentences = [call.args for call in test.decorator_list if isinstance(call, ast.Call) and called(call) == "spec"]
        if test.name.startswith("test_") and not sentences:
            raise ReferenceCannotBeMade(f"{module}:{test.lineno}: {test.name} has no @spec sentence; move it to tests/ beside tests/spec/")
        for arguments in sentences:
            calls = (node for node in ast.walk(test) if isinstance(node, ast.Call) and called(node) == "check_table")
            tables = tuple(literal(call.args[1:2], module, call.lineno) for call in sorted(calls, key=lambda call: call.lineno))
            yield Rule(literal(arguments, module, test.lineno), tables)


def called(call: ast.Call) -> str | None:
    """Name the function of a call; None when it is not a plain name."""
    return call.func.id if isinstance(call.func, ast.Name) else None


def literal(arguments: list[ast.expr], module: Path, line: int) -> str:
    """Read the only one of these arguments as a text written out in the source. Raises ReferenceCannotBeMade."""
    match arguments:
        case [ast.Constant(value=str(text))]:
            return text
    raise ReferenceCannotBeMade(f"{module}:{line}: write the sentence or the table out as a plain text")


def index(pages: Pages) -> str:
    """Make the index of all pages of text, in Norwegian order of their titles: each with the first sentence of its introduction."""
    rows = [(title_of(text), name, first_sentence(text)) for name, text in pages.items() if name.endswith(".md")]
    lines = [f"- [{title}]({name}): {sentence}" for title, name, sentence in sorted(rows, key=lambda row: sort_key(row[0]))]
    introduction = "Disse sidene er laget av koden og definisjonene selv, og «make check» sammenligner dem. De kan derfor ikke bli gamle."
    return page(title="Oppslag", paragraphs=[introduction, "\n".join(lines)])


def title_of(text: str) -> str:
    """Find the title of a page: its first line, without the mark."""
    return text.splitlines()[0].removeprefix("# ")


def first_sentence(text: str) -> str:
    """Find the first sentence of a page's first paragraph after title and machine mark; empty for a page without one."""
    paragraphs = [block for block in text.split("\n\n")[1:] if block.strip() and not block.startswith(("<!--", "#", "|"))]
    if not paragraphs:
        return ""
    return re.split(r"(?<=[.!?])\s", " ".join(paragraphs[0].split()), maxsplit=1)[0]


GENERATORS: list[Generator] = [
    spec_pages,
    columns.columns_page,
    commands.commands_page,
    events.events_page,
    findings.finding_kinds_page,
    follow_up.follow_up_page,
    ledger_output.ledger_output_page,
    matrix.matrix_page,
    messages.messages_page,
    programmes.child_programme_page,
    settings.settings_page,
    wall.wall_page,
    work_items.work_items_page,
]


def all_pages(generators: list[Generator]) -> dict[str, str]:
    """Run every generator and add the index. Raises ReferenceCannotBeMade when two of them make the same page."""
    pages: dict[str, str] = {}
    for generator in generators:
        for name, text in generator().items():
            if name in pages or name == INDEX:
                raise ReferenceCannotBeMade(f"{name} is made twice, the second time by {getattr(generator, '__name__', generator)}")
            pages[name] = text
    return {**pages, INDEX: index(pages)}


def differences(pages: Pages, folder: Path) -> dict[Path, str]:
    """Compare the pages with what stands in the folder: `{file: what is wrong}`, with pages nobody makes any more."""
    found: dict[Path, str] = {}
    for name, text in pages.items():
        file = folder / name
        if not file.exists():
            found[file] = "is missing"
        elif file.read_text(encoding="utf-8") != text:
            found[file] = "differs from what the code says"
    for file in folder.rglob("*.md"):
        if file.relative_to(folder).as_posix() not in pages:
            found[file] = "is made by no generator any more"
    return dict(sorted(found.items()))


def write(pages: Pages, folder: Path) -> list[Path]:
    """Bring the folder into line with the pages and answer what was changed. Files that already agree are left alone."""
    changed = list(differences(pages, folder))
    for file in changed:
        text = pages.get(file.relative_to(folder).as_posix())
        if text is None:
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
    return changed


def main(arguments: list[str] | None = None) -> int:
    """Write or check the pages. Answers 0 when all is well, 1 when pages differ or cannot be made."""
    parser = argparse.ArgumentParser(description="Write docs/reference/ from code and definitions.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 and name the pages that differ")
    parser.add_argument("--into", type=Path, default=REFERENCE, help="another folder than docs/reference")
    chosen = parser.parse_args(arguments)
    try:
        pages = all_pages(GENERATORS)
    except ReferenceCannotBeMade as problem:
        print(problem, file=sys.stderr)
        return 1
    if not chosen.check:
        print(f"{len(pages)} pages, {len(write(pages, chosen.into))} changed")
        return 0
    differing = differences(pages, chosen.into)
    for file, what in differing.items():
        print(f"{file.relative_to(ROOT) if file.is_relative_to(ROOT) else file} {what}: run «make docs»", file=sys.stderr)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
