"""Nothing that was acknowledged is lost and nothing is there twice, whatever dies in between."""

import http.client
import re
import signal
import threading
import time
import uuid
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from conference.board.models import Post
from tests.conftest import build_house

from .conftest import WebProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SENDERS, EACH = 6, 15


@pytest.fixture
def house(transactional_db: None) -> SimpleNamespace:
    """The shared house, committed, so that other processes see it."""
    return build_house()


class Phone:
    """Sends questions and, without an answer, the same ones again with the same key."""

    def __init__(self, webs: list[WebProcess], name: str) -> None:
        self.webs = webs
        self.name = name
        self.cookies: dict[str, str] = {}
        self.acknowledged: list[str] = []

    def request(self, method: str, body: str = "") -> http.client.HTTPResponse:
        """To whichever process answers, with this phone's cookies."""
        for web in self.webs:
            client = http.client.HTTPConnection("127.0.0.1", web.port, timeout=5)
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            if body:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            try:
                client.request(method, "/prague/ask/", body, headers)
                answer = client.getresponse()
                answer.page = answer.read().decode()
            except (OSError, http.client.HTTPException):
                continue
            for header, value in answer.getheaders():
                if header.lower() == "set-cookie":
                    name, _, rest = value.strip().partition("=")
                    self.cookies[name] = rest.partition(";")[0]
            return answer
        raise ConnectionError

    def send_all(self) -> None:
        """Each question until it is acknowledged."""
        for number in range(EACH):
            key, text = uuid.uuid4().hex, f"{self.name}-{number}"
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline:
                try:
                    form = self.request("GET").page
                    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
                    if token is None:
                        continue
                    body = f"csrfmiddlewaretoken={token[1]}&key={key}&text={text}&item=keynote"
                    if self.request("POST", body).status == 303:
                        self.acknowledged.append(text)
                        break
                except ConnectionError:
                    time.sleep(0.1)


def test_web_processes_killed_in_the_middle_of_posting(
    start: Callable[..., WebProcess], house: SimpleNamespace
) -> None:
    webs = [start("conference.asgi", RATE_LIMITS="off") for _ in range(2)]
    # The last phone to come finds the processes in the other order, so that both are in use.
    phones = [Phone(webs if n % 2 else webs[::-1], f"phone{n}") for n in range(SENDERS)]
    threads = [threading.Thread(target=phone.send_all) for phone in phones]
    for thread in threads:
        thread.start()
    for place in (0, 1, 0):
        time.sleep(0.5)
        webs[place].signal(signal.SIGKILL)
        webs[place].end()
        fresh = start("conference.asgi", RATE_LIMITS="off")
        for phone in phones:
            phone.webs = [fresh if web is webs[place] else web for web in phone.webs]
        webs[place] = fresh
    for thread in threads:
        thread.join(60)
    wanted = sorted(f"phone{phone}-{number}" for phone in range(SENDERS) for number in range(EACH))
    assert sorted(text for phone in phones for text in phone.acknowledged) == wanted
    assert sorted(Post.objects.values_list("text", flat=True)) == wanted
