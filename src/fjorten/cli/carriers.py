"""From the settings of an installation to the register it reads and the gateways its messages go by."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fjorten.cli.edge import now
from fjorten.kernel.refusals import Refused

if TYPE_CHECKING:
    from fjorten.messages.actions.contact_register import LookUp
    from fjorten.messages.actions.sending import Carriers
    from fjorten.messages.channels.interface import Channel, Heard
    from fjorten.messages.channels.smtp import Smtp
    from fjorten.registers.feeds.source import RegisterSource

Settings = Mapping[str, str]
Keep = Callable[["Heard"], None]

_ON_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_SUBMISSION_PORT: Final = 587  # RFC 6409 [source]


class SettingsDoNotFit(Refused):
    """A setting is missing, not understood, or says against another; the sentence names it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@contextmanager
def open_carriers(settings: Settings, *, home: Path, keep: Keep) -> Iterator["Carriers"]:
    """
    Open the gateways the settings name, and close them at the end. `keep` is given what a gateway tells over an open connection.

    Nothing is connected to before there is something to send. Raises SettingsDoNotFit.
    """
    from fjorten.messages.actions.sending import Carriers

    carriers = Carriers(sms=_sms(settings, home, keep), email=email_of(settings), letters=_letters(settings))
    try:
        yield carriers
    finally:
        for channel in (carriers.sms, carriers.email, carriers.letters):
            if channel is not None and hasattr(channel, "close"):
                channel.close()


def register_of(settings: Settings, location: str | None = None) -> "tuple[Callable[[], RegisterSource] | None, bool]":
    """
    Tell how the register is opened (None: no register is read), and whether it is a folder. `location` goes before the settings.

    Raises SettingsDoNotFit.
    """
    from fjorten.registers.feeds.credentials import BearerToken, NoCredentials
    from fjorten.registers.feeds.endpoints import is_address
    from fjorten.registers.feeds.opening import open_source

    where = location or settings.get("FJORTEN_REGISTER", "")
    token_is_told = bool(settings.get("FJORTEN_REGISTER_TOKEN_FILE"))
    if not where:
        if token_is_told:
            raise SettingsDoNotFit("FJORTEN_REGISTER_TOKEN_FILE er satt, men ikke FJORTEN_REGISTER. Sett begge, eller ingen av dem.")
        return None, False
    credentials = BearerToken(_secret(settings, "FJORTEN_REGISTER_TOKEN_FILE")) if token_is_told else NoCredentials()
    return (lambda: open_source(where, credentials=credentials)), not is_address(where)


@contextmanager
def open_contact_register(settings: Settings) -> Iterator["LookUp | None"]:
    """
    Open the contact register the settings name, and close it at the end; None when there is none to ask. Raises SettingsDoNotFit.

    Nothing is connected to before there is somebody to ask about.
    """
    from fjorten.messages.channels.contact_register import ContactRegister

    if not settings.get("FJORTEN_CONTACT_REGISTER"):
        _refuse_leftovers(settings, "FJORTEN_CONTACT_REGISTER_", "FJORTEN_CONTACT_REGISTER=https://...")
        yield None
        return
    address, token = _https(settings, "FJORTEN_CONTACT_REGISTER"), _secret(settings, "FJORTEN_CONTACT_REGISTER_TOKEN_FILE")
    register = ContactRegister(address, token=token)
    try:
        yield register.look_up
    finally:
        register.close()


def email_of(settings: Settings) -> "Smtp | None":
    """Make the channel for e-mail; None when the installation sends none. Raises SettingsDoNotFit."""
    match settings.get("FJORTEN_EMAIL", ""):
        case "":
            _refuse_leftovers(settings, "FJORTEN_EMAIL_", "FJORTEN_EMAIL=smtp")
            return None
        case "smtp":
            from fjorten.messages.channels.smtp import Smtp

            host, port = _host_and_port(settings, "FJORTEN_EMAIL_ADDRESS", default=_SUBMISSION_PORT)
            user = settings.get("FJORTEN_EMAIL_USER", "")
            if bool(user) is not bool(settings.get("FJORTEN_EMAIL_PASSWORD_FILE")):
                raise SettingsDoNotFit("FJORTEN_EMAIL_USER og FJORTEN_EMAIL_PASSWORD_FILE hører sammen. Sett begge, eller ingen av dem.")
            password = _secret(settings, "FJORTEN_EMAIL_PASSWORD_FILE") if user else None
            return Smtp(
                host,
                port,
                sender=_email_address(settings, "FJORTEN_EMAIL_SENDER"),
                sender_name=settings.get("FJORTEN_EMAIL_SENDER_NAME") or "fjorten",
                sent_at_seconds=lambda: now().timestamp(),
                login=lambda: None if password is None else (user, password()),
                needs_tls=_needs_tls(settings, "FJORTEN_EMAIL_TLS", host),
            )
        case other:
            raise SettingsDoNotFit(f"FJORTEN_EMAIL={other} er ikke kjent. Sett smtp, eller la den stå tom.")


def alarm_receivers(settings: Settings) -> list[str]:
    """List whom the alarm is sent to. Raises SettingsDoNotFit when there is nobody, or no way to reach them."""
    written = [one.strip() for one in settings.get("FJORTEN_ALARM_TO", "").split(",") if one.strip()]
    if not written:
        raise SettingsDoNotFit("Ingen er satt opp til å få alarmen. Sett FJORTEN_ALARM_TO til e-postadresser med komma imellom.")
    if not settings.get("FJORTEN_EMAIL"):
        raise SettingsDoNotFit("Alarmen sendes med e-post, og FJORTEN_EMAIL er ikke satt. Sett FJORTEN_EMAIL=smtp, og det som hører til.")
    for one in written:
        if re.fullmatch(r"[^@\s]+@[^@\s]+", one) is None:
            raise SettingsDoNotFit(f"«{one}» i FJORTEN_ALARM_TO er ikke en e-postadresse.")
    return written


def _sms(settings: Settings, home: Path, keep: Keep) -> "Channel":
    match settings.get("FJORTEN_SMS", "") or "file":
        case "file":
            from fjorten.messages.channels.file_outbox import FileOutbox

            _refuse_leftovers(settings, "FJORTEN_SMS_", "FJORTEN_SMS=sveve, pswincom eller smpp")
            return FileOutbox(Path(settings.get("FJORTEN_OUTBOX") or home / "outbox"))
        case ("sveve" | "pswincom") as gateway:
            from fjorten.messages.channels.pswincom import PSWinCom
            from fjorten.messages.channels.sveve import Sveve

            over_http = Sveve if gateway == "sveve" else PSWinCom
            return over_http(
                _https(settings, "FJORTEN_SMS_ADDRESS"),
                user=_given(settings, "FJORTEN_SMS_USER"),
                password=_secret(settings, "FJORTEN_SMS_PASSWORD_FILE"),
                sender=_given(settings, "FJORTEN_SMS_SENDER"),
            )
        case "smpp":
            return _smpp(settings, keep)
        case other:
            raise SettingsDoNotFit(f"FJORTEN_SMS={other} er ikke kjent. Velg mellom file, sveve, pswincom og smpp.")


def _smpp(settings: Settings, keep: Keep) -> "Channel":
    import ssl

    from fjorten.messages.channels.smpp import Smpp

    host, port = _host_and_port(settings, "FJORTEN_SMS_ADDRESS", default=None)
    return Smpp(
        host,
        port,
        user=_given(settings, "FJORTEN_SMS_USER"),
        password=_secret(settings, "FJORTEN_SMS_PASSWORD_FILE"),
        sender=_given(settings, "FJORTEN_SMS_SENDER"),
        keep=keep,
        tls=ssl.create_default_context() if _needs_tls(settings, "FJORTEN_SMS_TLS", host) else None,
    )


def _letters(settings: Settings) -> "Channel | None":
    match settings.get("FJORTEN_LETTERS", "") or "print":
        case "print":
            _refuse_leftovers(settings, "FJORTEN_SVARUT_", "FJORTEN_LETTERS=svarut")
            return None
        case "svarut":
            from fjorten.messages.channels.svarut import SvarUt

            path = Path(_given(settings, "FJORTEN_SVARUT_CERTIFICATE_FILE"))
            account, user = _given(settings, "FJORTEN_SVARUT_ACCOUNT"), _given(settings, "FJORTEN_SVARUT_USER")
            address, password = _https(settings, "FJORTEN_SVARUT_ADDRESS"), _secret(settings, "FJORTEN_SVARUT_PASSWORD_FILE")
            try:
                return SvarUt(address, account=account, user=user, password=password, certificate=path.read_bytes())
            except OSError as error:
                raise SettingsDoNotFit("Filen i FJORTEN_SVARUT_CERTIFICATE_FILE kan ikke leses. Sjekk stien og rettighetene.") from error
            except ValueError as error:
                raise SettingsDoNotFit("Filen i FJORTEN_SVARUT_CERTIFICATE_FILE er ikke et sertifikat i PEM-format.") from error
        case other:
            raise SettingsDoNotFit(f"FJORTEN_LETTERS={other} er ikke kjent. Velg mellom print og svarut.")


def _given(settings: Settings, name: str) -> str:
    value = settings.get(name, "")
    if not value:
        raise SettingsDoNotFit(f"{name} mangler. Sett den, eller bruk en annen måte å sende på.")
    return value


def _refuse_leftovers(settings: Settings, prefix: str, needed: str) -> None:
    """Whoever names a password file has meant to send: silently writing to a folder instead would tell nobody."""
    left = sorted(name for name, value in settings.items() if name.startswith(prefix) and value)
    if left:
        raise SettingsDoNotFit(f"{left[0]} er satt, men gjelder bare med {needed}. Sett begge, eller ingen av dem.")


def _secret(settings: Settings, name: str) -> Callable[[], str]:
    """Make the reader of a file with a secret: read once now, so that a missing file is told at once, and anew every time it is used."""
    path = Path(_given(settings, name))

    def read() -> str:
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsDoNotFit(f"Filen i {name} kan ikke leses. Sjekk stien og rettighetene.") from error

    if not read():
        raise SettingsDoNotFit(f"Filen i {name} er tom.")
    return read


def _https(settings: Settings, name: str) -> str:
    from urllib.parse import urlsplit

    address = _given(settings, name)
    parts = urlsplit(address)
    if parts.username is not None or parts.password is not None:
        raise SettingsDoNotFit(f"{name} skal ikke inneholde brukernavn eller passord. Passordet leses fra en fil.")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _ON_THIS_MACHINE)):
        raise SettingsDoNotFit(f"{name} må begynne med https:// og et vertsnavn. Ukryptert http:// godtas bare mot denne maskinen.")
    return address.rstrip("/")


def _host_and_port(settings: Settings, name: str, *, default: int | None) -> tuple[str, int]:
    host, _, port = _given(settings, name).rpartition(":")
    if not host and default is not None:
        host, port = port, str(default)
    if not host or "/" in host or not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise SettingsDoNotFit(f"{name} er ikke forstått. Skriv VERT:PORT, for eksempel sms.kommunen.example:2775.")
    return host, int(port)


def _email_address(settings: Settings, name: str) -> str:
    address = _given(settings, name)
    if re.fullmatch(r"[^@\s]+@[^@\s]+", address) is None:
        raise SettingsDoNotFit(f"{name} er ikke en e-postadresse.")
    return address


def _needs_tls(settings: Settings, name: str, host: str) -> bool:
    match settings.get(name, "") or "yes":
        case "yes":
            return True
        case "no" if host in _ON_THIS_MACHINE:
            return False
        case "no":
            raise SettingsDoNotFit(f"{name}=no godtas bare mot denne maskinen: det som sendes, handler om barn.")
        case other:
            raise SettingsDoNotFit(f"{name}={other} er ikke kjent. Velg mellom yes og no.")
