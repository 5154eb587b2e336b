"""Who may do what: accounts, roles, rules and sign-in."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "fjorten.access"
