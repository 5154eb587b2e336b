from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "fjorten.organisation"
