from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "fjorten.web"
    label = "web"
