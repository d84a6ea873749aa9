"""What the follow-up does by itself: survey, reminder, revisit, and who hears that it is late (D1-D3)."""

from collections.abc import Iterator

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Setting
from chalicelib.domain.case.due import DueAction
from chalicelib.domain.community.roles import VISITORS, Role
from chalicelib.domain.follow_up.obligations import revisits_needed, tried_enough
from chalicelib.domain.follow_up.schedule import completed, revisit_due_at, silence_of


def _of_the_follow_up(case: Case, setting: Setting) -> Iterator[DueAction]:
    """Survey, reminder, a person's revisit, and whoever is told when that does not happen (D1–D3).

    Reminder and rungs belong to the revisit that is owed, not to the attempts at it: each comes once, and the
    rungs at the revisit's own date, whoever tries (D2, G3). Whoever was drawn and cannot revisit any more is
    replaced at once. A resident who was tried often enough is waited for until the revisit's date.
    """
    policy, needed = setting.regulation.revisits, revisits_needed(case, setting)
    turn = 1 + sum(one.outcome is not ev.RevisitOutcome.NOT_REACHED for one in case.follow_up.revisits)
    owed = 1 + sum(
        one.outcome in ev.ANSWERED for one in case.follow_up.revisits
    )  # a promise is no new revisit
    draw, due = f"revisit:draw:{len(case.follow_up.revisits) + 1}", revisit_due_at(case, setting)
    if tried_enough(case, setting):
        yield DueAction("close", due, "close")
        return
    drawn = sum(key == draw or key.startswith(f"{draw}:") for key in case.clocks.fired)
    gone = case.follow_up.revisitor is not None and not _can_revisit(case.follow_up.revisitor, setting)
    if case.follow_up.revisitor is not None or (needed and draw not in case.clocks.fired):
        for steps, rank in enumerate((Role.SUPERVISOR, Role.MANAGER), start=1):
            yield DueAction(f"revisit:{rank}:{owed}", due + steps * policy.grace, "escalate", None, rank)
    if gone and needed:
        since = case.follow_up.last_revisit_at or completed(case)
        yield DueAction(f"{draw}:{drawn + 1}" if drawn else draw, since, "draw_revisit")
        return
    if case.follow_up.revisitor is not None and not gone and case.follow_up.revisit_due_at is not None:
        another = f":{drawn}" if drawn > 1 else ""  # who has not been reminded yet
        yield DueAction(f"revisit:remind:{turn}{another}", case.follow_up.revisit_due_at, "remind_revisit")
        return
    silence = silence_of(case, setting)
    if case.rating is None and not case.follow_up.revisits:
        yield DueAction("survey:remind", silence.reminded_at, "remind_survey")
        if needed:
            yield DueAction(draw, silence.ends_at, "draw_revisit")
        else:
            yield DueAction("close", silence.ends_at, "close")
    elif needed:
        again = case.follow_up.last_revisit_at and case.follow_up.last_revisit_at + policy.retry_after
        answered_at = case.rating.at if case.rating else silence.ends_at
        yield DueAction(draw, again or answered_at, "draw_revisit")
    else:  # whoever was to revisit is gone, or a revisit that need not have been made reached nobody
        yield DueAction("close", silence.link_ends_at, "close")
    if needed and draw in case.clocks.fired:  # nobody could be drawn, so the survey is all there will be
        yield DueAction("close", max(silence.link_ends_at, due), "close")


def _can_revisit(username: str, setting: Setting) -> bool:
    member = setting.community.member(username)
    return member is not None and member.role in VISITORS
