"""How a request shows who we are. The rest of the adapter knows only that it adds headers, so that DPoP can take the bearer's place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol


class Credentials(Protocol):
    """What shows that we may read. Called for every request, from several threads."""

    def headers(self, *, method: str, url: str) -> Mapping[str, str]:
        """This function will give the headers for one request; a proof of possession (DPoP) is bound to method and address."""
        ...

    def after_refusal(self, headers: Mapping[str, str]) -> bool:
        """This function will take note of a 401 answer (it may hold a nonce), and tell whether asking once more makes sense."""
        ...


class NoCredentials:
    """For a register that asks for none: the stand-in on this machine."""

    def headers(self, *, method: str, url: str) -> Mapping[str, str]:
        """This function will add nothing."""
        return {}

    def after_refusal(self, headers: Mapping[str, str]) -> bool:
        """This function will tell that asking again is no use."""
        return False


class BearerToken:
    """
    A token from a provider that keeps it fresh, sent as `Authorization: Bearer`.

    The provider is asked for every request, and once more after a 401: a token can be withdrawn before it runs out.
    """

    __slots__ = ("_token",)

    def __init__(self, token: Callable[[], str]) -> None:
        self._token: Final = token

    def headers(self, *, method: str, url: str) -> Mapping[str, str]:
        """This function will add the token."""
        return {"Authorization": f"Bearer {self._token()}"}

    def after_refusal(self, headers: Mapping[str, str]) -> bool:
        """This function will tell that a new token is worth one more try."""
        return True
