from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "fjorten.messages"
    label = "family_messages"
