"""The log holds no secret of a private address, whatever fails."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from conference.event import links
from conference.operate.logs import without_secrets

SECRET = "q7-Zt_0sEcReT0fThisLink4"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What goes to the standard error through the handler of the settings."""
    written = io.StringIO()
    (handler,) = [one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler]
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


def test_a_view_that_fails_tells_no_secret(house, monkeypatch, log) -> None:
    """Neither in the path, which Django puts into the record of a 500, nor in the exception."""

    def fail(conference: str, secret: str) -> None:
        raise RuntimeError(f"could not open /{conference}/open/{secret}/")

    monkeypatch.setattr(links, "link_of_secret", fail)
    answer = Client(raise_request_exception=False).get(f"/prague/open/{SECRET}/")
    assert answer.status_code == 500
    assert "Internal Server Error: /prague/open/[secret]/" in log.getvalue()
    assert "RuntimeError: could not open /prague/open/[secret]/" in log.getvalue()
    assert SECRET not in log.getvalue()


def test_the_servers_own_records_too(log) -> None:
    logging.getLogger("uvicorn.error").error("Failed: %s", f"/preview/{SECRET}/")
    assert log.getvalue().rstrip().endswith("Failed: /preview/[secret]/")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/prague/open/{}/", "/prague/open/[secret]/"),
        ("/prague/preview/{}/?page=2", "/prague/preview/[secret]/?page=2"),
        ("https://example.org/accounts/link/{}/", "https://example.org/accounts/link/[secret]/"),
        ("/prague/me/carry/?a=1&token={}:1tX:abc&b=2", "/prague/me/carry/?a=1&token=[secret]&b=2"),
        ("<WSGIRequest: GET '/prague/open/{}'>", "<WSGIRequest: GET '/prague/open/[secret]'>"),
        (
            "/hall/?next=%2Fprague%2Fme%2Fcarry%2F%3Ftoken%3D{}",
            "/hall/?next=%2Fprague%2Fme%2Fcarry%2F%3Ftoken%3D[secret]",
        ),
        ("next=%2Fprague%2Fopen%2F{}%2F", "next=%2Fprague%2Fopen%2F[secret]"),
    ],
)
def test_what_is_blanked(address: str, told: str) -> None:
    assert without_secrets(address.format(SECRET)) == told


@pytest.mark.parametrize(
    "line", ["/prague/agenda/open-session/", "/prague/organise/preview/", "an old token"]
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert without_secrets(line) == line
