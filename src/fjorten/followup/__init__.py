"""
The case after a missed consultation: what is done, by whom, by when, until a person closes it with a reason.

Rules are pure (`triggers`, `misses`, `ladder`, `owners`, `closings`, `overlays`, `criteria`), lists are queries, and everything a person
does is an action. The night opens cases and hands them over (`rounds`); it closes, reports and assesses nothing.
"""
