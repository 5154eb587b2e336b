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


for name, extras in SETS.items():
    uv_compile("pyproject.toml", *extras, "-o", f"requirements/{name}.txt")
uv_compile("--group", "build", "-o", "requirements/build.txt")
