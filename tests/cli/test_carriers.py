"""From settings to gateways: what fits is opened, and what is missing or says against itself is refused by name, before anything is sent."""

from pathlib import Path

import pytest

from fjorten.cli.carriers import SettingsDoNotFit, alarm_receivers, open_carriers, open_contact_register, register_of
from fjorten.messages.channels.file_outbox import FileOutbox
from fjorten.messages.channels.interface import Parcel
from tests.counterparties.certificates import certificate_and_key
from tests.counterparties.contact_register import TOKEN, ContactRegisterStandIn

HTTP = {
    "FJORTEN_SMS": "sveve",
    "FJORTEN_SMS_ADDRESS": "https://sms.prove.example",
    "FJORTEN_SMS_USER": "bruker",
    "FJORTEN_SMS_PASSWORD_FILE": "SECRET",
    "FJORTEN_SMS_SENDER": "Fjordvik",
}
MAIL = {"FJORTEN_EMAIL": "smtp", "FJORTEN_EMAIL_ADDRESS": "post.prove.example", "FJORTEN_EMAIL_SENDER": "helsestasjon@prove.example"}
SVARUT = {
    "FJORTEN_LETTERS": "svarut",
    "FJORTEN_SVARUT_ADDRESS": "https://svarut.prove.example",
    "FJORTEN_SVARUT_ACCOUNT": "konto",
    "FJORTEN_SVARUT_USER": "bruker",
    "FJORTEN_SVARUT_PASSWORD_FILE": "SECRET",
    "FJORTEN_SVARUT_CERTIFICATE_FILE": "CERTIFICATE",
}


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "passord"
    path.write_text("hemmelig\n", encoding="utf-8")
    return path


def filled_in(settings: dict[str, str], folder: Path) -> dict[str, str]:
    """Put the paths of real files where a table says SECRET, EMPTY, MISSING or CERTIFICATE."""
    certificate, _ = certificate_and_key()
    from cryptography.hazmat.primitives.serialization import Encoding

    files = {"SECRET": b"hemmelig\n", "EMPTY": b"\n", "CERTIFICATE": certificate.public_bytes(Encoding.PEM), "GARBLED": b"nei"}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return {name: str(folder / value) if value in {*files, "MISSING"} else value for name, value in settings.items()}


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, ("file", None, None)),
        (HTTP, ("sveve", None, None)),
        (HTTP | {"FJORTEN_SMS": "pswincom"}, ("pswincom", None, None)),
        (HTTP | {"FJORTEN_SMS": "smpp", "FJORTEN_SMS_ADDRESS": "sms.prove.example:2775"}, ("smpp", None, None)),
        (HTTP | {"FJORTEN_SMS": "smpp", "FJORTEN_SMS_ADDRESS": "127.0.0.1:2775", "FJORTEN_SMS_TLS": "no"}, ("smpp", None, None)),
        (MAIL, ("file", "smtp", None)),
        (MAIL | {"FJORTEN_EMAIL_USER": "u", "FJORTEN_EMAIL_PASSWORD_FILE": "SECRET"}, ("file", "smtp", None)),
        (MAIL | {"FJORTEN_EMAIL_ADDRESS": "localhost:25", "FJORTEN_EMAIL_TLS": "no"}, ("file", "smtp", None)),
        (SVARUT, ("file", None, "svarut")),
        (HTTP | MAIL | SVARUT, ("sveve", "smtp", "svarut")),
    ],
)
def test_what_fits_is_opened(settings: dict[str, str], names: tuple[str | None, ...], tmp_path: Path) -> None:
    with open_carriers(filled_in(settings, tmp_path), home=tmp_path, keep=lambda heard: None) as carriers:
        assert tuple(channel.name if channel else None for channel in (carriers.sms, carriers.email, carriers.letters)) == names


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"FJORTEN_SMS": "brevdue"}, "FJORTEN_SMS=brevdue"),
        ({"FJORTEN_SMS_PASSWORD_FILE": "SECRET"}, "FJORTEN_SMS_PASSWORD_FILE"),
        (HTTP | {"FJORTEN_SMS_ADDRESS": ""}, "FJORTEN_SMS_ADDRESS mangler"),
        (HTTP | {"FJORTEN_SMS_ADDRESS": "http://sms.prove.example"}, "FJORTEN_SMS_ADDRESS må begynne med https"),
        (HTTP | {"FJORTEN_SMS_ADDRESS": "https://bruker:passord@sms.prove.example"}, "brukernavn eller passord"),
        (HTTP | {"FJORTEN_SMS_ADDRESS": "sms.prove.example"}, "FJORTEN_SMS_ADDRESS må begynne med https"),
        (HTTP | {"FJORTEN_SMS_USER": ""}, "FJORTEN_SMS_USER mangler"),
        (HTTP | {"FJORTEN_SMS_PASSWORD_FILE": ""}, "FJORTEN_SMS_PASSWORD_FILE mangler"),
        (HTTP | {"FJORTEN_SMS_PASSWORD_FILE": "MISSING"}, "FJORTEN_SMS_PASSWORD_FILE kan ikke leses"),
        (HTTP | {"FJORTEN_SMS_PASSWORD_FILE": "EMPTY"}, "FJORTEN_SMS_PASSWORD_FILE er tom"),
        (HTTP | {"FJORTEN_SMS_SENDER": ""}, "FJORTEN_SMS_SENDER mangler"),
        (HTTP | {"FJORTEN_SMS": "smpp"}, "FJORTEN_SMS_ADDRESS er ikke forstått"),
        (HTTP | {"FJORTEN_SMS": "smpp", "FJORTEN_SMS_ADDRESS": "sms.prove.example:0"}, "FJORTEN_SMS_ADDRESS er ikke forstått"),
        (HTTP | {"FJORTEN_SMS": "smpp", "FJORTEN_SMS_ADDRESS": "sms.prove.example:1", "FJORTEN_SMS_TLS": "no"}, "FJORTEN_SMS_TLS=no"),
        ({"FJORTEN_EMAIL": "brevdue"}, "FJORTEN_EMAIL=brevdue"),
        ({"FJORTEN_EMAIL_SENDER": "a@b.example"}, "FJORTEN_EMAIL_SENDER"),
        (MAIL | {"FJORTEN_EMAIL_ADDRESS": ""}, "FJORTEN_EMAIL_ADDRESS mangler"),
        (MAIL | {"FJORTEN_EMAIL_ADDRESS": "post.prove.example:mange"}, "FJORTEN_EMAIL_ADDRESS er ikke forstått"),
        (MAIL | {"FJORTEN_EMAIL_SENDER": "helsestasjonen"}, "FJORTEN_EMAIL_SENDER er ikke en e-postadresse"),
        (MAIL | {"FJORTEN_EMAIL_USER": "bruker"}, "FJORTEN_EMAIL_PASSWORD_FILE hører sammen"),
        (MAIL | {"FJORTEN_EMAIL_TLS": "no"}, "FJORTEN_EMAIL_TLS=no"),
        (MAIL | {"FJORTEN_EMAIL_TLS": "kanskje"}, "FJORTEN_EMAIL_TLS=kanskje"),
        ({"FJORTEN_LETTERS": "brevdue"}, "FJORTEN_LETTERS=brevdue"),
        ({"FJORTEN_SVARUT_USER": "bruker"}, "FJORTEN_SVARUT_USER"),
        (SVARUT | {"FJORTEN_SVARUT_ACCOUNT": ""}, "FJORTEN_SVARUT_ACCOUNT mangler"),
        (SVARUT | {"FJORTEN_SVARUT_CERTIFICATE_FILE": "MISSING"}, "FJORTEN_SVARUT_CERTIFICATE_FILE kan ikke leses"),
        (SVARUT | {"FJORTEN_SVARUT_CERTIFICATE_FILE": "GARBLED"}, "FJORTEN_SVARUT_CERTIFICATE_FILE er ikke et sertifikat"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(settings: dict[str, str], named: str, tmp_path: Path) -> None:
    with (
        pytest.raises(SettingsDoNotFit) as refused,
        open_carriers(filled_in(settings, tmp_path), home=tmp_path, keep=lambda heard: None),
    ):
        pass
    assert named in refused.value.sentence
    assert refused.value.sentence.endswith(".")
    assert "hemmelig" not in refused.value.sentence


def test_messages_are_written_to_the_folder_of_the_settings(tmp_path: Path) -> None:
    settings = {"FJORTEN_OUTBOX": str(tmp_path / "annet sted")}
    with open_carriers(settings, home=tmp_path, keep=lambda heard: None) as carriers:
        carriers.sms.hand_over(Parcel(key="k1", to="+4700000001", title="", body="Hei", language="nb"))
    assert (tmp_path / "annet sted" / "k1.json").is_file()
    assert isinstance(carriers.sms, FileOutbox)


@pytest.mark.parametrize(
    ("settings", "location", "is_read", "is_folder"),
    [
        ({}, None, False, False),
        ({"FJORTEN_REGISTER": "mappe"}, None, True, True),
        ({"FJORTEN_REGISTER": "mappe"}, "https://register.prove.example", True, False),
        ({"FJORTEN_REGISTER": "https://register.prove.example", "FJORTEN_REGISTER_TOKEN_FILE": "SECRET"}, None, True, False),
    ],
)
def test_the_register_is_the_settings_or_the_commands(
    settings: dict[str, str], location: str | None, is_read: bool, is_folder: bool, tmp_path: Path
) -> None:
    opens, folder = register_of(filled_in(settings, tmp_path), location)
    assert (opens is not None, folder) == (is_read, is_folder)


def test_a_token_without_a_register_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsDoNotFit, match="FJORTEN_REGISTER_TOKEN_FILE"):
        register_of(filled_in({"FJORTEN_REGISTER_TOKEN_FILE": "SECRET"}, tmp_path))


def test_the_alarm_goes_to_those_named() -> None:
    assert alarm_receivers({"FJORTEN_ALARM_TO": "a@prove.example, b@prove.example,", "FJORTEN_EMAIL": "smtp"}) == [
        "a@prove.example",
        "b@prove.example",
    ]


@pytest.mark.parametrize(
    ("to", "email", "named"),
    [("", "smtp", "FJORTEN_ALARM_TO"), ("a@prove.example", "", "FJORTEN_EMAIL"), ("lederen", "smtp", "lederen")],
)
def test_an_alarm_to_nobody_is_refused(to: str, email: str, named: str) -> None:
    with pytest.raises(SettingsDoNotFit, match=named):
        alarm_receivers({"FJORTEN_ALARM_TO": to, "FJORTEN_EMAIL": email})


def test_the_contact_register_is_asked_with_the_token_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    with ContactRegisterStandIn({}) as stand_in:
        settings = {"FJORTEN_CONTACT_REGISTER": stand_in.address, "FJORTEN_CONTACT_REGISTER_TOKEN_FILE": str(tmp_path / "token")}
        with open_contact_register(settings) as look_up:
            assert look_up is not None
            assert list(look_up(["01819000100"])) == ["01819000100"]


def test_without_an_address_no_contact_register_is_asked() -> None:
    with open_contact_register({}) as look_up:
        assert look_up is None


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"FJORTEN_CONTACT_REGISTER_TOKEN_FILE": "SECRET"}, "FJORTEN_CONTACT_REGISTER_TOKEN_FILE er satt"),
        ({"FJORTEN_CONTACT_REGISTER": "https://krr.prove.example"}, "FJORTEN_CONTACT_REGISTER_TOKEN_FILE mangler"),
        (
            {"FJORTEN_CONTACT_REGISTER": "http://krr.prove.example", "FJORTEN_CONTACT_REGISTER_TOKEN_FILE": "SECRET"},
            "FJORTEN_CONTACT_REGISTER må begynne med https",
        ),
    ],
)
def test_a_contact_register_that_does_not_fit_is_refused(settings: dict[str, str], named: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsDoNotFit) as refused, open_contact_register(filled_in(settings, tmp_path)):
        pass
    assert named in str(refused.value)
