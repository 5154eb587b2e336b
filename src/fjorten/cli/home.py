"""The folder an installation owns: its keys, the demo, and the database when DATABASE_URL names none."""

import os
import secrets
import shutil
from datetime import datetime
from pathlib import Path
from typing import Final

from fjorten.cli.edge import now

_MORNING: Final = "morning"


def home() -> Path:
    """Tell the folder: FJORTEN_HOME, else `var` where the command is run."""
    return Path(os.environ.get("FJORTEN_HOME", "var"))


def ensure_secret() -> None:
    """Make the folder and its secret key when they are missing; readable by the owner only from the first moment."""
    home().mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = home() / "keys"
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = keys / "secret"
    if not file.exists() and not os.environ.get("FJORTEN_SECRET_KEY"):
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(48))


def has_secret() -> bool:
    """Tell whether the installation has been made ready by `fjorten init`."""
    return bool(os.environ.get("FJORTEN_SECRET_KEY")) or (home() / "keys" / "secret").is_file()


def begin_demo() -> None:
    """Turn to the demo's own folder, emptied: it never touches the installation's database or keys."""
    folder = _demo()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    turn_to_demo()


def turn_to_demo() -> None:
    """Turn to the demo's own folder as it is, for the rest of this process and those it starts."""
    os.environ["FJORTEN_HOME"] = str(_demo())
    os.environ["FJORTEN_DEMO"] = "yes"
    os.environ["FJORTEN_SQLITE_SYNCHRONOUS"] = "NORMAL"
    for name in ("DATABASE_URL", "FJORTEN_SECRET_KEY"):
        os.environ.pop(name, None)
    start_demos_clock()


def remember_demos_morning(at: datetime) -> None:
    """Remember when the demo's day begins: what has been lived stops there, and its pages go on from it, each time they are served."""
    (home() / _MORNING).write_text(at.isoformat(), encoding="ascii")


def start_demos_clock() -> None:
    """Let the demo's clock begin in its morning, in the processes this one starts; before the demo is made nothing is done."""
    file = home() / _MORNING
    if file.is_file():
        ahead = datetime.fromisoformat(file.read_text(encoding="ascii")) - now()
        os.environ["FJORTEN_DEMO_CLOCK_AHEAD"] = str(int(ahead.total_seconds()))


def _demo() -> Path:
    return home() / "demo"
