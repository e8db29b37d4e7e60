"""Pages for what is not there and for our own faults."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: absent and forbidden look alike."""
    return render(request, "errors/404.html", status=404)


def fault(request: HttpRequest) -> HttpResponse:
    """500: our fault, which the log has; the page needs nothing that may be broken."""
    return render(request, "errors/500.html", status=500)
