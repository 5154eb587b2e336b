"""docs/reference/events.md: what the trail records, collected from the calls that record it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.markdown import Pages, ReferenceCannotBeMade, markdown_table, page
from tools.pages.django_ready import set_up

import fjorten

SRC: Final = Path(fjorten.__file__).parent
RECORDING: Final = {"record", "_record", "Entry"}
LOOKING: Final = {"note_look": "lest", "note_refused": "avslått"}
ROOMS_WITHOUT_A_TRAIL: Final = {"audit", "simulation"}  # the trail itself, and invented lives with entries of another kind


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """One kind of event: its name, and the action that records it."""

    name: str
    action: str
    kind: str


def events_page() -> Pages:
    """Make the page from every call that records an event."""
    rows = [[event.name, event.action, event.kind] for event in events()]
    paragraphs = [
        "Alt som leses eller skrives om et barn, står i sporet: hvem, når, hva, om hvem, og hvorfor. Begrunnelsen selv står med det den "
        "gjelder; sporet har bare avtrykket av den. Rader i sporet endres og slettes aldri, og `fjorten verify` prøver hele kjeden.",
        markdown_table(["hendelse", "handling i koden", "slag"], rows),
    ]
    return {"events.md": page(title="Hendelser i sporet", paragraphs=paragraphs)}


def events() -> list[Event]:
    """Collect the events of all rooms. Raises ReferenceCannotBeMade for a name that cannot be read from the source."""
    found = set()
    for module in sorted(SRC.rglob("*.py")):
        room = module.relative_to(SRC).parts[0]
        if room not in ROOMS_WITHOUT_A_TRAIL:
            found |= set(_events_in(module))
    return sorted(found)


def _events_in(module: Path) -> Iterator[Event]:
    tree = ast.parse(module.read_text(encoding="utf-8"), filename=str(module))
    if not _knows_the_trail(tree):
        return
    place = ".".join(module.relative_to(SRC).with_suffix("").parts)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id in RECORDING | LOOKING.keys() and call.args:
                for name in _names(call.args[0], place, call.lineno):
                    yield Event(name, f"{place}.{function.name}", _kind_of(call, call.func.id))


def _kind_of(call: ast.Call, function: str) -> str:
    said = "".join(ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg == "kind")
    return LOOKING.get(function) or ("lest" if said.endswith("READ") else "avslått" if said.endswith("REFUSED") else "skrevet")


def _knows_the_trail(tree: ast.Module) -> bool:
    knows = {"fjorten.audit.trail", "fjorten.audit.looks"}
    return any(isinstance(node, ast.ImportFrom) and node.module in knows for node in ast.walk(tree))


def _names(argument: ast.expr, place: str, line: int) -> list[str]:
    """Read the name, or the names when a part of it is a value; a name that is handed on is read where it comes from."""
    match argument:
        case ast.Constant(value=str(name)):
            return [name]
        case ast.Name(id="action"):
            return []
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), ast.FormattedValue(value=ast.expr() as part)]):
            values = _values_of_parts().get(ast.unparse(part))
            if values is not None:
                return [f"{start}{value}" for value in values]
    raise ReferenceCannotBeMade(f"{place}:{line}: write the event's name out, or list in tools/pages/events.py what its part can be")


def _values_of_parts() -> dict[str, list[str]]:
    """What the parts of names that are values can be."""
    set_up()
    from fjorten.appointments.states import State
    from fjorten.followup.models import CaseEvent
    from fjorten.messages.models import OutboxState
    from fjorten.plans.models import StandingDecision
    from fjorten.programme.status import SETTLED

    return {
        "outcome.value": sorted(state.value for state in SETTLED),
        "standing.value": sorted(StandingDecision.Standing.values),
        "what.value": sorted(CaseEvent.What.values),
        "state.value": sorted(OutboxState.values),
        "message.state": sorted(OutboxState.values),
        "to.value": sorted(state.value for state in State),
        "State.CANCELLED_BY_CLINIC.value": [State.CANCELLED_BY_CLINIC.value],
    }
