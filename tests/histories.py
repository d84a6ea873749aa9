"""Long histories of cases for properties: whatever people were allowed to do, with time passing."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace as copy_of
from datetime import timedelta
from functools import lru_cache

from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.reply import Stand
from chalicelib.domain.deadlines.calendar import Amendment
from chalicelib.domain.dispatch.forms import AssignForm
from chalicelib.domain.errors import DomainError
from chalicelib.domain.figures.contribution import changes
from chalicelib.domain.follow_up.forms import RateForm, RevisitForm
from chalicelib.domain.possible import possible
from chalicelib.domain.work.resident_forms import DeliveryForm
from tests.builders import regulations
from tests.stories import ACTORS, MANAGER, OTHER_HANDLER, Story, context

ACTING = [*ACTORS.values(), OTHER_HANDLER]
"""Who may act in a wandering history."""

ENDINGS = {
    "withdraw",
    "record_withdrawal",
    "record_return",
    "merge",
    "join_incident",
    "reject",
    "refer",
    "reopen",
    "decline",
}
"""What would end or turn most stories early; they are told more rarely."""
WAITS_FOR_SOMETHING = {
    "draft_reply",
    "add_words",
    "propose_appointment",
    "agree_appointment",
    "ask_price",
    "record_price_request",
    "declare_charge",
    "pause",
    "answer",
    "verify",
    "escalate",
    "file_report",
    "urge",
    "record_urge",
    "join",
    "identify",
}
"""What keeps the story where it is."""

ASKED_AGAIN = 1.0
"""Every lot of a second asking is drawn: the regulation's one in twenty would be met too seldom."""


BESIDE = {
    "choose_language",
    "state_payer",
    "record_loss",
    "plan_measure",
    "finish_measure",
    "give_up_acceptance",
    *("record_cost", "price_cost", "strike_cost", "claim_cost", "record_claim_payment", "withdraw_claim"),
}
"""What may be said at any time and leads to nothing: it would crowd the rest out."""


def wandering(seed: int, steps: int = 90, packs: Sequence[str] = ("default", "S3")) -> Story:
    """A case to which many people did whatever they were allowed to, with time passing."""
    dice = random.Random(seed)  # noqa: S311 - a story, no secret
    kind, matter = dice.choice(
        [("repair", "seepage"), ("complaint", "staff_attitude"), ("help", "fire"), ("suggestion", "greening")]
    )
    pack = regulations().get(dice.choice(packs))
    drawing = replace(pack, sampling=replace(pack.sampling, asked_again=ASKED_AGAIN))
    story = Story(context(regulation=drawing)).register(kind=kind, matter=matter)
    for _ in range(steps):
        story.wait(minutes=dice.choice([1, 1, 1, 20, 20, 300, 1500]))
        asked = story.case.clocks.extension_request is not None and dice.random() < 0.3
        owner = next((actor for actor in ACTING if actor.id == story.case.assignment.handler), None)
        actor = MANAGER if asked else owner if owner and dice.random() < 0.4 else dice.choice(ACTING)
        rows = possible(story.case, actor, story.context, story.at)
        commands = [row.command for row in rows if row.command not in BESIDE]
        if not commands:
            continue
        decided = [command for command in commands if command.endswith("_extension")] if asked else []
        command = dice.choice(decided or commands)
        if command in ENDINGS and dice.random() < 0.9:
            continue
        if command in WAITS_FOR_SOMETHING and dice.random() < 0.7:
            continue
        forms_for = {
            "assign": AssignForm(dice.choice(["engineering-1", "engineering-2", "agent-1"]), "派"),
            "rate": RateForm(dice.randint(1, 5)),
            "record_revisit": revisit_form(dice.choice(list(ev.RevisitOutcome)), story),
            "record_delivery": delivery_form(story, left=dice.random() < 0.7),
        }
        if command == "replan":
            story.context = with_a_closed_day(story)
        try:
            story.do(command, actor, forms_for.get(command), signed_off=seed % 2 == 0)
        except DomainError:
            continue
    return story


def revisit_form(outcome: ev.RevisitOutcome, story: Story) -> RevisitForm:
    """What a revisit found; a promise has its time."""
    until = story.at + timedelta(hours=6) if outcome is ev.RevisitOutcome.PROMISED else None
    points = "楼道堆物\n门铃不响" if story.at.minute % 3 == 0 else None
    return RevisitForm(outcome, "phone", "还行", promised_until=until, points=points)


def delivery_form(story: Story, *, left: bool) -> DeliveryForm:
    """What became of the message about what was written first for the resident, if anything waits for one."""
    reply = story.case.reply_duty.stands(Stand.APPROVED)
    awaited = (*((reply,) if reply else ()), *story.case.telling.awaited)
    version = next((written.version for written in awaited), 0)
    return DeliveryForm(version, "sms", story.at if left else None, None if left else "no_address")


def with_a_closed_day(story: Story) -> Context:
    """The context of the story with one more day closed, tomorrow."""
    now = story.context
    day = now.calendar.local_date(story.at + timedelta(days=1))
    changed = {**now.calendar.amendments, day: Amendment((), "停电检修")}
    return replace(now, calendar=replace(now.calendar, amendments=changed))


@lru_cache(maxsize=64)
def _told(seed: int) -> Story:
    return wandering(seed)


def retold(seed: int) -> Story:
    """A wandering history that is told once in a run of tests, and a copy of its own for each of them."""
    story = _told(seed)
    return copy_of(story, events=[*story.events], outcomes=[*story.outcomes])


WANDERINGS = st.builds(retold, st.integers(0, 59))
"""Sixty of the histories of which case/test_fold.py shows that they get about."""


def summed(*stories: Story) -> Counter[tuple[str, str]]:
    """The counters as the commands of these cases changed them, one after the other."""
    total: Counter[tuple[str, str]] = Counter()
    for story in stories:
        for outcome in story.outcomes:
            for row, counters in changes(outcome.before, outcome.after).items():
                for name, amount in counters.items():
                    total[row, name] += amount
    return Counter({key: amount for key, amount in total.items() if amount})
