"""What has to be so before anything is started; every refusal is one line (words.Refusal)."""

import errno
import fcntl
import os
import socket
import tempfile
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from conference.operate.words import Refusal

BACKLOG = 2048
OLDEST_POSTGRESQL = 150000


def number(text: str, what: str, *, least: int, most: int) -> int:
    """A whole number from the command line or the environment."""
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise Refusal(f"{what} must be a number from {least} to {most}, not {text!r}.")
    return int(text)


def data_folder(path: Path) -> Path:
    """The data folder, made if need be, and tried by writing into it."""
    path = path.expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise Refusal(f"The data folder {path} is a file.")
    try:
        # As root, PostgreSQL's account has to pass through; what is private in here is 600 or 700.
        path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            return path.resolve()
    except OSError as error:
        raise Refusal(f"The data folder {path} cannot be written to: {error.strerror}.") from error


def lock(data_dir: Path) -> TextIO:
    """Keep other launchers off this data folder for as long as the returned file is open."""
    file = (data_dir / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        pid = file.read().strip() or "unknown"
        file.close()
        raise Refusal(
            f"Another ./run (process {pid}) is using {data_dir}; stop it, or take another --data."
        ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def paper_file(path: Path) -> Path:
    """The file of --paper: there, and readable."""
    path = path.expanduser().absolute()
    if path.is_dir():
        raise Refusal(f"The paper {path} is a folder, not a file.")
    try:
        with path.open("rb") as opened:
            opened.read(1)
    except OSError as error:
        raise Refusal(f"The paper {path} cannot be read: {error.strerror}.") from error
    return path


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that the web processes inherit, so that a taken port shows at once."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        raise Refusal(f"The host {host!r} is not an address of this machine.") from None
    # A name like localhost may stand for both kinds; 127.0.0.1 is what scripts and our own messages say.
    found.sort(key=lambda entry: entry[0] != socket.AF_INET)
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            # "::" means everybody, IPv4 included.
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
        listener.listen(BACKLOG)
    except PermissionError:
        listener.close()
        raise Refusal(
            f"Port {port} may not be opened by this user; take one above 1023 with --port."
        ) from None
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise Refusal(
                f"Port {port} is taken on {host}; stop what uses it, or take another with --port."
            ) from None
        raise Refusal(f"Cannot listen on {host}, port {port}: {error.strerror}.") from None
    return listener


def outside_database(url: str) -> None:
    """Whether DATABASE_URL leads to a PostgreSQL that is new enough."""
    import psycopg

    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql", "pgsql"):
        raise Refusal(f"DATABASE_URL must begin with postgres://, not {parts.scheme or '?'}://.")
    where = f"{parts.hostname or 'the local socket'}{parts.path}"
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        if parts.password:
            reason = reason.replace(parts.password, "…")
        raise Refusal(f"The database of DATABASE_URL ({where}) cannot be reached: {reason}") from None
    if version < OLDEST_POSTGRESQL:
        raise Refusal(
            f"The database of DATABASE_URL ({where}) is PostgreSQL {version // 10000}; 15 or newer is needed."
        )
