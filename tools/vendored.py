"""
Whether the files of others that lie in the staff pages and the tests are those VENDOR.toml says: `make check` asks, and a maintainer
after a refresh.

Every file under the vendor folder is listed with its sum, or is the list itself or a licence that a listed file names.
"""

import hashlib
import sys
import tomllib
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = [ROOT / "src" / "fjorten" / "web" / "static" / "web" / "vendor", ROOT / "tests" / "browser" / "vendored"]
LIST = "VENDOR.toml"
TEXTS = ("name", "version", "member", "sha256", "licence", "licence_file", "why")


def main() -> int:
    """Print what is wrong with the vendored files."""
    found = [problem for folder in FOLDERS for problem in problems(folder)]
    print("\n".join(found) or "vendored files are as listed")
    return 1 if found else 0


def problems(folder: Path) -> list[str]:
    """Compare what lies in `folder` with its list: one sentence for each file that is changed, missing or unlisted, or listed badly."""
    text = (folder / LIST).read_text(encoding="utf-8")
    entries = tomllib.loads(text)
    found = [f"{LIST}: holds an address"] if "://" in text else []
    lying = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {LIST}
    licences = {entry.get("licence_file") for entry in entries.values()}
    for name, entry in entries.items():
        found += [
            f"{name}: its list says nothing of {key}" for key in TEXTS if not isinstance(entry.get(key), str) or not entry[key].strip()
        ]
        if not isinstance(entry.get("taken_on"), date):
            found.append(f"{name}: its list does not say on which day it was taken")
        if name in lying and hashlib.sha256((folder / name).read_bytes()).hexdigest() != entry.get("sha256"):
            found.append(f"{name}: is not the file that was listed (its sum differs)")
    found += [f"{name}: is listed but is not there" for name in sorted(set(entries) - lying)]
    found += [f"{name}: its licence is not there" for name, entry in entries.items() if entry.get("licence_file") not in lying]
    return found + [f"{name}: lies here unlisted" for name in sorted(lying - set(entries) - licences)]


if __name__ == "__main__":
    sys.exit(main())
