"""Signing in: staff only, by a one-time link or a password. Signing up is closed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from sesame.utils import get_user

from conference.event import limits
from conference.event.access import NotSignedIn
from conference.event.models import Role


class SignIn(LoginView):
    """Name and password, with limits per name and per address against guessing."""

    template_name = "accounts/sign_in.html"
    authentication_form = AuthenticationForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Count the try before the password is looked at."""
        limits.take(limits.SIGN_IN_OF_ADDRESS, limits.client_address(request))
        limits.take(limits.SIGN_IN_OF_NAME, request.POST.get("username", "").strip().casefold())
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """The form again, with what was wrong and the name kept."""
        response = super().form_invalid(form)
        response.status_code = 422
        return response


@never_cache
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link: a page with one button, so that a mail scanner does not use it up; POST signs in."""
    user = get_user(token, update_last_login=False)
    if user is None:
        return render(request, "accounts/link_used.html", status=410)
    if request.method == "GET":
        return render(request, "accounts/link.html", {"username": user.get_username()})
    # Signing in moves last_login, which is what makes the token worthless from now on.
    login(request, user, backend="sesame.backends.ModelBackend")
    return redirect("staff-start")


@never_cache
def staff_start(request: HttpRequest) -> HttpResponse:
    """Where a member of staff arrives: straight at the work when there is one place for it."""
    if not request.user.is_authenticated:
        raise NotSignedIn
    memberships = list(
        request.user.memberships.select_related("conference").order_by("conference__starts_on", "role")
    )
    if len(memberships) == 1:
        only = memberships[0]
        name = {Role.ORGANISER: "organise", Role.DESK: "moderate", Role.CHAIR: "moderate"}.get(
            Role(only.role)
        )
        if name:
            return redirect(reverse(name, args=[only.conference.slug]))
    return render(request, "accounts/start.html", {"memberships": memberships})
