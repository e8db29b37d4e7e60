"""Run a command with a PostgreSQL of its own: `python -m conference.operate.with_postgres COMMAND…`.

The command gets DATABASE_URL, an empty DATA_DIR and a SECRET_KEY, unless the first or the last is set already.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from conference.operate.postgres import Server
from conference.operate.processes import Signals, dies_with_us
from conference.operate.words import Refusal, complain, step


def main(command: list[str]) -> int:
    """Run the command; returns its exit code, or 2 when there is no database for it."""
    signals = Signals()
    with tempfile.TemporaryDirectory(prefix="conference-test-") as folder:
        data_dir = Path(folder)
        data_dir.chmod(0o711)  # PostgreSQL's account has to pass through when we are root.
        environment = {"SECRET_KEY": "for tests only", **os.environ, "DATA_DIR": folder}
        server = None
        try:
            if not os.environ.get("DATABASE_URL"):
                server = Server(data_dir)
                with step("Starting PostgreSQL for the tests"):
                    environment["DATABASE_URL"] = server.start(give_up=lambda: signals.stopping)
            # In our session: a Ctrl-C reaches it from the terminal, other signals are passed on.
            child = subprocess.Popen(command, env=environment, preexec_fn=dies_with_us(signal.SIGTERM))
            passed_on = False
            while (code := child.poll()) is None:
                if signals.stopping and not passed_on:
                    child.terminate()
                    passed_on = True
                time.sleep(0.05)
            return code if code >= 0 else 128 - code
        except Refusal as refusal:
            complain(str(refusal))
            return 2
        finally:
            if server:
                server.stop(deadline=time.monotonic() + 5)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
