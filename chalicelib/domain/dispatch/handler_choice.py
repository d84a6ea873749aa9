"""Which handler gets the work: always a named person (B2, G3, G6)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.about import NOBODY
from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.places import steward_of
from chalicelib.domain.community.roles import WORKERS, Role
from chalicelib.domain.dispatch.ranks import person_of_rank


class Choice(Struct, frozen=True):
    """The person chosen, and the reason, as a sentence for the record."""

    username: str
    reason: str


def handler_for(
    case: Case, context: Context, at: datetime, load: Mapping[str, int] | None = None
) -> Choice | None:
    """The handler whom the rules choose for a case (B2).

    Never somebody who declined it, or who had an earlier round (D7). A complaint about a person is for the
    supervisor, or whoever is next above and not kept away (G13). Where the regulation names a rank for the
    kind of case, somebody of that rank gets it (A13). A case that has come back as often as the regulation
    says goes to the manager. `load` is as in
    `choose_handler`.
    """
    department = case.classification.department
    if case.about != NOBODY and case.classification.urgency != "emergency":
        judge = person_of_rank(
            context.community, Role.SUPERVISOR, department, at, case.assignment.declined_by
        )
        if judge is not None:
            return Choice(judge.username, f"it is about a person; the {judge.role} looks into it")
    rank = context.regulation.handled_by.get(case.classification.kind)
    if rank is not None:
        person = person_of_rank(context.community, Role(rank), department, at, case.assignment.declined_by)
        if person is not None:
            return Choice(person.username, f"a {case.classification.kind} is for the {rank}")
    if case.returns >= context.regulation.reopen.manager_from:
        manager = person_of_rank(context.community, Role.MANAGER, department, at, case.assignment.declined_by)
        if manager is not None and manager.username not in case.assignment.declined_by:
            return Choice(manager.username, f"returned {case.returns} times; the {manager.role} takes it")
    avoid = {*case.assignment.declined_by, *(case.assignment.former_handlers if case.returns else ())}
    is_emergency = case.classification.urgency == "emergency"
    steward = None if is_emergency else steward_of(case.report.unit, context.community)
    return choose_handler(context.community, department, at, load or {}, avoid, steward)


def choose_handler(
    community: Community,
    department: str,
    at: datetime,
    load: Mapping[str, int],
    avoid: Iterable[str] = (),
    steward: Staff | None = None,
) -> Choice | None:
    """The handler for a new piece of work in a department (B2).

    First the building's `steward`, who works in the department and is there, whatever their load.
    On duty before off duty, then the fewest open cases (`load`: username → open cases), then the directory's
    order: Li and Wang on duty with 3 and 2 open cases, Zhao off duty with none → Wang. Those to avoid (they
    declined, or a round of theirs came back) are passed over as long as somebody else is left in the
    department; so is whoever is on leave (B14). Then come its head, the supervisor, the manager. Where only
    those to avoid are on duty, a colleague comes first whom no roster has off duty, then the head. None only
    if the community has no such staff at all.
    """
    avoided = frozenset(avoid)
    if steward is not None and _takes(steward, department, avoided, at, community):
        return Choice(steward.username, "steward of the building")
    duty = community.on_duty(department, at)
    handlers, heads = (
        [member for member in community.with_role(role) if department in member.departments]
        for role in (Role.HANDLER, Role.DEPARTMENT_HEAD)
    )
    fresh = [
        handler
        for handler in handlers
        if handler.username not in avoided and not community.is_on_leave(handler.username, at)
    ]
    groups = [([handler for handler in fresh if handler.username in duty], "on duty")]
    why = "nobody of the department is on duty"
    if any(handler.username in avoided & duty for handler in handlers):
        # the head is there and can act now; a colleague who is off duty would find it hours later
        why = "whoever is on duty declined it or had it before"
        for colleagues in (fresh, [head for head in heads if head.username not in avoided]):
            there = [member for member in colleagues if not community.is_off_duty(member.username, at)]
            groups.append((there, why))
    groups.append((fresh, why))
    for group, reason in groups:
        if group:
            best = min(group, key=lambda member: load.get(member.username, 0))
            return Choice(best.username, f"{reason}; fewest open cases ({load.get(best.username, 0)})")
    leaders = [*heads, *community.with_role(Role.SUPERVISOR), *community.with_role(Role.MANAGER)]
    if not community.with_role(Role.MANAGER):
        leaders += community.with_role(Role.COMPANY_HEAD)
    there = [leader for leader in leaders if not community.is_on_leave(leader.username, at)]
    for leader in (*there, *leaders):
        if leader.username not in avoided:
            return Choice(
                leader.username, f"no handler of the department is left; the {leader.role} takes it"
            )
    # a case is never without a person: whoever declined it is better than nobody
    last = next(iter((*handlers, *leaders)), None)
    return Choice(last.username, "nobody else is left in the department") if last else None


def _takes(
    steward: Staff, department: str, avoided: Collection[str], at: datetime, community: Community
) -> bool:
    """Whether a case of the department is the steward's: their own work, not declined, and they are there."""
    works = steward.role in WORKERS and department in steward.departments
    return works and steward.username not in avoided and not community.is_off_duty(steward.username, at)
