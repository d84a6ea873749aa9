"""What is offered can be done, and what cannot be done is not offered: for any case, role and time."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.case import clock_changes
from chalicelib.domain.case.case import Case, State
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.kept_away import why_kept_out
from chalicelib.domain.case.links import COMMANDS_BY_PURPOSE, Purpose, check_link, link_for
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import RESIDENT, TIMER, Actor, Role
from chalicelib.domain.decide import decide
from chalicelib.domain.errors import DomainError, GoneError, InvalidInputError
from chalicelib.domain.lifecycle import TABLE
from chalicelib.domain.possible import possible
from chalicelib.services.access.allowed_commands import (
    WITH_THE_CALENDAR,
    possible_for_link,
    possible_for_member,
)
from tests.builders import regulations
from tests.histories import wandering
from tests.stories import Story, context, in_state, sample_form

PACKS = regulations().ids()
ABOUT_THE_FORM = {
    "assigned_already",
    "nothing_to_correct",
    "pause_too_long",
    "extension_too_long",
    "promised_already",
    "identified_already",
}
"""Reasons that nobody can know before the form is filled in; so are all of InvalidInputError."""
LATER = (timedelta(), timedelta(minutes=90), timedelta(days=3), timedelta(days=40))


def everybody(case: Case, place: Context) -> list[Actor]:
    """The resident, the timers, all staff, and the handler as the work link has them."""
    staff = [Actor(member.role, member.username) for member in place.community.staff]
    by_link = [Actor(Role.HANDLER, case.assignment.handler)] if case.assignment.handler else []
    return list(dict.fromkeys((RESIDENT, TIMER, *staff, *by_link)))


def refusal(name: str, actor: Actor, story: Story) -> DomainError | None:
    """What the decider says to a command with a form that could be right; None if it carries it out."""
    command = Command(name, actor, story.at, "a key of its own", sample_form(name, story))
    try:
        decide(story.case, command, story.context)
    except DomainError as error:
        return error
    return None


def is_about_the_form(error: DomainError) -> bool:
    return isinstance(error, InvalidInputError) or error.reason in ABOUT_THE_FORM


@pytest.mark.req("E8", "B2", "D7")
@pytest.mark.parametrize("pack", PACKS)
@given(seed=st.integers(0, 100_000), moment=st.integers(0, 100), later=st.sampled_from(LATER))
@settings(max_examples=8, deadline=None)
def test_what_is_offered_is_just_what_is_not_refused(
    pack: str, seed: int, moment: int, later: timedelta
) -> None:
    told = wandering(seed, packs=[pack])
    outcome = told.outcomes[moment * (len(told.outcomes) - 1) // 100]
    case, at = outcome.after, (outcome.events[-1].at if outcome.events else told.at) + later
    story = Story(told.context, at, outcomes=[Outcome(case, (), case)])
    for actor in everybody(case, story.context):
        offered = {row.command for row in possible(case, actor, story.context, at)}
        for name, row in TABLE.items():
            error = refusal(name, actor, story)
            if name in offered:
                assert error is None or is_about_the_form(error), (name, actor, error)
                continue
            assert error is not None, (name, actor)
            assert not is_about_the_form(error), (name, actor, error)
            if actor.role in row.roles and case.state in row.sources:
                kept_out = why_kept_out(case, actor, story.context, row.roles)
                said = kept_out or row.guard(case, actor, story.context, at)
                assert said is not None
                assert (type(error), error.message) == (type(said), said.message)


@pytest.mark.req("E8", "G8")
@pytest.mark.parametrize("pack", PACKS)
@given(seed=st.integers(0, 100_000), later=st.sampled_from(LATER))
@settings(max_examples=5, deadline=None)
def test_pages_and_links_offer_what_the_domain_says_is_possible(
    pack: str, seed: int, later: timedelta
) -> None:
    story = wandering(seed, packs=[pack]).wait(seconds=later.total_seconds())
    case, place = story.case, story.context
    for staff in place.community.staff:
        member = Member(staff.username, staff.name, staff.role, staff.departments, place.community)
        rows = possible(case, member.actor(), place, story.at)
        shown = possible_for_member(case, member, place, story.at)
        assert {row.command for row in rows} - WITH_THE_CALENDAR == {row.command for row in shown}
    for purpose in Purpose:
        try:
            link = link_for(case, purpose, 14)
            check_link(link, case, story.at)
        except (ValueError, GoneError):
            continue
        rows = possible(case, link.actor(), place, story.at)
        shown = possible_for_link(case, link, place, story.at)
        assert {row.command for row in rows} & {*COMMANDS_BY_PURPOSE[purpose]} == {
            row.command for row in shown
        }


@pytest.mark.parametrize("state", State)
def test_what_is_possible_is_told_without_working_out_a_deadline(
    monkeypatch: pytest.MonkeyPatch, state: State
) -> None:
    """It is asked with every case that is shown."""
    story = in_state(state, severity="serious").wait(days=90)
    for derives in ("deadline_for", "replanned"):
        monkeypatch.delattr(clock_changes, derives)
    for actor in everybody(story.case, story.context):
        possible(story.case, actor, story.context, story.at)


@pytest.mark.req("A7")
@pytest.mark.parametrize("pack", ["S3", "default"])
@pytest.mark.parametrize("kind", [None, "repair", "complaint", "suggestion"])
def test_an_unsorted_report_is_sorted_before_anybody_judges_it_prices_it_or_promises_a_visit(
    pack: str, kind: str | None
) -> None:
    story = Story(context(pack=pack)).register(kind=kind, matter=None).wait(minutes=20)
    case, offered = story.case, set()
    for actor in everybody(case, story.context):
        rows = {row.command for row in possible(case, actor, story.context, story.at)}
        done = {
            name
            for name in TABLE
            if (error := refusal(name, actor, story)) is None or is_about_the_form(error)
        }
        assert done == rows, actor
        offered |= rows
    by_machines = {"ask_erasure", "part", "fire_timers", "hear", "join", "record_delivery", "replan"}
    track = {"propose_malicious"}  # about whoever reported, whatever it is about
    by_word = {"record_urge", "record_withdrawal"}
    by_machines |= {"find_payer"}
    by_people = {
        "record_loss",
        "answer",
        "classify",
        "draft_reply",
        "escalate",
        "fill_in",
        "identify",
        "merge",
        "urge",
        "withdraw",
    }
    assert (
        offered
        == by_people
        | {"add_files", "add_words", "choose_language", "join_incident"}
        | by_word
        | by_machines
        | track
    )
