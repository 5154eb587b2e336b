"""All addresses of the installation."""

from django.urls import include, path

urlpatterns = [path("", include("fjorten.web.addresses"))]
handler400 = "fjorten.web.errors.bad_request"
handler403 = "fjorten.web.errors.forbidden"
handler404 = "fjorten.web.errors.not_found"
handler500 = "fjorten.web.errors.broken"
