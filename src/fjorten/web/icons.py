"""
The icons of the staff pages: small SVG files, read once and written into the page where they stand.

Most are vendored from Aksel (`static/web/vendor/icons`, listed in VENDOR.toml); what Aksel lacks, or draws unlike the sketches, is drawn by
us (`static/web/icons`).
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent / "static" / "web"
FOLDERS: Final = (STATIC / "icons", STATIC / "vendor" / "icons")
_BODY: Final = re.compile(r"<svg[^>]*>(.*)</svg>\s*$", re.DOTALL)


class NoSuchIcon(LookupError):
    """A template asked for an icon that there is no file for."""


@cache
def names() -> tuple[str, ...]:
    """List the names of all icons, in order."""
    return tuple(sorted(path.stem for folder in FOLDERS for path in folder.glob("*.svg")))


@cache
def body_of(name: str) -> str:
    """Read what is drawn by the icon `name`, in a box of 24 by 24 and the colour of the text around it. Raises NoSuchIcon."""
    if name not in names():
        raise NoSuchIcon(f'no icon "{name}" (known: {", ".join(names())})')
    [path] = [folder / f"{name}.svg" for folder in FOLDERS if (folder / f"{name}.svg").is_file()]
    found = _BODY.search(path.read_text(encoding="utf-8"))
    if found is None:
        raise NoSuchIcon(f"{path.name} is not one <svg>")
    return " ".join(found[1].split())
