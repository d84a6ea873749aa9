"""The first screen of a handler's page: what burns, where, whom to call, and the next act (B2, B3, B9)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.places import Scope, places_of
from chalicelib.domain.regulation.limits import Clock
from chalicelib.domain.waiting import LAST, asks_among
from chalicelib.domain.when import is_unbilled
from chalicelib.domain.work.order import why_not_compared_yet
from chalicelib.domain.work.plan import may_still_cost, why_price_unsettled
from chalicelib.domain.work.verification import is_to_verify
from chalicelib.services.case_line import due_next
from chalicelib.web.case_lines import state_name
from chalicelib.web.case_panels import (
    DECISIONS,
    ONWARD,
    FormShown,
    command_on,
    counts_seconds,
    due_name,
)
from chalicelib.web.formats import short
from chalicelib.web.list_rows import countdown
from chalicelib.web.measure_lines import measures_said
from chalicelib.web.sign_off_lines import plan_check_line, sign_off_line
from chalicelib.web.words import Words

MAPS = {"CN": "https://uri.amap.com/search?keyword="}
OTHER_MAP = "https://www.openstreetmap.org/search?query="
"""Where a tap on "map" leads, by the community's country; nothing is sent before somebody taps."""


UPFRONT = ("signature", "proved")
"""What may be left out of a form and stands before it is sent all the same: it is the form's sense."""


USUAL = (
    "record_revisit",
    "assign",
    "answer",
    "record_urge",
    "fill_in",
    "classify",
    "progress",
    "record_return",
    "reopen",
    "close",
)
"""What is done most where nothing waits, the most usual first."""
HEADING = 24
"""So many characters of a report stand for a matter that it has not got yet (ours)."""
MOST_USUAL = 6
"""So many of the usual stand in sight; what else is possible is behind "more" (ours)."""

RARE = frozenset({"propose_malicious"})
"""What a page invites nobody to: it stands behind "more", also where nothing else is possible."""


def onward(case: Case) -> tuple[str, ...]:
    """The commands whose form stands open for whoever does the work.

    The answer to a time that the resident proposes, another plan where one was returned, being there where
    that is waited for, going on after a pause, looking into a complaint that is signed for, the quote where
    work waits for a price, the resident's word on it, what the item really is before work that is charged
    can be completed, and the bill once it is completed.
    """
    looks_into = is_to_verify(case) and case.state is not State.ASSIGNED
    arrival = Clock.ON_SITE in case.deadlines and Clock.ON_SITE not in case.met
    visit = case.work.proposed_visit
    return (
        *(("accept_appointment",) if visit is not None and visit.by_resident else ()),
        *(("propose",) if case.work.plan_check.returned else ()),
        *(("arrive",) if arrival else ()),
        *(("resume",) if case.clocks.pause else ()),
        *(("verify",) if looks_into else ()),
        *(("propose",) if why_price_unsettled(case) else ()),
        "sign_agreement",
        *(("compare_item",) if why_not_compared_yet(case) else ()),
        *ONWARD,
        *(("bill",) if is_unbilled(case) else ()),
    )


def next_asked(
    case: Case, member: Member, context: Context, can: Collection[str], *, at_work: bool
) -> tuple[str, ...]:
    """What a member is to do next on a case, the likeliest first.

    What waits for them, and for whoever is `at_work` the next of the work; empty where nothing waits. `can`
    are the commands that they can give now.
    """
    asks = asks_among(case, member, context, can)
    decisions = tuple(command for command in DECISIONS if command in can)
    waiting = tuple(command for ask in asks if ask.what not in (*LAST, "work") for command in ask.commands)
    return (*decisions, *waiting, *(onward(case) if at_work else ()))


QUOTE = "propose"

INSTEAD: Mapping[str, str] = {
    "accept_appointment": "decline_appointment",
    "sign_off_result": "return_result",
    "confirm_plan": "return_plan",
    "accept_common_work": "refuse_common_work",
}
"""What answers the same question the other way, and so stands beside the first answer."""


def drawn_at_once(case: Case, leading: Iterable[str], context: Context) -> frozenset[str]:
    """The commands whose forms a page of staff has at once: what comes next, and the quote ahead of work.

    Any other is one tap away, on the same page with that form: of twenty forms nobody fills in more than one.
    """
    return frozenset({*leading, *((QUOTE,) if may_still_cost(case, context) else ())})


def next_act(
    forms: Iterable[FormShown], usual: Iterable[str], case: Case, context: Context, *, whole: bool = False
) -> dict[str, Any]:
    """The form that stands open, the others, and the quote where work may cost something.

    `whole`: nothing of the open form is folded. Nor is it of one that was not taken and is not the `usual`
    next: it keeps the order in which it was filled in.
    """
    shown = tuple(forms)
    following = next((form for form in shown if form.open), None)
    names = {form.command for form in shown}
    expected = next((command for command in usual if command in names), None)
    whole = whole or (following is not None and following.command != expected)
    if following is not None and following.command == QUOTE:
        whole = whole or may_still_cost(case, context)  # a quote is its price
    others = tuple(form for form in shown if form is not following)
    other_way = INSTEAD.get(following.command) if following is not None else None
    quoted = other_way is None and may_still_cost(case, context)  # whoever is asked answers that first
    quote = tuple(form for form in others if form.command == QUOTE and quoted)
    instead = tuple(form for form in others if form.command == other_way)
    return {
        "following": following,
        "upfront": None if whole else UPFRONT,
        "instead": instead,
        "quote_first": quote,
        "others": tuple(form for form in others if form not in (*quote, *instead)),
    }


def links_shown(case: Case, commands: list[str], drawn: dict[str, Any], words: Words) -> dict[str, Any]:
    """The commands that a page leads to, with their names; the most usual apart, below the form that is open.

    All are alike where they are few and none is open, but for what is rare. `drawn` are the forms, as
    `next_act` has them.
    """
    usual = [command for command in USUAL if command in commands][:MOST_USUAL]
    if drawn["following"] is None and len(commands) <= len(usual) + 1:
        usual = []
    if not (usual or drawn["following"] or drawn["others"] or RARE.isdisjoint(commands)):
        usual = [command for command in commands if command not in RARE]
    named = {command: (command, command_on(command, case, words)) for command in (*usual, *commands)}
    return {
        "usual_first": [named.pop(command) for command in usual],
        "elsewhere": [named[command] for command in commands if command in named],
        "tucked": not drawn["others"] and RARE.issuperset(named),
        "rare": bool(commands) and RARE.issuperset(commands) and not (drawn["following"] or drawn["others"]),
    }


def first_screen(
    case: Case, context: Context, forms: Iterable[FormShown], now: datetime, words: Words
) -> dict[str, Any]:
    """What the first screen has: the next form, those behind "more", what burns first, and the map."""
    return {
        **next_act(forms, onward(case), case, context),
        **by_when(case, context, now, words),
        "heading": own_words(case),
        "stands_as": state_name(case.state, case.classification.matter, words),
        "map": map_of(case, context),
        "sign_off": sign_off_line(case, context, words),
        "plan_check": plan_check_line(case, context, words),
        "measures": measures_said(case, context, words),
    }


def by_when(case: Case, context: Context, now: datetime, words: Words) -> dict[str, Any]:
    """What is due next on a case, when, and for how long still; nothing while a pause lasts (B7)."""
    due_at, due_for = due_next(case, context)
    if due_at is None or due_for is None or case.clocks.pause is not None:
        return {"burns": "", "burns_at": "", "countdown": None}
    return {
        "burns": due_name(due_for, words),
        "burns_at": short(due_at, case.zone, words, seconds=counts_seconds(context)),
        "countdown": countdown(due_at, now, words),
    }


def own_words(case: Case) -> str:
    """How a report begins that nobody has sorted yet; empty once it has a matter, or without words."""
    said = (case.report.text or "").strip().partition("\n")[0]  # what was added later follows
    return "" if case.classification.is_sorted else begins(said)


def begins(text: str) -> str:
    """How a text begins, in one line of a telephone."""
    said = " ".join(text.split())
    return said if len(said) <= HEADING else f"{said[: HEADING - 1]}…"


def map_of(case: Case, context: Context) -> str:
    """The address of a map of the building; never of the unit, which is who reported."""
    community = context.community
    building = places_of(case.report.unit, community).get(Scope.BUILDING, "")
    place = f"{community.name} {building}".strip()
    return f"{MAPS.get(community.country, OTHER_MAP)}{quote(place)}"
