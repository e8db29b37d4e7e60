"""Under which addresses an installation started by ./run is reached, and showing them to a person."""

import http.client
import socket
import sys
from collections.abc import Iterable
from urllib.parse import urlsplit

from conference.operate.words import say

EVERYWHERE = ("0.0.0.0", "::")
NAMES = {"organiser": "Organiser", "moderator": "Question desk", "chair": "Panel chair"}


def lan_address() -> str | None:
    """This machine's address as its neighbours see it; None when it has no network.

    Connecting a UDP socket only asks the routing table: no packet is sent.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            address: str = probe.getsockname()[0]
        except OSError:
            return None
    return None if address.startswith(("127.", "0.")) else address


class Addresses:
    """The addresses that follow from --host and --port, and from BASE_URL where a proxy stands in front."""

    def __init__(self, host: str, port: int, base_url: str = "") -> None:
        self.host = host
        self.port = port
        self.base_url = base_url.rstrip("/")
        self.everywhere = host in EVERYWHERE
        self.neighbours = lan_address() if self.everywhere else None

    @property
    def here(self) -> str:
        """The address for a browser on this machine."""
        loopback = self.everywhere or self.host in ("localhost", "127.0.0.1", "::1")
        return self._url("localhost" if loopback else self.host)

    @property
    def phones(self) -> str | None:
        """The address for phones on the same network, if any was let in."""
        return self._url(self.neighbours) if self.neighbours else None

    def _url(self, host: str) -> str:
        name = f"[{host}]" if ":" in host else host
        return f"http://{name}:{self.port}"

    def environment(self) -> dict[str, str]:
        """BASE_URL and ALLOWED_HOSTS that fit, for whoever has not set them."""
        names = ["localhost", "127.0.0.1", "[::1]"]
        public = urlsplit(self.base_url).hostname
        for extra in (self.neighbours, None if self.everywhere else self.host, public):
            name = f"[{extra}]" if extra and ":" in extra else extra
            if name and name not in names:
                names.append(name)
        return {"BASE_URL": self.base_url or self.phones or self.here, "ALLOWED_HOSTS": ",".join(names)}

    def answers(self) -> bool:
        """Whether a web process is alive behind the socket."""
        target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        connection = http.client.HTTPConnection(target, self.port, timeout=2)
        try:
            connection.request("GET", "/healthz", headers={"Host": f"localhost:{self.port}"})
            return connection.getresponse().status < 500  # 400 where ALLOWED_HOSTS leaves localhost out.
        except OSError:
            return False
        except http.client.HTTPException:
            return False
        finally:
            connection.close()

    def show(self, links: Iterable[tuple[str, str]]) -> None:
        """Print the addresses, a QR code for phones where they are let in, and the sign-in links."""
        say(f"\n  {self.base_url or self.here}")
        if self.phones:
            import segno

            say(f"  {self.phones}  for phones on the same network\n")
            segno.make(self.phones, micro=False).terminal(out=sys.stdout, compact=True)
        elif self.everywhere:
            say("  This machine has no network that phones could come from.")
        links = list(links)
        if links:
            say("\n  Sign in (each link works once, within 24 h; `manage.py sign_in_link NAME` makes more):")
            for name, url in links:
                say(f"    {NAMES.get(name, name):<14} {url}")
        say("\n  Ctrl-C stops it.")
