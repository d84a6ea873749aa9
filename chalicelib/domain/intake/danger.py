"""Words of danger in a report that nobody of the desk has judged yet (A6, A7).

The words stand in the packs' `[danger]`; whom they wake says `dispatch/alarm.py`.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.kept_away import context_for
from chalicelib.domain.case.sorting import REPORTERS
from chalicelib.domain.community.language import LANGUAGES
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.dispatch.alarm import new_alarm, on_watch

LONGEST_SIGN = 14
"""The longest sign of danger that is named in an SMS, in characters."""


def word_of_danger(text: str, words: Iterable[str]) -> str | None:
    """The first of the words that the text has, whatever its width and case; None if it has none.

    A word of Latin letters counts as a whole word only: `gas` is not in `Vegas`. What a sentence does with a
    word is not looked at: 没有着火 has one too. To wake somebody in vain does less harm than to let a fire
    wait until the desk opens.
    """
    said = unicodedata.normalize("NFKC", text).casefold()
    return next((word for word in words if _has(said, word.casefold())), None)


def _has(said: str, word: str) -> bool:
    if word.isascii():
        return re.search(rf"\b{re.escape(word)}\b", said) is not None
    return word in said


def danger_of(case: Case, context: Context) -> str | None:
    """The word for which somebody on duty is told of a case at once; None where there is none.

    It counts whatever the reporter has chosen, "other" or a door, until somebody of the desk has said what it
    is about; an emergency has an alarm of its own.

    A word of the regulation's list, whatever is said of it, or the sign by which the triage has taken the
    report for an emergency (triage/emergency.py): of 脸发紫 no list knows. A model behind the triage gives no
    sign; then it is the matter that it thinks of.
    """
    if case.sorting.is_decided:
        return None
    return _danger_in(case.report.text, case.classification, case.proposal, context)


def first_alarm(registered: ev.Registered, actor: Actor, at: datetime, context: Context) -> ev.Payloads:
    """The event of telling at once of a new case: an emergency, or words of danger (A6, A7); else none.

    What somebody of the desk has sorted as they took it in, they have judged.
    """
    about = registered.classification
    if about.urgency == "emergency":
        return tuple(new_alarm(None, about, at, context))
    is_judged = about.is_sorted and actor.role not in REPORTERS
    if is_judged or _danger_in(registered.report.text, about, registered.proposal, context) is None:
        return ()
    told = on_watch(about.department, at, context)
    return (ev.AlarmRaised(told, danger=True),) if told else ()


def danger_heard(before: Case, after: Case, at: datetime, context: Context) -> ev.Payloads:
    """The event of telling of words of danger that are new in a report (A7)."""
    if danger_of(before, context) is not None or danger_of(after, context) is None:
        return ()
    told = on_watch(after.classification.department, at, context_for(after, context))
    return (ev.AlarmRaised(told, danger=True),) if told else ()


def _danger_in(
    text: str | None, about: ev.Classification, proposal: ev.Proposal | None, context: Context
) -> str | None:
    if about.urgency == "emergency":
        return None
    word = word_of_danger(text or "", context.regulation.danger_words)
    if word is not None or proposal is None or proposal.urgency != "emergency":
        return word
    signs = sorted(proposal.danger, key=lambda sign: len(sign) > LONGEST_SIGN)
    return shortened(signs[0]) if signs else shortened(_name_of(proposal.matter, context))


def shortened(sign: str) -> str:
    """A sign as it stands in an SMS: a long one ends in …, but never makes nobody hear of it."""
    return sign if len(sign) <= LONGEST_SIGN else f"{sign[: LONGEST_SIGN - 1]}…"


def _name_of(matter: str, context: Context) -> str:
    names = context.regulation.names_of_matter(matter) or {}
    return names.get(LANGUAGES[0], matter)
