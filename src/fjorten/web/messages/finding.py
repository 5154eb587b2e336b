"""Finding what an address names by its number, for somebody who may see the child it is about."""

from django.http import Http404

from fjorten.messages.models import ContactTask, IncomingMessage, Message
from fjorten.messages.queries import (
    NoSuchIncoming,
    NoSuchMessage,
    NoSuchTask,
    incoming_numbered,
    message_numbered,
    task_numbered,
)
from fjorten.web.edge import StaffRequest
from fjorten.web.looking import look_at


def message_for(request: StaffRequest, number: int, *, page: str) -> Message:
    """This function will find a message. Raises Http404, alike when there is none and when it is a secret, and NotYoursToOpen."""
    try:
        message = message_numbered(number, request.staff.municipality)
    except NoSuchMessage:
        raise Http404 from None
    look_at(request, message.person.public_id, page=page)
    return message


def task_for(request: StaffRequest, number: int, *, page: str) -> ContactTask:
    """This function will find a task of the manual list. Raises as `message_for`."""
    try:
        task = task_numbered(number, request.staff.municipality)
    except NoSuchTask:
        raise Http404 from None
    look_at(request, task.person.public_id, page=page)
    return task


def unknown_sender_for(request: StaffRequest, number: int) -> IncomingMessage:
    """This function will find what came from a number nobody here uses; one about a child is answered by its task. Raises Http404."""
    try:
        incoming = incoming_numbered(number, request.staff.municipality)
    except NoSuchIncoming:
        raise Http404 from None
    if incoming.person_id is not None:
        raise Http404
    return incoming
