"""Lock files and container files, as far as they can be checked without a registry or an engine."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.operate.conftest import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt")


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Package -> (version, number of hashes) of a lock file."""
    text = (ROOT / name).read_text().replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if entry := re.match(r"([a-z0-9._-]+)==([^ ;]+)", line):
            found[entry[1]] = (entry[2], line.count("--hash=sha256:"))
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes_and_no_address(name: str) -> None:
    packages = locked(name)
    assert "django" in packages
    assert [package for package, (_, hashes) in packages.items() if not hashes] == []
    # psycopg's wheels: five Pythons on several platforms; a lock of one machine would have one or two.
    assert packages["psycopg-binary"][1] > 20
    assert not re.search(r"://|--index|--find-links|file:| @ ", (ROOT / name).read_text())


def test_tests_run_what_is_deployed() -> None:
    deployed, tested = (locked(name) for name in LOCKS)
    assert {package: version for package, version in tested.items() if package in deployed} == deployed


def test_every_dependency_of_the_project_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for name, wanted in (
        ("requirements.txt", project["project"]["dependencies"]),
        ("requirements-dev.txt", project["dependency-groups"]["dev"]),
    ):
        names = {re.split(r"[^A-Za-z0-9-]", entry)[0].lower() for entry in wanted}
        assert names <= set(locked(name)), name


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def values(node: object) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str):
                yield str(key), value
            yield from values(value)
    elif isinstance(node, list):
        for value in node:
            yield from values(value)


def test_compose_holds_no_secret() -> None:
    for key, value in values(compose()):
        if re.search("SECRET|PASSWORD", key):
            assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), key
        if "://" in value and "@" in value:
            assert re.search(r"://\w+:\$\{\w+:\?[^}]+\}@", value), key


def test_compose_starts_in_order_and_watches_itself() -> None:
    services = compose()["services"]
    assert services["db"]["image"] == "postgres:18"
    # From 18 on the image keeps its data in a folder below this one.
    assert services["db"]["volumes"] == ["database:/var/lib/postgresql"]
    assert services["web"]["deploy"]["replicas"] == 2
    assert services["web"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert services["web"]["depends_on"]["db"]["condition"] == "service_healthy"
    assert services["caddy"]["depends_on"]["web"]["condition"] == "service_healthy"
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()
    for name, service in services.items():
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["logging"]["options"]["max-size"], name
        assert set(service["networks"]) <= set(compose()["networks"]), name
    for volume in ("database", "certificates", "caddy"):
        assert volume in compose()["volumes"]


def test_only_caddy_is_reached_from_outside_and_believed() -> None:
    services = compose()["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["caddy"]
    subnet = compose()["networks"]["front"]["ipam"]["config"][0]["subnet"]
    assert services["web"]["environment"]["TRUSTED_PROXIES"] == subnet
    assert compose()["networks"]["back"]["internal"] is True


def test_the_image_runs_as_an_ordinary_user() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    commands = [line for line in lines if line.startswith(("USER", "CMD", "ENTRYPOINT"))]
    assert commands[0] == "USER web"
    assert commands[-1].startswith('CMD ["')
    assert all("--require-hashes" in line for line in lines if "pip install" in line)
