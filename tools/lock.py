"""Write requirements/*.txt anew from pyproject.toml: names, versions, markers and hashes only, no addresses."""

import subprocess
import sys
from pathlib import Path

SETS: dict[str, list[str]] = {
    "base": [],
    "all": ["--extra", "postgres", "--extra", "letters", "--extra", "excel"],
    "dev": ["--extra", "postgres", "--extra", "letters", "--extra", "excel", "--group", "dev"],
    "bench": ["--extra", "postgres", "--extra", "letters", "--extra", "excel", "--group", "dev", "--group", "bench"],
}
COMMON = [
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
]


def uv_compile(*arguments: str) -> None:
    subprocess.run([str(Path(sys.executable).parent / "uv"), "pip", "compile", *arguments, *COMMON], check=True)


# The largest set first, and the others held to it: what is installed to be run is, package for package, what was tested.
WIDEST = "bench"
for name in sorted(SETS, key=lambda one: one != WIDEST):
    held = [] if name == WIDEST else ["--constraint", f"requirements/{WIDEST}.txt"]
    uv_compile("pyproject.toml", *SETS[name], *held, "-o", f"requirements/{name}.txt")
uv_compile("--group", "build", "-o", "requirements/build.txt")
