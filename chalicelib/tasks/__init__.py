"""The Lambda functions of Step Functions, the stream, the schedule and SES.

Each parses its event, makes one call, and returns plain data.

Each takes the event as Lambda gives it and Lambda's context, which none of them needs.
"""

from chalicelib.tasks.files import check_file
from chalicelib.tasks.mail import mail_events
from chalicelib.tasks.schedule import reconcile
from chalicelib.tasks.steps import assign, await_step, fire_timers, workflow_failed
from chalicelib.tasks.stream import relay

__all__ = [
    "assign",
    "await_step",
    "check_file",
    "fire_timers",
    "mail_events",
    "reconcile",
    "relay",
    "workflow_failed",
]
