"""
The tasks other commands, and later the pages, put in the worker's queue.

Nothing depends on them: what families are owed is found by the worker's own rounds, and again by the night. They only let it happen now.
"""

from django_tasks import task


@task()
def send_due_messages(municipality_code: str) -> dict[str, int]:
    """Queue what families of a municipality are owed, and send what is due."""
    from fjorten.cli.rounds import look_after

    return look_after([municipality_code])


def wake(municipality_code: str) -> None:
    """Let the worker look at a municipality now: something has changed that families are told of."""
    send_due_messages.enqueue(municipality_code)
