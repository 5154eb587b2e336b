"""The key the daily snapshots are signed with: Ed25519, kept as files outside the database, so that the database alone cannot forge one."""

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from fjorten.kernel.refusals import Refused


class SigningKeyIsMissing(Refused):
    """The installation has no signing key."""

    sentence = "Signeringsnøkkelen mangler. Kjør `fjorten init`, eller legg tilbake mappen keys fra sikkerhetskopien."


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The installation's key: where it lies and the public half in hexadecimal."""

    path: Path
    public: str

    @property
    def fingerprint(self) -> str:
        """The first digits of the public key, to compare by eye."""
        return self.public[:16]


def ensure_key() -> SigningKey:
    """Find the signing key, or make one, readable by its owner only from the first moment."""
    path = _path()
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(Ed25519PrivateKey.generate().private_bytes_raw().hex())
    return SigningKey(path, _private().public_key().public_bytes_raw().hex())


def sign(digest: str) -> tuple[str, str]:
    """Sign a digest; gives the signature and the public key, both in hexadecimal. Raises SigningKeyIsMissing."""
    key = _private()
    return key.sign(bytes.fromhex(digest)).hex(), key.public_key().public_bytes_raw().hex()


def is_signed_by(digest: str, *, signature: str, public_key: str) -> bool:
    """Tell whether a signature over a digest was made with a key."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), bytes.fromhex(digest))
    except (InvalidSignature, ValueError):
        return False
    return True


def own_public_keys() -> frozenset[str]:
    """List the public keys that count as ours: today's, and earlier ones listed in `ledger_earlier_keys`, one a line."""
    earlier = _path().with_name("ledger_earlier_keys")
    listed = earlier.read_text(encoding="ascii").split() if earlier.is_file() else []
    return frozenset([_private().public_key().public_bytes_raw().hex(), *listed])


def _path() -> Path:
    return Path(settings.HOME) / "keys" / "ledger_ed25519"


def _private() -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(_path().read_text(encoding="ascii").strip()))
    except (OSError, ValueError) as error:
        raise SigningKeyIsMissing from error
