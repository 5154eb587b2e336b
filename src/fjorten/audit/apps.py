from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "fjorten.audit"
