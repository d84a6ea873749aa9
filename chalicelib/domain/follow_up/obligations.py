"""What a completed case owes before it ends: revisits, sample, promise, a call (D2, D6, D7, D8)."""

from datetime import date

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context, facts_of
from chalicelib.domain.community.quiet_hours import is_quiet
from chalicelib.domain.follow_up.answers import Answer, neutral_to_call
from chalicelib.domain.follow_up.sampling import owed_to_sample


def revisits_wanted(classification: ev.Classification, context: Context) -> tuple[int, bool]:
    """How many revisits follow the work, and whether the survey is one (D2)."""
    policy, facts = context.regulation.revisits, facts_of(classification)
    return context.regulation.revisit_rule_for(facts).count, facts.kind in policy.survey_counts


def revisits_left(case: Case, context: Context, *, satisfied_by_survey: bool = False) -> int:
    """How many revisits a satisfied case still needs in this round (D2).

    Where the regulation says so for cases of its kind, a satisfied answer to the survey stands for the first
    of them: the resident was asked, and answered. 2 wanted, survey answered satisfied → 1 left.
    """
    if not case.work.surveyed:
        return 0  # one of many reports of an incident, of which a sample is asked (A16)
    needed, survey_stands = revisits_wanted(case.classification, context)
    rated = satisfied_by_survey or (case.rating is not None and case.rating.satisfied)
    done = sum(revisit.outcome in ev.ANSWERED for revisit in case.follow_up.revisits)
    return max(0, needed - done - (rated and survey_stands))


def revisits_needed(case: Case, context: Context) -> int:
    """How many revisits are still to come (D2).

    Those that the regulation wants, else one that the sample, a promise or a neutral answer wants.
    """
    return max(revisits_left(case, context), int(is_one_owed(case, context)))


def is_one_owed(case: Case, context: Context, newest: Answer | None = None) -> bool:
    """Whether the sample, a promise or a neutral answer still asks for a revisit (D6, D7, D8).

    `newest` is an answer to the survey that is just being recorded.
    """
    promised = case.follow_up.promised_until is not None
    return promised or neutral_to_call(case, newest) or owed_to_sample(case, context) is not None


def tried_enough(case: Case, context: Context, missed: ev.RevisitRecorded | None = None) -> bool:
    """Whether the resident was tried in vain on days enough (D3, G6).

    As many as the regulation says. Local days are counted, each once, and an answer begins the count anew; a
    call in the resident's quiet hours is no attempt. `missed` is an attempt that is just being recorded. With
    3 wanted: calls on Monday 09:00, Monday 18:00, Tuesday 23:00, Wednesday 09:00 → two days, not enough.
    """
    days: set[date] = set()
    for revisit in (*case.follow_up.revisits, *((missed,) if missed else ())):
        if revisit.outcome is not ev.RevisitOutcome.NOT_REACHED:
            days.clear()
        elif revisit.at is not None and not is_quiet(revisit.at, context.zone):
            days.add(revisit.at.astimezone(context.zone).date())
    return len(days) >= context.regulation.revisits.attempts
