"""The regulations for anybody to read, and deadlines without a case (C1–C17, G1, G2)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.domain.catalogue import Catalogue
from chalicelib.domain.community.community import Community
from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.deadlines.deadline import Deadline, deadline_for
from chalicelib.domain.deadlines.signing_limit import with_signing_limit
from chalicelib.domain.errors import RegulationError
from chalicelib.domain.follow_up.explanation import explain_revisits
from chalicelib.domain.follow_up.schedule import revisits_due
from chalicelib.domain.regulation.limits import Clock, Limit
from chalicelib.domain.regulation.policies import Targets
from chalicelib.domain.regulation.regulation import Matter, Regulation
from chalicelib.domain.regulation.rules import (
    COMPLEXITIES,
    KINDS,
    SEVERITIES,
    URGENCIES,
    Facts,
    RevisitRule,
    Rule,
)
from chalicelib.services.desk import Desk
from chalicelib.services.views.deadline_view import DeadlineView, deadline_view

ANYWHERE = Community("", "", "Asia/Shanghai", "", 0)
"""Where a deadline is asked for without a community: Shanghai, office hours, the days off of China."""


class RegulationLine(Struct, frozen=True):
    """One regulation in the list; `names` by language."""

    id: str
    version: int
    names: Mapping[str, str]


class BrokenRegulation(Struct, frozen=True):
    """A regulation whose file is broken.

    No case can run under it until the file is put right; `problem` says what is wrong.
    """

    id: str
    problem: str


class RegulationList(Struct, frozen=True):
    """Every regulation that a community can run under, and the broken files."""

    items: tuple[RegulationLine, ...]
    broken: tuple[BrokenRegulation, ...]


class RegulationView(Struct, frozen=True):
    """A regulation with every rule, its source and the reason for it.

    It also says what can be asked of it.

    `revisit_questions` is the script of a revisit: fields of `record_revisit` in the order of asking (D4).
    `signed_off` are the kinds of cases whose result the head of the department signs off before the resident
    is told (B9), `plan_confirmed` those whose plan the desk confirms before it is put to the resident (B5).
    """

    id: str
    version: int
    names: Mapping[str, str]
    kinds: tuple[str, ...]
    urgencies: tuple[str, ...]
    severities: tuple[str, ...]
    complexities: tuple[str, ...]
    matters: tuple[Matter, ...]
    rules: tuple[Rule, ...]
    revisits: tuple[RevisitRule, ...]
    revisit_questions: tuple[str, ...]
    signed_off: tuple[str, ...]
    plan_confirmed: tuple[str, ...]
    targets: Targets


class Asked(Struct, frozen=True, kw_only=True):
    """What deadlines are asked for. Left out is as at a report: a complaint, the matter's own urgency, now.

    `care`: the resident needs it (G15); `round`: 1 is the first, 2 the first return (G9).
    """

    matter: str
    kind: str = "complaint"
    urgency: str | None = None
    severity: str = "general"
    complexity: str = "general"
    care: bool = False
    round: int = 1
    at: datetime | None = None
    community: str | None = None


class AskedRevisits(Struct, frozen=True):
    """The revisits that a case asks for once it is solved, and their rule (D2).

    `due_at` is the latest time of each, local, if the work were done when `solve` ends; the first is counted
    from there within the limit, each further one from the one before.
    """

    count: int
    within: Limit
    due_at: tuple[datetime, ...]
    rule: str
    source: str
    requirement: str
    reasons: tuple[str, ...]


class AskedDeadlines(Struct, frozen=True):
    """Every clock of such a case, the earliest deadline first.

    All of them begin at `at` (local).

    `kind` is what was asked for, a complaint where nothing was said. `revisits` is null for the matter
    `unsorted`: nobody can say yet what such a case asks for.
    """

    regulation: str
    version: int
    matter: str
    matter_name: str
    kind: str
    urgency: str
    severity: str
    complexity: str
    care: bool
    round: int
    community: str | None
    zone: str
    at: datetime
    deadlines: tuple[DeadlineView, ...]
    revisits: AskedRevisits | None


def regulation_list(desk: Desk) -> RegulationList:
    """Every regulation there is; a broken one takes nothing from the others."""
    items, broken = [], []
    for regulation_id in desk.regulations.ids():
        try:
            pack = desk.regulations.get(regulation_id)
            items.append(RegulationLine(pack.id, pack.version, pack.names))
        except RegulationError as error:
            broken.append(BrokenRegulation(regulation_id, error.message))
    return RegulationList(tuple(items), tuple(broken))


def regulation_view(regulation: Regulation) -> RegulationView:
    """One regulation as it stands."""
    return RegulationView(
        id=regulation.id,
        version=regulation.version,
        names=regulation.names,
        kinds=KINDS,
        urgencies=URGENCIES,
        severities=SEVERITIES,
        complexities=COMPLEXITIES,
        matters=tuple(regulation.matters.values()),
        rules=regulation.rules,
        revisits=regulation.revisits.rules,
        revisit_questions=regulation.revisits.questions,
        signed_off=regulation.sign_off.kinds,
        plan_confirmed=regulation.plan_confirmed.kinds,
        targets=regulation.targets,
    )


def asked_deadlines(
    desk: Desk, regulation: Regulation, asked: Asked, community: Community | None, words: Catalogue
) -> AskedDeadlines:
    """The deadlines of such a case under the regulation, by the calendar of the community.

    InvalidInputError names what exists for a matter, kind, urgency, severity or complexity that does not.
    """
    place = community or ANYWHERE
    calendar, matter = desk.calendars.of(place), regulation.matter(asked.matter)
    urgency = asked.urgency or matter.urgency
    facts = Facts(asked.kind, matter.id, urgency, asked.severity, asked.complexity, asked.care)
    share = regulation.reopen.share_of_round(asked.round)
    at = asked.at or desk.now()
    counted = (
        deadline_for(rule, at, calendar, share=share, care=regulation.care_share(rule, facts))
        for rule in regulation.rules_for(facts, staffed=calendar.staffed is not None)
    )
    deadlines = sorted(with_signing_limit(counted, (), calendar), key=lambda deadline: deadline.due_at)
    return AskedDeadlines(
        regulation=regulation.id,
        version=regulation.version,
        matter=matter.id,
        matter_name=matter.names.get(words.language, matter.names["en"]),
        kind=facts.kind,
        urgency=facts.urgency,
        severity=facts.severity,
        complexity=facts.complexity,
        care=facts.care,
        round=asked.round,
        community=community.id if community else None,
        zone=place.zone,
        at=at.astimezone(ZoneInfo(place.zone)),
        deadlines=tuple(deadline_view(deadline, calendar, regulation, words) for deadline in deadlines),
        revisits=_asked_revisits(regulation, facts, deadlines, calendar, words),
    )


def _asked_revisits(
    regulation: Regulation, facts: Facts, deadlines: Iterable[Deadline], calendar: Calendar, words: Catalogue
) -> AskedRevisits | None:
    rule, zone = regulation.revisit_rule_for(facts), ZoneInfo(calendar.zone)
    stands = facts.kind in regulation.revisits.survey_counts
    solved_at = next((deadline.due_at for deadline in deadlines if deadline.clock is Clock.SOLVE), None)
    if solved_at is None:
        return None  # nothing is solved before it is sorted
    return AskedRevisits(
        count=rule.count,
        within=rule.within,
        due_at=tuple(at.astimezone(zone) for at in revisits_due(rule, solved_at, calendar)),
        rule=rule.id,
        source=rule.source,
        requirement=rule.requirement,
        reasons=explain_revisits(rule, stands, solved_at, calendar, words),
    )
