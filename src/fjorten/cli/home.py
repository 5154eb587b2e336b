"""The folder an installation owns: its keys, the demo, and the database when DATABASE_URL names none."""

import os
import secrets
import shutil
from pathlib import Path


def home() -> Path:
    """Tell the folder: FJORTEN_HOME, else `var` where the command is run."""
    return Path(os.environ.get("FJORTEN_HOME", "var"))


def ensure_secret() -> None:
    """Make the folder and its secret key when they are missing; readable by the owner only from the first moment."""
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
    folder = home() / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ["FJORTEN_HOME"] = str(folder)
    os.environ["FJORTEN_SQLITE_SYNCHRONOUS"] = "NORMAL"
    for name in ("DATABASE_URL", "FJORTEN_SECRET_KEY"):
        os.environ.pop(name, None)
