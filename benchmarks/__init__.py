"""
What is measured against a floor, and how: `python -m benchmarks`, or one module by itself.

Each module with a goal offers `run() -> list[str]`: one line a result, beginning with the goal it belongs to (P1, P2 ...), holding the
figure, the floor it is divided by, and "met" or "MISSED". One that can be made smaller takes `run(quick=True)`. What is quoted are ratios
of runs made side by side, never a bare time.
"""
