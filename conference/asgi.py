"""The ASGI application: the front, with synchronous Django behind it. `conference.operate.serve` runs it."""

from django.conf import settings

from conference.live.application import Application
from conference.live.bridge import Bridge
from conference.live.front import FrontSettings
from conference.live.registry import registered
from conference.wsgi import application as django

# As many requests as Django works on at a time; settings.DATABASES has a connection for each.
BRIDGE_THREADS = 4

application = Application(
    Bridge(django, BRIDGE_THREADS),
    listen_url=settings.LISTEN_DATABASE_URL,
    registry=registered,
    settings=FrontSettings(
        hosts=settings.ALLOWED_HOSTS,
        base_url=settings.BASE_URL,
        languages=[code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE],
        default_language=settings.LANGUAGE_CODE,
        hall_cookie=settings.HALL_COOKIE_NAME,
    ),
)
