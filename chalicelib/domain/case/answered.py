"""Commands that answer something: what was seen is what is answered, whatever has taken its place since."""

from collections.abc import Iterable, Mapping

from chalicelib.domain.case import events as ev
from chalicelib.domain.errors import ConflictError

_PLAN = ("agree", "disagree", "sign_agreement", "refuse_on_site", "record_agreement", "record_refusal")
_VISIT = ("accept_appointment", "decline_appointment")
_WORK = ("accept_work", "refuse_work", "record_refused_work", "accept_common_work", "refuse_common_work")

ANSWERS: Mapping[str, type[ev.Payload]] = {
    **dict.fromkeys(_PLAN, ev.Proposed),
    **dict.fromkeys(_VISIT, ev.AppointmentProposed),
    **dict.fromkeys(("approve_reply", "return_reply"), ev.ReplyDrafted),
    **dict.fromkeys(("sign_off_result", "return_result"), ev.ResultHandedIn),
    **dict.fromkeys(_WORK, ev.Completed),
    **dict.fromkeys(("object", "record_objection"), ev.Rejected),
    **dict.fromkeys(("appeal", "record_appeal"), ev.MaliciousConfirmed),
    **dict.fromkeys(("confirm_plan", "return_plan"), ev.PlanHandedIn),
    "refuse_payment": ev.Billed,
    **dict.fromkeys(("grant_extension", "refuse_extension"), ev.ExtensionRequested),
}
"""The commands that answer something → the event that puts it there, anew each time."""

SEEN_FIRST = frozenset({"approve_reply", "sign_off_result", "confirm_plan"})
"""The commands by which a text of another person leaves: whoever gives one says which they have read."""


def check_unchanged(name: str, since: Iterable[ev.Event]) -> None:
    """ConflictError if an event since has put there anew what a command answers."""
    asked = ANSWERS.get(name)
    if asked is not None and any(isinstance(event.payload, asked) for event in since):
        raise ConflictError("What this answers has changed meanwhile; read it again, then decide.", "stale")
