"""All addresses: English at the root, Czech under /cs/ (docs/design.md)."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from conference.pages import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
urlpatterns += i18n_patterns(
    path("", views.start, name="start"),
    path("accounts/", include("conference.event.urls")),
    path("<slug:conference>/", include("conference.pages.urls")),
    prefix_default_language=False,
)
handler404 = "conference.pages.errors.not_found"
handler500 = "conference.pages.errors.fault"
