"""docs/reference/commands.md: every command and everything that can be written behind it, from the parsers themselves."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from tools.markdown import Pages, markdown_table, page

from fjorten.cli.main import CANNOT, COMMANDS, FOUND, OK, parser_of


def commands_page() -> Pages:
    """Make the page from `fjorten.cli.main.COMMANDS`; argparse's own help is not used, since its layout differs from version to version."""
    introduction = (
        "Kommandoene skrives i et terminalvindu, i mappen installasjonen ligger i. Det som står i hakeparentes, kan utelates. `--help` bak "
        "en kommando viser det samme."
    )
    codes = [
        [str(OK), "ingenting å gjøre, eller det er gjort"],
        [str(FOUND), "noe ble funnet: avvik, oppgaver som venter, et regnskap som ikke går opp"],
        [str(CANNOT), "kunne ikke gjøres; en setning sier hvorfor og hva du kan gjøre"],
    ]
    paragraphs = [introduction, "Svaret til den som kaller programmet (avslutningskoden):", markdown_table(["kode", "betyr"], codes)]
    for name, (_, meaning) in COMMANDS.items():
        paragraphs += [f"## fjorten {name}", meaning, *_described(parser_of(name), f"fjorten {name}")]
    return {"commands.md": page(title="Kommandoene", paragraphs=paragraphs)}


def _described(parser: argparse.ArgumentParser, name: str) -> Iterator[str]:
    verbs = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    yield f"```\n{' '.join([name, *_usage(parser)])}\n```"
    rows = [[_written(action), _meaning(action)] for action in _arguments(parser)]
    if rows:
        yield markdown_table(["argument", "betydning"], rows)
    for verb in verbs:
        help_texts = {choice.dest: choice.help or "" for choice in verb._choices_actions}
        for child, child_parser in verb.choices.items():
            yield f"### {name} {child}"
            yield f"{help_texts[child][:1].upper()}{help_texts[child][1:]}."
            yield from _described(child_parser, f"{name} {child}")


def _arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Everything but --help and the verbs; what must be there first."""
    shown = [action for action in parser._actions if not isinstance(action, argparse._SubParsersAction | argparse._HelpAction)]
    return sorted(shown, key=lambda action: not _is_required(action))


def _is_required(action: argparse.Action) -> bool:
    return action.required if action.option_strings else action.nargs not in {"?", "*", argparse.REMAINDER}


def _usage(parser: argparse.ArgumentParser) -> Iterator[str]:
    alternatives = {id(action): group._group_actions for group in parser._mutually_exclusive_groups for action in group._group_actions}
    said: set[int] = set()
    for action in _arguments(parser):
        together = alternatives.get(id(action), [action])
        if id(action) in said:
            continue
        said |= {id(other) for other in together}
        written = " | ".join(_written(other) for other in together)
        yield written if _is_required(action) else f"[{written}]"
    for verb in parser._actions:
        if isinstance(verb, argparse._SubParsersAction):
            choices = " | ".join(verb.choices)
            yield f"{choices} ..." if verb.required else f"[{choices} ...]"


def _written(action: argparse.Action) -> str:
    """Write an argument the way it is typed: `--on DATO`, `NUMMER`."""
    value = _value(action)
    if not action.option_strings:
        return value
    return " ".join(part for part in (", ".join(action.option_strings), value) if part)


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if action.nargs == argparse.REMAINDER:
        return metavar
    return f"{metavar} [{metavar} ...]" if action.nargs == "+" else metavar


def _meaning(action: argparse.Action) -> str:
    choices = f"en av: {', '.join(str(choice) for choice in action.choices)}" if action.choices else ""
    return "; ".join(part for part in (action.help or "", choices) if part)
