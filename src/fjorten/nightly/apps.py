from django.apps import AppConfig


class NightlyConfig(AppConfig):
    name = "fjorten.nightly"
