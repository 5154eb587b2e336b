from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "fjorten.organisation"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created

        from fjorten.organisation.wall import tell_new_connection

        connection_created.connect(tell_new_connection, dispatch_uid="fjorten.organisation.wall")
