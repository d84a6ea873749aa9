"""A proposal for the form of a report: what is said of it, and the fields that it fills in (A8)."""

from collections.abc import Mapping

from chalice.app import Request
from msgspec import Struct
from msgspec.structs import replace

from chalicelib import wiring
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Proposal
from chalicelib.domain.community.community import Community
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.intake.danger import word_of_danger
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.http.requests import source_address
from chalicelib.services.access.stranger_limits import count_proposal
from chalicelib.services.desk import Desk
from chalicelib.services.intake.promise import clocks_if_sent
from chalicelib.services.intake.triage import proposed
from chalicelib.web.case_panels import counts_seconds
from chalicelib.web.form_input import Typed
from chalicelib.web.promises import promise_line, promised_by
from chalicelib.web.proposals import filled_in, offered_line, proposal_line
from chalicelib.web.words import Words

OF_RESIDENTS = ("kind", "matter")
"""What of a proposal the residents' form asks for."""


class Proposed(Struct, frozen=True):
    """A proposal as a form shows it: `danger` if somebody may be in danger just now.

    `promise` says by when what happens if the report is sent like that; staff are told none.
    """

    said: str
    fields: Mapping[str, str]
    danger: bool
    promise: str = ""

    def beside(self, typed: Typed) -> Typed:
        """The form as it was typed, with the proposed fields where it is empty."""
        return {**typed, **{name: value for name, value in self.fields.items() if not typed.get(name)}}


def _stays_unsorted(proposal: Proposal, text: str, context: Context) -> bool:
    """Whether a word of danger keeps the matter open, where the triage is calm.

    It wakes somebody while the report is unsorted (A6), and must not be filled in away.
    """
    calm = proposal.urgency != "emergency"
    return calm and word_of_danger(text, context.regulation.danger_words) is not None


def for_staff(community: Community, text: str, words: Words) -> Proposed:
    """The proposal for whoever takes a report down: how sure it is, too."""
    desk = wiring.desk()
    context = desk.context(community)
    proposal = proposed(desk, context, text)
    said = proposal_line(proposal, context, words) or words("triage.nothing_read")
    return Proposed(said, filled_in(proposal), bool(proposal and proposal.danger))


def for_resident(request: Request, community: Community, typed: Typed, words: Words) -> Proposed:
    """The proposal for a resident in plain words, and the promise.

    That is for what the form has chosen by then. TooManyRequestsError where the address has asked too much.
    """
    text = typed.get("text", "")
    desk = wiring.desk()
    count_proposal(desk, source_address(request), wiring.rate_limits())
    context = desk.context(community)
    proposal = proposed(desk, context, text)
    if proposal is not None and _stays_unsorted(proposal, text, context):
        proposal = replace(proposal, matter=UNSORTED)
    fields = {name: value for name, value in filled_in(proposal).items() if name in OF_RESIDENTS}
    said, danger = offered_line(proposal, context, words), bool(proposal and proposal.danger)
    return Proposed(said, fields, danger, _promise(desk, context, {**fields, **_chosen(typed)}, text, words))


def _chosen(typed: Typed) -> Typed:
    return {name: typed[name] for name in OF_RESIDENTS if typed.get(name)}


def _promise(desk: Desk, context: Context, chosen: Typed, text: str, words: Words) -> str:
    """By when what happens, were it sent like that; empty where it could not be sent."""
    if not text.strip():
        return ""
    try:
        new = NewCase(text=text, kind=chosen.get("kind"), matter=chosen.get("matter"))
        clocks = clocks_if_sent(desk, context, new)
    except InvalidInputError:
        return ""
    promised = promised_by(clocks, is_sorted=new.matter not in {None, UNSORTED})
    seconds = counts_seconds(context)
    return promise_line(promised, desk.now(), context.community.zone, words, seconds=seconds)
