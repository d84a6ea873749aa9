"""What a case is decided with: its community, regulation and calendar."""

from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

from chalicelib.domain.case.events import Classification, Proposal
from chalicelib.domain.case.figure_rows import MonthCounters
from chalicelib.domain.community.community import Community
from chalicelib.domain.deadlines.calendar import Calendar
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.domain.regulation.rules import Facts, Rule


class Context(Struct, frozen=True):
    """What a case is decided with: its community, regulation and calendar.

    `month_counters` are the figures of the case's month; it is filled only for commands that draw lots.
    `proposal` is what the triage makes of the words that a command adds to the report (A8).
    `is_audited`: the case is in the sample whose classifications are judged (A8).
    """

    community: Community
    regulation: Regulation
    calendar: Calendar
    month_counters: MonthCounters = field(default_factory=dict)
    proposal: Proposal | None = None
    is_audited: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The community's zone, for times that people read."""
        return ZoneInfo(self.community.zone)

    def rules_for(self, facts: Facts) -> tuple[Rule, ...]:
        """The rules for such a case here, in staffed hours where it has them (A7)."""
        return self.regulation.rules_for(facts, staffed=self.calendar.staffed is not None)

    def classified(self, classification: Classification) -> Classification:
        """The classification with the category and department that its matter belongs to."""
        matter = self.regulation.matter(classification.matter)
        return replace(classification, category=matter.category, department=matter.department)


def facts_of(classification: Classification) -> Facts:
    """The facts of a classification that a regulation's rules look at."""
    return Facts(
        kind=classification.kind,
        matter=classification.matter,
        urgency=classification.urgency,
        severity=classification.severity,
        complexity=classification.complexity,
        care=classification.care,
    )
