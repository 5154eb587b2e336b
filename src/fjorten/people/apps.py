from django.apps import AppConfig
from django.db.backends.signals import connection_created


class PeopleConfig(AppConfig):
    name = "fjorten.people"

    def ready(self) -> None:
        from fjorten.people.collation import teach_norwegian_order

        connection_created.connect(teach_norwegian_order, dispatch_uid="fjorten.people.collation")
