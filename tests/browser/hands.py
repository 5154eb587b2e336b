"""Somebody who uses the keyboard alone: what they reach by Tab, whether it shows where they are, and that nothing lies over it."""

from collections.abc import Callable
from typing import Any

from tests.browser.clinic import Window

# Whoever is looked for stands further down or further up; nothing on a page of ours is as many steps away.
MOST_STEPS = 250

FOCUSED = """() => {
    const one = document.activeElement, style = getComputedStyle(one), box = one.getClientRects()[0] || one.getBoundingClientRect();
    const label = one.labels?.length ? one.labels[0].innerText : one.closest("fieldset") ? "" : one.innerText;
    const words = one.getAttribute("aria-label") || label || "";
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return {
        kind: one.matches("body, #main") ? "page" : one.matches("a") ? "link" : one.matches("button") ? "button" : one.type || one.tagName,
        words: words.replace(/\\s+/g, " ").trim(),
        group: one.name || "",
        checked: Boolean(one.checked),
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        covered: !top || !(one.contains(top) || top.contains(one)),
    };
}"""


class KeyboardAlone(Window):
    """A window whose user has no mouse. Every step of the way must show where it is."""

    def __init__(self, *args: Any, **traits: Any) -> None:
        super().__init__(*args, reduced_motion="reduce", **traits)

    def focused(self) -> dict[str, Any]:
        """What has the focus now."""
        return dict(self.page.evaluate(FOCUSED))

    def steps_on(self) -> dict[str, Any]:
        """Press Tab once; what has the focus then is outlined and not covered."""
        self.page.keyboard.press("Tab")
        here = self.focused()
        if here["kind"] != "page":
            assert here["outlined"], f"nothing shows that the focus is at «{here['words']}» on {self.page.url}"
            assert not here["covered"], f"something lies over «{here['words']}», which has the focus, on {self.page.url}"
        return here

    def follows(self, words: str) -> None:
        self._leaves_by(words, {"link"})

    def presses(self, words: str) -> None:
        self._leaves_by(words, {"button"})

    def ticks(self, label: str) -> None:
        here = self._reaches(lambda one: one["kind"] in {"checkbox", "radio"} and (one["kind"] == "radio" or one["words"] == label))
        for _ in range(MOST_STEPS):
            if here["words"] == label:
                if not here["checked"]:
                    self.page.keyboard.press("Space")
                return
            first = here["group"]
            self.page.keyboard.press("ArrowDown")  # among the answers to one question
            here = self.focused()
            assert here["group"] == first
        raise AssertionError(f"no key leads to «{label}» on {self.page.url}")

    def writes(self, text: str, *, into: str) -> None:
        self._reaches(lambda one: one["words"] == into)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def chooses(self, choice: str, *, among: str) -> None:
        self._reaches(lambda one: one["words"] == among)
        self.page.keyboard.type(choice)  # a list goes to what begins with the letters

    def _leaves_by(self, words: str, kinds: set[str]) -> None:
        self._reaches(lambda one: one["kind"] in kinds and words in one["words"])
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _reaches(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        passed = []
        for _ in range(MOST_STEPS):
            here = self.steps_on()
            if is_it(here):
                return here
            passed.append(here["words"])
        raise AssertionError(f"no key leads there on {self.page.url}; passed {passed}")
