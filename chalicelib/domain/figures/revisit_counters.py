"""What a case adds to the figures of the follow-up: revisits due and made, and the manager's sample."""

from collections.abc import Mapping

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.events import ANSWERED, CloseReason, RevisitOutcome

UNSATISFIED = frozenset({CloseReason.DISSATISFIED, CloseReason.DECIDED})

AFTER_WORK = UNSATISFIED | {CloseReason.SATISFIED, CloseReason.NEUTRAL, CloseReason.SILENT}
"""The reasons to close a case whose work was done; what is untrue had none."""


def revisits_counted(case: Case) -> Mapping[str, int]:
    """The revisits that this round asked for, and those of them that persons made; a survey is none (D2).

    Of a case that has closed after its work, or is late with a revisit; a neutral answer that nobody has
    followed with a call leaves one missing. What an older release completed has
    not put on record how many it asked for: as many as were made, and one that was left out.
    """
    asked = case.follow_up
    late = any(key.of == "revisit" and key.action == "rung" for key in case.clocks.fired)
    reason = case.ending.close_reason
    if not (reason in AFTER_WORK or (late and case.state is State.COMPLETED)):
        return {}
    heard = sum(visit.outcome in ANSWERED for visit in asked.revisits)
    if asked.wanted is None:
        wanted = heard + case.ending.revisit_left_out
    else:
        answers = [visit.outcome for visit in asked.revisits] + ([case.rating.outcome] if case.rating else [])
        uncalled = reason is CloseReason.NEUTRAL and answers.count(RevisitOutcome.NEUTRAL) == 1
        stands = asked.survey_stands and case.rating is not None and case.rating.satisfied
        sampled = case.tally.sample is not None and case.tally.sample.taken
        least = heard + 1 if uncalled else int(sampled or case.ending.revisit_left_out)
        wanted = max(asked.wanted - stands, least, 0)
    if reason is CloseReason.DISSATISFIED:
        wanted = min(wanted, heard)  # it ended before a revisit was due
    return {"revisits_wanted": wanted, "revisits_made": min(heard, wanted)}


def awaited(case: Case) -> Mapping[str, int]:
    """The revisit that somebody was asked to make and has not made yet; one to ask again is no rank's."""
    if case.follow_up.ask_again_after is not None:
        return {"asked_again_due": 1}
    rank = case.follow_up.revisit_rank
    if case.state is not State.COMPLETED or rank is None or case.tally.revisited_by.get(rank):
        return {}
    return {f"revisit_due_{rank}": 1}


def sampled(case: Case) -> Mapping[str, int]:
    """Where the case stands in the manager's sample, as it was drawn (D6)."""
    lot = case.tally.sample
    if lot is None:
        return {}
    seen = lot.taken and case.tally.revisited_by.get(lot.rank, 0) > 0
    return {
        f"sample_pool_{lot.severity}": 1,
        f"sampled_{lot.severity}": int(lot.taken),
        f"sample_seen_{lot.severity}": int(seen),
    }
