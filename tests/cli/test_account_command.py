"""Accounts from the command line: every verb, what it prints and leaves, and that neither passwords nor numbers are ever shown."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine

from fjorten.access.models import RoleHeld, User
from fjorten.cli.main import main
from tests.factories.access import PASSWORD
from tests.factories.clinic import AT, StaffedClinic, a_staffed_clinic
from tests.factories.register import a_number

pytestmark = pytest.mark.django_db

Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("FJORTEN_HOME", str(tmp_path))
    monkeypatch.setenv("FJORTEN_SECRET_KEY", "only for tests")
    monkeypatch.setenv("COLUMNS", "200")
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def here(municipality: Any) -> StaffedClinic:
    return a_staffed_clinic(municipality, has_rosters=False)


@pytest.fixture
def fjorten(here: StaffedClinic, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    def typed(*arguments: str, sent_in: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(sent_in))
        code = main(["account", *arguments])
        out, err = capsys.readouterr()
        assert not sent_in or sent_in.strip() not in out + err
        return code, out, err

    return typed


def test_an_account_is_opened_given_roles_and_closed(fjorten: Typed) -> None:
    number = a_number(date(1990, 1, 1))
    assert fjorten() == (1, "Ingen hadde noen rolle den dagen.\n", "")
    assert fjorten("open", "kari", "Kari Kvist", "--employee", "kari")[0] == 0
    assert fjorten("role", "kari", "public_health_nurse", "--clinic", "Helsestasjonen", "--until", "2026-12-01") == (
        0,
        "kari er helsesykepleier ved Helsestasjonen fra 10.03.2026.\n",
        "",
    )
    assert fjorten("role", "kari", "leader", "--by", "leder")[1] == "kari er leder ved alle helsestasjonene fra 10.03.2026.\n"
    assert fjorten("password", "kari", sent_in=f"{PASSWORD}\n")[0] == 0
    assert fjorten("number", "kari", sent_in=f"{number}\n")[0] == 0
    user = User.objects.get(login="kari")
    assert user.check_password(PASSWORD)
    assert user.national_id == number
    code, out, _ = fjorten()
    assert (code, "Tilgang 10.03.2026: 2" in out, "01.12.2026" in out, "kjent" in out) == (0, True, True, True)
    assert "Ingen hadde" in fjorten("--on", "2026-03-09")[1]
    assert fjorten("end-role", "kari", "leader")[1] == "kari er ikke lenger leder fra 10.03.2026.\n"
    assert fjorten("end-role", "kari", "public_health_nurse", "--clinic", "Helsestasjonen")[0] == 0
    assert fjorten("unlock", "kari")[0] == 0
    assert fjorten("close", "kari")[0] == 0
    assert "stengt" in fjorten("--on", "2026-03-11")[1]
    assert fjorten("reopen", "kari")[0] == 0
    assert "uten rolle" in fjorten("--on", "2026-03-11")[1]
    assert "leder" in RoleHeld.objects.values_list("given_by", flat=True)


@pytest.mark.parametrize(
    ("arguments", "sent_in", "said"),
    [
        (("password", "kari"), "", "Ingenting ble lest"),
        (("password", "kari"), "kort\n", "minst 12 tegn"),
        (("number", "kari"), "12345678901\n", "dato som finnes"),
        (("close", "ingen"), "", "Ingen konto"),
        (("end-role", "kari", "leader"), "", "ikke denne rollen"),
        (("open", "kari", "Kari igjen"), "", "i bruk"),
    ],
)
def test_what_cannot_be_done_is_said(fjorten: Typed, arguments: tuple[str, ...], sent_in: str, said: str) -> None:
    fjorten("open", "kari", "Kari Kvist", "--employee", "kari")
    code, _, err = fjorten(*arguments, sent_in=sent_in)
    assert (code, said in err) == (2, True), err


class _Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "code"), [([PASSWORD, PASSWORD], 0), ([PASSWORD, "noe annet"], 2)])
def test_a_password_is_typed_twice_at_the_keyboard(
    fjorten: Typed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: list[str], code: int
) -> None:
    fjorten("open", "kari", "Kari Kvist", "--employee", "kari")
    answers = iter(typed)
    monkeypatch.setattr("sys.stdin", _Keyboard())
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    assert main(["account", "password", "kari"]) == code
    assert PASSWORD not in "".join(capsys.readouterr())
