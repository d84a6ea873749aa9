"""The choices of the fields that have some: code words, and what the reader sees."""

from collections.abc import Callable, Iterable, Mapping

from chalicelib import wiring
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Channel, RevisitOutcome
from chalicelib.domain.case.measures import SORTS
from chalicelib.domain.case.spoken import DELIVERED, MANNERS
from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.places import Scope
from chalicelib.domain.community.roles import WORKERS, Role
from chalicelib.domain.dispatch.assignment import can_work
from chalicelib.domain.dispatch.department_names import department_name as name_of_department
from chalicelib.domain.follow_up.forms import SECOND_OUTCOMES
from chalicelib.domain.intake.identification import is_person
from chalicelib.domain.regulation.rules import CATEGORIES, COMPLEXITIES, KINDS, NATURES, SEVERITIES, URGENCIES
from chalicelib.domain.work.forms import FINDINGS
from chalicelib.domain.work.order_forms import QUALITIES
from chalicelib.domain.work.warranty import Payer
from chalicelib.web.alarm_lines import services_shown
from chalicelib.web.order_lines import item_line
from chalicelib.web.words import Words, named_languages

Choices = tuple[tuple[str, str], ...]
"""(value, what the reader sees) of each option."""


def choices_of(qualified: str, name: str, context: Context, words: Words) -> Choices:
    """The options of a field that has some.

    `command.field` goes before the field of that name in any command.
    """
    maker = _CHOICES.get(qualified) or _CHOICES.get(name)
    return maker(context, words) if maker else ()


def is_chosen(command: str, name: str) -> bool:
    """Whether a field is chosen in that form: what is sent is a code word."""
    return name in _CHOICES or f"{command}.{name}" in _CHOICES


def _named(group: str, values: Iterable[object]) -> Callable[[Context, Words], Choices]:
    known = tuple(str(value) for value in values)

    def choices(_: Context, words: Words) -> Choices:
        return tuple((value, words.name(group, value)) for value in known)

    return choices


def _matters(context: Context, words: Words) -> Choices:
    return tuple((matter.id, words.of(matter.names)) for matter in context.regulation.sortable)


def matters_by_category(context: Context, words: Words) -> tuple[tuple[str, Choices], ...]:
    known = context.regulation.matters
    groups = []
    for category in CATEGORIES:
        choices = tuple(
            choice for choice in _matters(context, words) if known[choice[0]].category == category
        )
        if choices:
            groups.append((words.name("categories", category), choices))
    return tuple(groups)


def _handlers(context: Context, words: Words) -> Choices:
    """Everybody to whom a case can be assigned, by department."""
    staff = context.community.staff
    return _people(
        (member for member in staff if member.active and can_work(member, context.community)), context, words
    )


def _staff(context: Context, words: Words) -> Choices:
    """Everybody whom a complaint can be about, by department; also who is kept away from it (G13)."""
    return _people((member for member in context.community.staff if is_person(member)), context, words)


def _languages(_: Context, __: Words) -> Choices:
    """The languages of messages, each as it calls itself (A11)."""
    return named_languages()


def _owners(context: Context, words: Words) -> Choices:
    """Everybody who can have a measure to carry out; the command asks whether they may see the case (B12)."""
    staff = context.community.staff
    return _people((member for member in staff if member.active and member.role in WORKERS), context, words)


def _people(people: Iterable[Staff], context: Context, words: Words) -> Choices:
    def order(member: Staff) -> tuple[tuple[str, ...], bool, str]:
        return member.departments, member.role != Role.HANDLER, member.username

    def label(member: Staff) -> str:
        return f"{member.name} · {_place(member.departments, context, words)}{words.role(member.role)}"

    return tuple((member.username, label(member)) for member in sorted(people, key=order))


def _place(departments: tuple[str, ...], context: Context, words: Words) -> str:
    names = words.listed(department_name(department, context.community, words) for department in departments)
    return f"{names} " if names else ""


def department_name(department: str, community: Community, words: Words) -> str:
    """The name of a department, as whoever reads the page calls it."""
    return name_of_department(department, community, words.shared)


def department_of(username: str | None, department: str, community: Community, words: Words) -> str:
    """What comes before somebody's name who has the work of a department.

    The manager answers for all departments, and is called the manager.
    """
    member = community.member(username or "")
    if member is not None and member.role is Role.MANAGER:
        return words.role(Role.MANAGER)
    return department_name(department, community, words)


def department_names(community: Community, words: Words) -> Choices:
    """Every department of a community, in the community's order."""
    return tuple((name, department_name(name, community, words)) for name in community.departments)


def _departments(context: Context, words: Words) -> Choices:
    return department_names(context.community, words)


def _pause_reasons(context: Context, words: Words) -> Choices:
    return tuple((reason, words.name("pause_reasons", reason)) for reason in context.regulation.pause.reasons)


def _components(context: Context, words: Words) -> Choices:
    """The parts of the building that a construction's warranty knows (G12)."""
    return tuple((part.component, words.of(part.names)) for part in context.regulation.warranty.construction)


def _price_list(context: Context, words: Words) -> Choices:
    """The price list of today (B10)."""
    items = context.community.prices_at(wiring.desk().now())
    return tuple((item.id, item_line(item, words)) for item in items)


SPOKEN_ABOUT = (
    "answer",
    "agree_appointment",
    "record_agreement",
    "record_refusal",
    "record_price_request",
    "record_return",
    "record_objection",
    "record_withdrawal",
    "record_urge",
    "record_appeal",
    "record_loss",
)
"""The commands that record how somebody spoke with the resident; a revisit has its own ways."""

_CHOICES: Mapping[str, Callable[[Context, Words], Choices]] = {
    "kind": _named("kinds", KINDS),
    "matter": _matters,
    "urgency": _named("urgencies", URGENCIES),
    "severity": _named("severities", SEVERITIES),
    "complexity": _named("complexities", COMPLEXITIES),
    "nature": _named("natures", NATURES),
    "channel": _named("channels", (channel for channel in Channel if channel is not Channel.HOTLINE_IVR)),
    "language": _languages,
    "handler": _handlers,
    "person": _staff,
    "about_staff": _staff,
    "department": _departments,
    "service": services_shown,
    "pause.reason": _pause_reasons,
    "outcome": _named("outcomes", RevisitOutcome),
    "ask_again.outcome": _named("outcomes", SECOND_OUTCOMES),
    "component": _components,
    "payer": _named("payers", Payer),
    "plan_measure.sort": _named("measure_sorts", SORTS),
    "plan_measure.owner": _owners,
    "finding": _named("findings", FINDINGS),
    "price_item": _price_list,
    "quality": _named("qualities", QUALITIES),
    "scope": _named("scopes", Scope),
    "manner": _named("manners", ("phone", "visit")),
    **{f"{command}.manner": _named("manners", MANNERS) for command in SPOKEN_ABOUT},
    "post_reply.manner": _named("manners", DELIVERED),
    "score": _named("scores", (5, 4, 3, 2, 1)),
}
