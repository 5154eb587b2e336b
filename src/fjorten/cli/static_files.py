"""The files of the pages that are the same for everybody, put where they are served from under names with their digests."""

from hashlib import sha256
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

import fjorten

_MADE_OF = ".made-of"


def put_out() -> bool:
    """
    Put the files out, packed and under their digests, when they are other than those that lie there; tells whether they were.

    A server that starts again finds them lying there: naming and packing them is a large part of a start (performance P11). What they were
    made of is written last, so that one that was cut off begins again.
    """
    root = Path(settings.STATIC_ROOT)
    made_of, sources = root / _MADE_OF, _digest_of_sources()
    if made_of.is_file() and made_of.read_text(encoding="ascii") == sources:
        return False
    made_of.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    made_of.write_text(sources, encoding="ascii")
    return True


def _digest_of_sources() -> str:
    """Tell one set of files from another by their names, sizes and times, and by who names and packs them."""
    found = sha256(f"{fjorten.__version__} {django.__version__}".encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            there = Path(storage.path(name)).stat()
            found.update(f"{name} {there.st_size} {there.st_mtime_ns}\n".encode())
    return found.hexdigest()
