"""Models can be imported only after Django has been set up; nothing is read from a database."""

import os


def set_up() -> None:
    """Set Django up with the settings the environment names, else with those of an installation."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fjorten.config.settings")
    import django

    django.setup()
