"""The gateways a municipality's messages are carried by."""

from dataclasses import dataclass

from fjorten.messages.channels.interface import Channel
from fjorten.messages.models import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriers:
    """
    The gateways a municipality uses. Without one for e-mail, e-mail waits; without digital letters, letters are printed. With them, those
    to somebody whose number nobody knows still are.
    """

    sms: Channel
    email: Channel | None = None
    letters: Channel | None = None

    def of(self, way: str) -> Channel | None:
        """Tell which gateway carries messages that go this way; None when none does."""
        return {Way.SMS.value: self.sms, Way.EMAIL.value: self.email, Way.LETTER.value: self.letters}[way]

    def named(self, name: str) -> Channel | None:
        """Find a gateway by its name; None when it is not used any more."""
        return next((one for one in self.all if one.name == name), None)

    @property
    def all(self) -> tuple[Channel, ...]:
        """The gateways that are used."""
        return tuple(one for one in (self.sms, self.email, self.letters) if one is not None)
