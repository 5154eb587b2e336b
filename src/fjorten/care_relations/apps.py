from django.apps import AppConfig


class CareRelationsConfig(AppConfig):
    name = "fjorten.care_relations"
