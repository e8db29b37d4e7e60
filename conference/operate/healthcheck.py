"""For a container's health check: exit code 0 when the web process in here says that it is alive.

Asks under the name that BASE_URL gives, since others are refused.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit


def main() -> int:
    """Ask once; returns the exit code."""
    name = urlsplit(os.environ.get("BASE_URL", "http://localhost")).netloc
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or "8000"), timeout=3)
    try:
        connection.request("GET", "/healthz", headers={"Host": name})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        print(f"No answer: {error}", file=sys.stderr)
        return 1
    finally:
        connection.close()
    if status != 200:
        print(f"It answers {status}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
