"""The addresses that ./run prints and hands to its children."""

import pytest

from conference.operate import addresses
from conference.operate.addresses import Addresses


@pytest.fixture(autouse=True)
def neighbourhood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "lan_address", lambda: "192.168.7.20")


def test_only_this_machine_by_default() -> None:
    found = Addresses("127.0.0.1", 8000)
    assert found.here == "http://localhost:8000"
    assert found.phones is None
    assert found.environment() == {
        "BASE_URL": "http://localhost:8000",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
    }


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_phones_get_the_address_of_the_network(host: str) -> None:
    found = Addresses(host, 8001)
    assert found.phones == "http://192.168.7.20:8001"
    assert found.environment() == {
        "BASE_URL": "http://192.168.7.20:8001",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1],192.168.7.20",
    }


def test_one_address_of_this_machine() -> None:
    assert Addresses("10.0.0.5", 80).environment() == {
        "BASE_URL": "http://10.0.0.5:80",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1],10.0.0.5",
    }
    assert Addresses("fe80::5", 80).here == "http://[fe80::5]:80"


def test_behind_a_proxy_its_name_is_answered_to() -> None:
    assert Addresses("127.0.0.1", 8000, "https://conference.example/").environment() == {
        "BASE_URL": "https://conference.example",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1],conference.example",
    }


def test_the_qr_code_is_shown_where_phones_are_let_in(capsys: pytest.CaptureFixture[str]) -> None:
    Addresses("0.0.0.0", 8000).show([("moderator", "http://192.168.7.20:8000/in/x")])
    shown = capsys.readouterr().out
    assert "▀" in shown or "▄" in shown
    assert "Question desk" in shown
    Addresses("127.0.0.1", 8000).show([])
    assert "▀" not in capsys.readouterr().out
