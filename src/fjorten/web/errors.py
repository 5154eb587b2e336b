"""The pages for what went wrong: a sentence, and nothing about anybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django passes it by name
    """Answer what cannot be read."""
    return render(request, "web/error.html", {"kind": "bad_request"}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django passes it by name
    """Answer what is not allowed."""
    return render(request, "web/error.html", {"kind": "forbidden"}, status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django passes it by name
    """Answer a form without the token of its page: too old, or not ours."""
    return render(request, "web/error.html", {"kind": "forbidden"}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django passes it by name
    """Answer what is not there, or is a secret: alike."""
    return render(request, "web/error.html", {"kind": "not_found"}, status=404)


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django passes it
    """Answer when we failed. Nothing is asked of the database: it may be what failed."""
    return render(None, "web/broken.html", status=500)
