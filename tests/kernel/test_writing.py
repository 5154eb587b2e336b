"""What is written in fields fits where it is kept, and an e-mail address is one."""

import pytest

from fjorten.kernel.writing import EmailIsInvalid, TextIsTooLong, must_fit, read_email


def test_what_fits_is_taken_and_what_does_not_is_told_of() -> None:
    must_fit("navnet", "x" * 10, most=10)
    with pytest.raises(TextIsTooLong) as refused:
        must_fit("navnet", "x" * 11, most=10)
    assert str(refused.value) == "For langt: navnet kan ha høyst 10 tegn."


@pytest.mark.parametrize("written", ["kari@fjordvik.example", " kari.nordmann+post@sub.fjordvik.example ", "kåre@blåbær.example"])
def test_an_address_is_read_without_the_spaces_around_it(written: str) -> None:
    assert read_email(written) == written.strip()


@pytest.mark.parametrize(
    "written", ["", "kari", "kari@", "@fjordvik.example", "kari@fjordvik", "kari nordmann@fjordvik.example", "a@b@c.example", "a@b..c"]
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(EmailIsInvalid):
        read_email(written)


def test_an_address_nobody_can_keep_is_refused() -> None:
    with pytest.raises(TextIsTooLong):
        read_email(f"{'x' * 250}@a.example")
