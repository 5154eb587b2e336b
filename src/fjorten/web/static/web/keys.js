// Keys and focus, for those who have JavaScript: every page does without. Nothing here asks for anything or keeps anything.
"use strict";

const CAN_TYPE = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const rows = () => [...document.querySelectorAll("main tbody tr:not(.grp), main .ap")];
const keysAreOff = () => document.documentElement.dataset.keys === "off"; // a setting of the user's (WCAG 2.1.4)

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains("cur"));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  for (const row of all) row.classList.toggle("cur", row === next);
  // The child's name first, so that Enter opens it: on the box before it Enter would send the whole list.
  const places = ["a.nm", ".l1 a", "a, button, input"].map((place) => next.querySelector(place));
  (places.find(Boolean) || next).focus();
}

function current() {
  return document.querySelector("main .cur");
}

const KEYS = {
  "/": () => document.getElementById("search")?.focus(),
  j: () => move(1),
  k: () => move(-1),
  x: () => current()?.querySelector(".pick input")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keysAreOff()) return;
  if (event.target.matches?.(CAN_TYPE)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  // A page names its own keys: <a data-key="n"> or <button data-key="t">, in the current row first.
  const named = CSS.escape(event.key);
  const own = current()?.querySelector(`[data-key="${named}"]`) || document.querySelector(`[data-key="${named}"]`);
  const act = KEYS[event.key] || (own && (() => own.click()));
  if (!act) return;
  event.preventDefault();
  act();
});

// The box in the heading picks all rows of the page; the bar says how many are picked, and in which languages their families are spoken to.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-picks-all]"))
    for (const box of event.target.closest("table").querySelectorAll("td.pick input")) box.checked = event.target.checked;
  if (event.target.closest(".pick")) countPicked();
});

function countPicked() {
  const bar = document.querySelector("[data-picked]");
  if (!bar) return;
  const picked = [...document.querySelectorAll("td.pick input:checked")];
  const languages = new Map();
  for (const box of picked) {
    const language = box.closest("tr").dataset.language;
    if (language) languages.set(language, (languages.get(language) || 0) + 1);
  }
  bar.textContent = `${picked.length} ${bar.dataset.picked}`;
  document.querySelector("[data-picked-languages]").textContent = [...languages].map((pair) => pair.join(" ")).join(" · ");
}

if (document.querySelector("td.pick input:checked")) countPicked(); // the browser kept them when somebody went back

// After a part of the page was exchanged, focus goes to its message or heading, so that nobody is left where a button used to be.
document.addEventListener("htmx:after:swap", () => {
  if (document.activeElement && document.activeElement !== document.body) return;
  const places = [".errors", ".msg", "h2", "h1"].map((place) => event.target.querySelector?.(place));
  (places.find(Boolean) || document.querySelector("main h1"))?.focus();
});
