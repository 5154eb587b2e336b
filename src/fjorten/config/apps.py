from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "fjorten.config"

    def ready(self) -> None:
        from fjorten.config import checks  # noqa: F401  # registers itself
