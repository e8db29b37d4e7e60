"""The files of the embedded PostgreSQL in the data folder: made whole or not at all, and their password.

    DATA_DIR/postgres            the cluster
    DATA_DIR/postgres_password   of the role that we connect as (600)
    DATA_DIR/postgres.log        what the server says

The superuser has no password and no way in; what needs it is done in PostgreSQL's single-user mode, while
no server runs. ROLE owns the database DATABASE and may make others (tests do).
"""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from conference.operate.binaries import Account, Place, Programs, place
from conference.operate.words import Refusal, complain

ROLE = DATABASE = "conference"
SUPERUSER = "postgres"
ACCESS = f"""# Written when the database was made. Over the private socket only; the superuser has no way in.
local all {ROLE} scram-sha-256
"""
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def write_private(file: Path, text: str) -> None:
    """Write a file that only we may read (600), whole or not at all."""
    making = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(descriptor)
    making.rename(file)


class Cluster:
    """The cluster in a data folder, and its password."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "postgres"
        self.log = data_dir / "postgres.log"
        self._password_file = data_dir / "postgres_password"

    def prepare(self, programs: Programs, account: Account | None) -> str:
        """Make the cluster if it is not there; returns the password. No server may be running on it.

        Raises Refusal when it was made by another major version of PostgreSQL or cannot be made.
        """
        if self.folder.is_dir():
            self._check_version(programs)
            if self._password_file.is_file():
                return self._password_file.read_text().strip()
            complain("The database's password file was gone; a new password is set.")
            password = secrets.token_urlsafe(32)
            with place(self.folder, account) as where:
                self._set_up(programs, account, where, [f"ALTER ROLE {ROLE} PASSWORD '{password}'"])
        else:
            password = secrets.token_urlsafe(32)
            self._make(programs, account, password)
        write_private(self._password_file, password)
        return password

    def _check_version(self, programs: Programs) -> None:
        version_file = self.folder / "PG_VERSION"
        if not version_file.is_file():
            raise Refusal(f"{self.folder} is not a PostgreSQL cluster (it has no PG_VERSION).")
        version = version_file.read_text().strip()
        if version != str(programs.major):
            raise Refusal(
                f"{self.folder} was made by PostgreSQL {version}, the installed one is {programs.major}: "
                "docs/operators.md says how to move the data."
            )

    def _make(self, programs: Programs, account: Account | None, password: str) -> None:
        making = self.folder.with_name("postgres.making")
        if making.exists():  # A start that was cut off in the middle.
            shutil.rmtree(making)
        making.mkdir(mode=0o700)
        if account:
            os.chown(making, account.uid, account.gid)
        with place(making, account) as where:
            command = [programs["initdb"], "-D", where.path, "--username", SUPERUSER, "--auth", "reject"]
            # The locale C.UTF-8 that PostgreSQL carries itself: the same on every machine.
            command += ["--encoding", "UTF8", "--locale", "C"]
            command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
            self._run(command, account, where)
            # Line by line, since each is a statement to single-user mode.
            self._set_up(
                programs,
                account,
                where,
                [
                    f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'",
                    f"CREATE DATABASE {DATABASE} OWNER {ROLE}",
                ],
            )
        access = making / "pg_hba.conf"
        access.write_text(ACCESS)
        making.rename(self.folder)

    def _set_up(
        self, programs: Programs, account: Account | None, where: Place, statements: list[str]
    ) -> None:
        """Run statements as the superuser in single-user mode, stopping at the first error."""
        command = [programs["postgres"], "--single", "-D", where.path, "-c", "exit_on_error=on"]
        command += ["-c", "log_min_error_statement=panic", SUPERUSER]  # A statement may hold the password.
        self._run(command, account, where, given="".join(f"{statement}\n" for statement in statements))

    def _run(self, command: list[str], account: Account | None, where: Place, given: str = "") -> None:
        ran = subprocess.run(
            command,
            input=given,
            capture_output=True,
            text=True,
            cwd="/",
            env=ENVIRONMENT,
            check=False,
            pass_fds=where.pass_fds,
            start_new_session=True,  # A Ctrl-C is for us; this takes a second and is then made anew or whole.
            **(account.popen if account else {}),
        )
        if ran.returncode:
            lines = [line.strip() for line in (ran.stderr or ran.stdout).splitlines() if line.strip()]
            telling = (
                [line for line in lines if "FATAL" in line or "rror" in line] or lines or ["no reason given"]
            )
            raise Refusal(f"The database in {self.folder} could not be set up: {telling[0]}")
