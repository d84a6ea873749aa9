"""Which case leads the incident of a place, if one does (A16).

It is known by a mark for each matter and place, which runs out with the time in which reports join. Reports
that come hear of it with their number, so that a look at the marks is none of their cost.
"""

from collections.abc import Collection
from datetime import datetime
from typing import TypedDict

from msgspec import Struct

from chalicelib.domain.case import events as ev
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.numbering import month_of
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.community.places import Scope, places_of
from chalicelib.domain.errors import CommandRefusedError, NotFoundError
from chalicelib.domain.intake.leading import NO_INCIDENT, takes
from chalicelib.domain.intake.same_incident import MAY_BE_ONE, why_surely_not
from chalicelib.domain.regulation.rules import UNSORTED
from chalicelib.services.incident_port import Lead
from chalicelib.services.link_port import LinkStore
from chalicelib.services.ports import CaseStore, Now
from chalicelib.services.providers import Codes
from chalicelib.services.records import Mark


class Known(Struct, frozen=True):
    """The case that leads an incident of which a report may be.

    `sure`: it is the same outage beyond doubt, so that the report joins by itself.
    """

    leader: Case
    sure: bool


class Relations(TypedDict):
    """What a change says of an incident; the fields are those of `Change`."""

    joins: str | None
    leaves: str | None
    leads: bool


def relations(outcome: Outcome) -> Relations:
    """Which incident a case joins, leaves or begins to lead with a command."""
    said, before = [event.payload for event in outcome.events], outcome.before
    joins = [payload.into for payload in said if isinstance(payload, ev.Merged) and payload.incident]
    left = any(isinstance(payload, ev.Reopened) and payload.cause == ev.LEFT for payload in said)
    return {
        "joins": joins[-1] if joins else None,
        "leaves": before.ending.merged_into if before and left else None,
        "leads": any(isinstance(payload, ev.IncidentOpened) for payload in said),
    }


class Leading(Struct, frozen=True):
    """What finds the incident of a place."""

    cases: CaseStore
    links: LinkStore
    codes: Codes
    now: Now

    def place_key(self, community: str, matter: str, scope: str, place: str) -> str:
        """The key of a matter at a place; it shows neither."""
        return self.codes.keyed("incident", "\0".join((community, matter, scope, place)))[:32]

    def building_key(self, unit: str | None, context: Context) -> str | None:
        """The key of the building that a unit is in; None where its number says none."""
        place = places_of(unit, context.community).get(Scope.BUILDING)
        return None if place is None else self.codes.keyed("building", place)[:12]

    def marks_of(self, outcome: Outcome) -> tuple[Mark, ...]:
        """The mark that the opening of an incident leaves; CommandRefusedError if another leads there."""
        case = outcome.after
        opened = [event.payload for event in outcome.events if isinstance(event.payload, ev.IncidentOpened)]
        if not opened:
            return ()
        new = opened[0]
        key = self.place_key(case.community, new.matter, new.scope, new.place)
        before = self.links.marked(key, self.now())
        if before is not None and before != case.number:
            leader = self._leader(case.community, before)
            if leader is not None:
                raise CommandRefusedError(
                    f"Case {before} leads the incident of this place already; join case {case.number} to it.",
                    "place_has_leader",
                    number=before,
                )
        return (Mark(key, new.until, waits=True, replaces=before),)

    def known(
        self, reported: ev.Registered | Case, context: Context, leads: Collection[Lead] | None = None
    ) -> Known | None:
        """The incident of which a report may be, the surest and narrowest first; None if none is known.

        `leads` are those that came with the report's serial; whoever has none looks at the marks.
        """
        proposed = reported.proposal.matter if reported.proposal else UNSORTED
        matters = {reported.classification.matter, proposed} - {UNSORTED}
        if not matters & MAY_BE_ONE or reported.classification.kind in NO_INCIDENT:
            return None
        community = context.community.id
        at = self.now()
        narrowest_first = reversed([*places_of(reported.report.unit, context.community).items()])
        keys = [
            self.place_key(community, matter, scope, place)
            for scope, place in narrowest_first
            for matter in sorted(matters & MAY_BE_ONE)
        ]
        if leads is None:
            marked = self.links.marked_all(keys, at)
        else:
            marked = {lead.key: lead.number for lead in leads if lead.until > at}
        leaders = [self._leader(community, marked[key]) for key in keys if key in marked]
        found = [self._known(reported, leader, at, context) for leader in leaders if leader is not None]
        return max(filter(None, found), key=lambda known: known.sure, default=None)

    def show(self, leader: Case) -> None:
        """Have whoever takes a number know whether this case still leads an incident.

        Where its day goes over into the next month, that month's too. What is not shown yet the relay joins.
        """
        incident = leader.incident
        if incident is None:
            return
        key = self.place_key(leader.community, incident.matter, incident.scope, incident.place)
        lead = Lead(key, leader.number, incident.until.replace(microsecond=0))
        months = {month_of(at, leader.zone) for at in (incident.opened_at, incident.until)}
        for month in sorted(months):
            self.cases.show_lead(leader.community, month, lead, shown=takes(leader, self.now()))

    def _known(
        self, reported: ev.Registered | Case, leader: Case, at: datetime, context: Context
    ) -> Known | None:
        if leader.incident is None or not takes(leader, at):
            return None
        begun_at = leader.report.contacted_at or leader.registered_at
        return Known(leader, why_surely_not(reported, at, leader.incident, begun_at, context) is None)

    def _leader(self, community: str, number: str) -> Case | None:
        try:
            case = self.cases.get(community, number)
        except NotFoundError:
            return None
        return case if case.leads else None
