"""The values that only the text of a mail can name: what is too long for an SMS (A11, B3, B7)."""

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.clock_changes import expected_deadlines
from chalicelib.domain.notices.changed_times import PROMISED_TO_RESIDENT
from chalicelib.domain.notices.kinds import RESIDENT_ID, Notice
from chalicelib.domain.notices.phrases import Speech
from chalicelib.domain.regulation.limits import Clock


def for_mails(notice: Notice, case: Case, speech: Speech) -> dict[str, str]:
    """What was said, planned and found, and every running deadline with its reasons."""
    plan, phrases = case.work.plan, speech.texts.words["phrases"]
    latest = case.tally.ratings[-1] if case.tally.ratings else None
    # an older rating explains nothing: only the round before can be why the case came back
    last = latest if latest is not None and latest.round == case.round - 1 else None
    said = [phrases["score"].format(score=last.score)] if last else []
    said += [phrases["comment"].format(comment=last.comment)] if last and last.comment else []
    to_resident = notice.recipient == RESIDENT_ID
    told = PROMISED_TO_RESIDENT if to_resident else tuple(Clock)  # the same clocks as on the tracking page
    expected = expected_deadlines(case, speech.context)
    running = [
        expected.get(clock, deadline)
        for clock, deadline in case.deadlines.items()
        if clock in told and clock not in case.met
    ]
    running.sort(key=lambda deadline: deadline.due_at)
    explained = (line for deadline in running for line in speech.explained(deadline, sourced=not to_resident))
    unsaid = phrases["in_files" if case.report.files else "not_heard"]
    return {
        "said": unsaid if case.report.text is None else case.report.text,
        "deadlines": "\n".join(explained),
        "result": case.work.result or "",
        "explanation": case.ending.explanation or "",
        "findings": case.ending.findings or "",
        "objection": case.ending.objection or "",
        "cause": plan.cause if plan else "",
        "plan": plan.plan if plan else "",
        "last_rating": phrases["joint"].join(said),
    }
