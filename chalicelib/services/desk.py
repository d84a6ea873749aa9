"""The desk: the stores of every use case, and the carrying out of commands."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import MaliciousConfirmed
from chalicelib.domain.case.kept_away import context_for, kept_away_from
from chalicelib.domain.case.links import links_due
from chalicelib.domain.case.numbering import month_of
from chalicelib.domain.case.outcome import Outcome
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roles import Actor
from chalicelib.domain.community.units import unit_key
from chalicelib.domain.decide import decide, was_carried_out
from chalicelib.domain.dispatch.first_asked import follower
from chalicelib.domain.dispatch.responsibility import decider
from chalicelib.domain.errors import ConflictError, NotFoundError
from chalicelib.domain.figures.about_rows import of_all
from chalicelib.domain.figures.contribution import changes
from chalicelib.domain.follow_up.sampling import needs_the_month
from chalicelib.domain.intake.audit import is_drawn
from chalicelib.domain.intake.calls import words_with
from chalicelib.domain.intake.forms import MergeForm
from chalicelib.domain.intake.identification import why_not_joined
from chalicelib.domain.intake.merging import why_not_merged_into
from chalicelib.domain.intake.same_incident import check_taken
from chalicelib.domain.intake.triage.proposal import proposal_of
from chalicelib.domain.notices.recipients import due
from chalicelib.domain.notices.wording_told import check_told
from chalicelib.domain.timers import NextStep, next_step
from chalicelib.domain.waiting import waits_of
from chalicelib.domain.wording import UnwantedWord
from chalicelib.services.case_line import line_of
from chalicelib.services.directory_port import Directory
from chalicelib.services.file_port import FileStore
from chalicelib.services.household_port import HouseholdStore
from chalicelib.services.leading import Leading, relations
from chalicelib.services.link_port import LinkStore
from chalicelib.services.ports import CaseStore, FigureStore, Now, PersonStore, SearchStore
from chalicelib.services.providers import (
    Calendars,
    Codes,
    LookStore,
    Reads,
    Recordings,
    Regulations,
    Unwanted,
    reads_nothing,
)
from chalicelib.services.records import Change, Mark

ATTEMPTS = 3
"""How often a command is tried anew when somebody else changed the case in between."""


class Carried(Struct, frozen=True):
    """A case after a command, and the next step of its workflow.

    The step is None if nobody has worked it out.
    """

    case: Case
    next_step: NextStep | None = None


class Desk(Struct, frozen=True):
    """The stores and rules of every use case; `reads` is the triage (A8), `unwanted` words not said (A14)."""

    cases: CaseStore
    directory: Directory
    figures: FigureStore
    links: LinkStore
    people: PersonStore
    looks: LookStore
    search: SearchStore
    regulations: Regulations
    calendars: Calendars
    codes: Codes
    now: Now
    recordings: Recordings
    files: FileStore
    households: HouseholdStore
    reads: Reads = reads_nothing
    unwanted: Unwanted = tuple

    @property
    def leading(self) -> Leading:
        """What finds the case that leads the incident of a place (A16)."""
        return Leading(self.cases, self.links, self.codes, self.now)

    def context(
        self, community: Community, regulation: str | None = None, version: int | None = None
    ) -> Context:
        """The context of a case: its community, regulation and calendar.

        `regulation` is the pack that the case began under (G2).
        """
        pack = self.regulations.get(regulation or community.regulation, version)
        return Context(community, pack, self.calendars.of(community))

    def context_of(self, case: Case) -> Context:
        """The context of a case: its community, without who is kept away from it, regulation and calendar."""
        return replace(self.waiting_context_of(case), is_audited=self.is_audited(case.community, case.number))

    def waiting_context_of(self, case: Case) -> Context:
        """The context for whoever only waits, without the audit's lot: it takes a secret (A8)."""
        community = self.directory.community(case.community)
        return context_for(case, self.context(community, case.regulation, int(case.regulation_version)))

    def is_audited(self, community: str, number: str) -> bool:
        """Whether the classification of a case is judged (A8): a lot that nobody can foresee or move."""
        return is_drawn(self.codes.keyed("audit", f"{community}\0{number}"))

    def with_the_month(self, context: Context, registered_at: datetime) -> Context:
        """The context with the month's samples, by kind of case: one query."""
        community = context.community
        month = month_of(registered_at, community.zone)
        return replace(context, month_counters=of_all(self.figures.month(community.id, month, "kind")))

    def change(self, outcome: Outcome, context: Context) -> Change:
        """Everything that has to be written with the outcome of a command."""
        before, after = outcome.before, outcome.after
        context = context_for(after, context)
        survey_days = context.regulation.survey.link_days
        links = links_due(before, after, survey_days)
        step, followed = next_step(after, context, outcome.pending), follower(after, context.community)
        decides = decider(after, context.community, outcome.events[-1].at)
        return Change(
            outcome=outcome,
            month=month_of(after.registered_at, after.zone),
            unit_key=self.unit_key(after.report.unit, context.community) if after.report.unit else None,
            resident_key=self.key_of_resident(after),
            line=line_of(
                after,
                context,
                step.wake_at,
                followed.username if followed else None,
                decides.username if decides else None,
                self.leading.building_key(after.report.unit, context),
                waits_of(after, context),
            ),
            next_step=step,
            figures=changes(before, after),
            notices=due(outcome, context),
            links=tuple((self.codes.hash(self.codes.code(link)), link) for link in links),
            marks=self._marks(outcome),
            **relations(outcome),
        )

    def unwanted_in(self, community: Community) -> tuple[UnwantedWord, ...]:
        """The words that are not said to the residents of a community: everybody's, and its own (A14)."""
        return (*self.unwanted(), *community.unwanted)

    def unit_key(self, unit: str, community: Community) -> str:
        """The key of a unit, however it is written; it does not show which unit."""
        return self.codes.keyed("unit", unit_key(unit, community))[:24]

    def key_of_resident(self, case: Case) -> str | None:
        """The key of whoever reported a case; None if neither phone nor mail is known."""
        reached_by = case.report.phone or (case.report.email or "").casefold()
        return self.resident_key(case.community, reached_by) if reached_by else None

    def resident_key(self, community: str, reached_by: str) -> str:
        """The key of whoever is reached by a phone number, or else a mail address."""
        return self.codes.keyed("resident", "\0".join((community, reached_by)))[:32]

    def proof_code(self, community: str, number: str, nonce: str) -> str:
        """The six digits that prove a number, made of what its message carries, stored nowhere."""
        digest = self.codes.keyed("proof", "\0".join((community, number, nonce)))
        return f"{int(digest[:15], 16) % 1_000_000:06d}"

    def _marks(self, outcome: Outcome) -> tuple[Mark, ...]:
        """The marks by which the malicious track shows (G14), and which case leads an incident (A16)."""
        key = self.key_of_resident(outcome.after)
        tracks = [event.payload for event in outcome.events if isinstance(event.payload, MaliciousConfirmed)]
        of_tracks = tuple(Mark(key, track.until, waits=False) for track in tracks) if key else ()
        return (*of_tracks, *self.leading.marks_of(outcome))

    def carry_out(self, case: Case, command: Command[object], expected_version: int | None = None) -> Carried:
        """Carry a command out on a case just read: one transaction; the case afterwards.

        If somebody else was first, the case is read anew and the command decided again, unless the caller
        insists on the version it has seen (`expected_version`): then ConflictError. A repeat of a command
        that was carried out finds what became of the first. It happens now, but never before what has
        happened already: a clock that is behind another does not turn the history of a case round.
        """
        given = command
        for attempt in range(ATTEMPTS):
            command = replace(given, at=max(given.at, case.changed_at))
            seen = expected_version is None or case.version == expected_version
            if not seen and not was_carried_out(case, command):
                raise ConflictError(
                    f"Case {case.number} is at version {case.version} now, not {expected_version}; "
                    "read it again, then decide.",
                    "stale",
                )
            context = self.context_of(case)
            if needs_the_month(case, command, context):
                context = self.with_the_month(context, case.registered_at)
            if (said := words_with(case, command)) and (read := self.reads(said, case.report)):
                context = replace(context, proposal=proposal_of(read, context.regulation))
            outcome = decide(case, command, context)
            if not outcome.events:
                return Carried(outcome.after, _step_if_known(outcome, context))
            check_told(outcome.events, self.unwanted_in(context.community))
            change = self.change(outcome, context)
            if isinstance(command.form, MergeForm):
                change = replace(change, only_if=self._goes_on(case, command.form.into, command.actor))
            if change.joins is not None:
                check_taken(self.visible_to(command.actor.id, case.community, change.joins))
            try:
                self.cases.save(change)
            except ConflictError:
                if attempt == ATTEMPTS - 1:
                    raise
                case = self.cases.get(case.community, case.number)
            else:
                return Carried(outcome.after, change.next_step)
        raise AssertionError("the loop returns or raises")

    def visible_to(self, username: str, community: str, number: str) -> Case:
        """The case of that number; NotFoundError also for whoever is kept away from it (G13)."""
        unknown = NotFoundError(f"There is no case '{number}' that you can see.")
        try:
            case = self.cases.get(community, number)
        except NotFoundError:
            raise unknown from None
        if username in kept_away_from(case, self.directory.community(community)):
            raise unknown
        return case

    def _goes_on(self, case: Case, number: str, actor: Actor) -> tuple[str, int]:
        """The number and version of a merge's target, for the transaction to ask again.

        NotFoundError or CommandRefusedError if it is none; for whoever is kept away from it, there is none.
        """
        target = self.visible_to(actor.id, case.community, number)
        if refused := why_not_joined(target) or why_not_merged_into(target):
            raise refused
        return target.number, target.version


def _step_if_known(outcome: Outcome, context: Context) -> NextStep | None:
    return None if outcome.pending is None else next_step(outcome.after, context, outcome.pending)
