"""A report of file and function sizes: guidance, nothing fails on it."""

import ast
import statistics
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Print median, 90th percentile and largest of files and functions, and the test : code ratio."""
    code = [path for path in (ROOT / "src").rglob("*.py") if "migrations" not in path.parts]
    tests = list((ROOT / "tests").rglob("*.py"))
    files = {path: path.read_text(encoding="utf-8").count("\n") for path in code}
    functions = {
        f"{path.relative_to(ROOT)}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in code
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    for name, sizes in (("files", {str(path.relative_to(ROOT)): size for path, size in files.items()}), ("functions", functions)):
        ordered = sorted(sizes.values())
        print(f"{name}: {len(ordered)}, median {statistics.median(ordered):.0f}, p90 {ordered[int(len(ordered) * 0.9)]}, max {ordered[-1]}")
        for path, size in sorted(sizes.items(), key=lambda item: -item[1])[:8]:
            print(f"  {size:5} {path}")
    lines_of_tests = sum(path.read_text(encoding="utf-8").count("\n") for path in tests)
    print(f"lines: {sum(files.values())} of code, {lines_of_tests} of tests, ratio {lines_of_tests / sum(files.values()):.2f}")


if __name__ == "__main__":
    main()
