"""What a letter is, as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from fjorten.messages.postal_addresses import PostalAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who writes: the name families know, the lines of the return address, and the telephone number they can call."""

    name: str
    address: tuple[str, ...]
    telephone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The same words in one language: a title, and paragraphs parted by an empty line. Both are plain text, whatever stands in them."""

    language: str
    title: str = field(repr=False)
    body: str = field(repr=False)
    is_approved: bool

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs, without the line breaks inside them."""
        return tuple(" ".join(part.split()) for part in self.body.split("\n\n") if part.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """
    One letter to one recipient. `wordings` are the Norwegian first, then the family's own language when it is another and approved.

    `line` is the one line under the Norwegian when the family's language has no approved text (its title is not used). `key` names the
    letter in the list of a batch, and stands on it: by it one that comes back is found again.
    """

    key: str
    sender: Sender
    recipient: PostalAddress
    written_on: date
    wordings: tuple[Wording, ...]
    line: Wording | None = None

    @property
    def is_draft(self) -> bool:
        """Whether any of its words are not approved: then it can be looked at, and never sent."""
        return not all(wording.is_approved for wording in (*self.wordings, *([self.line] if self.line else [])))
