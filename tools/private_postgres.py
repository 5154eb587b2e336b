"""A PostgreSQL server for the length of a run: made by initdb in a temporary folder, on a free loopback port, gone afterwards."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

# The data is thrown away with the run, so nothing waits for the disk; and compiling a plan takes longer than reading tables this small.
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "jit=off")


def binaries() -> Path | None:
    """Find the folder with the server programs: on PATH, by pg_config, or where Debian and Ubuntu put them (newest first)."""
    candidates = [Path(found).resolve().parent for name in ("initdb",) if (found := shutil.which(name))]
    if pg_config := shutil.which("pg_config"):
        candidates.append(Path(subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()))
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name.split(".")[0]), reverse=True)
    for folder in [*candidates, *debian]:
        if all((folder / program).is_file() for program in ("initdb", "postgres", "pg_ctl")):
            return folder
    return None


@contextlib.contextmanager
def server(folder: Path, *, counts_tables: bool = False) -> Iterator[str]:
    """
    Start a server with the programs in `folder` and give its address as DATABASE_URL; stop it and remove its data at the end.

    A real server counts its tables as they grow (autovacuum) and plans by that: whoever measures, and keeps what is written, wants it to.
    Tests roll back what they write: whoever counted the tables meanwhile would find them empty, and plan by that for the rest of the run.
    """
    settings = (*_SETTINGS, f"autovacuum={'on' if counts_tables else 'off'}")
    user = _unprivileged_user()
    with tempfile.TemporaryDirectory(prefix="fjorten-pg-") as scratch:
        data, port = Path(scratch) / "data", free_port()
        data.mkdir(mode=0o700)
        if user is not None:
            for path in (Path(scratch), data):
                shutil.chown(path, user.pw_uid, user.pw_gid)

        def run(*command: str) -> None:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                check=False,
                cwd=scratch,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": scratch},
            )
            if done.returncode:
                raise SystemExit(f"PostgreSQL: {' '.join(command[:1])} failed:\n{done.stdout}{done.stderr}")

        run(str(folder / "initdb"), "-D", str(data), "-U", "fjorten", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        listen = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={scratch} {' '.join(f'-c {one}' for one in settings)}"
        run(str(folder / "pg_ctl"), "-D", str(data), "-w", "-t", "60", "-l", f"{scratch}/log", "-o", listen, "start")
        try:
            yield f"postgres://fjorten@127.0.0.1:{port}/postgres"
        finally:
            run(str(folder / "pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop")


def _unprivileged_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it runs as `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise SystemExit("Run as root, but there is neither a user postgres nor nobody to run the test database as.")


def free_port() -> int:
    """Find a port nobody listens on now, on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
