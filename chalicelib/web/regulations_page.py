"""A regulation as a page: its limits in words with their sources, and every deadline of a case (C, G2)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.context import Context
from chalicelib.domain.deadlines.wording import Wording
from chalicelib.domain.errors import InvalidInputError, NotFoundError
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.domain.regulation.limits import BEFORE_SORTING, CountFrom, Limit
from chalicelib.domain.regulation.regulation import Regulation
from chalicelib.domain.regulation.rules import UNSORTED, Conditions, RevisitRule, Rule
from chalicelib.http.visits import Visit
from chalicelib.services.views.deadline_view import DeadlineView
from chalicelib.services.views.regulation_view import Asked, AskedDeadlines, asked_deadlines, regulation_list
from chalicelib.web.desk_pages import framed
from chalicelib.web.form_fields import Field, Shape, fields_of
from chalicelib.web.form_input import Typed, read
from chalicelib.web.formats import spoken_with_zone, zone_name
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

REGULATIONS = "regulations"
ASKED = ("matter", "kind", "urgency", "care", "at")
"""What the calculator asks, in its order. The way by which a report comes changes no limit."""


def regulations_page(reader: Reader, visit: Visit, pack: str | None, typed: Typed) -> Response:
    """One regulation, the community's own if none is named, with the calculator."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    own = member.community.regulation
    wanted = pack or own
    if wanted not in desk.regulations.ids():
        raise NotFoundError(f"There is no regulation {wanted[:60]!r}.")
    context = desk.context(member.community, wanted)
    fields = _fields(context, words)
    asked, mistakes = _asked(fields, typed, context, words)
    home = f"desk/{member.community.id}"
    known = regulation_list(desk)
    return page(
        reader,
        "regulations.html",
        400 if mistakes else 200,
        **framed(reader, visit, REGULATIONS),
        title=words.of(context.regulation.names),
        own=wanted == own,
        version=words("regulations.version", version=str(context.regulation.version)),
        packs=[(line.id, words.of(line.names)) for line in known.items],
        broken=[broken.problem for broken in known.broken],
        pack=wanted,
        fields=fields,
        values=typed,
        mistakes=mistakes,
        zone=zone_name(member.community.zone, words),
        answer=_answer(asked, words) if asked else None,
        groups=_groups(context, words),
        plan_confirmed=words.listed(
            words.name("kinds", kind) for kind in context.regulation.plan_confirmed.kinds
        ),
        sign_off=words.listed(words.name("kinds", kind) for kind in context.regulation.sign_off.kinds),
        revisits=[_revisit(rule, context, words) for rule in context.regulation.revisits.rules],
        list_path=f"{home}/regulations",
        here=f"{reader.root}{home}/regulations",
    )


def _fields(context: Context, words: Words) -> tuple[Field, ...]:
    known = {field.name: field for field in fields_of(NewCase, "register", context, words, ASKED)}
    empty = {"kind": words("regulations.a_complaint"), "urgency": words("regulations.matters_own")}

    def field(name: str) -> Field:
        drawn = known.get(name)
        return Field(
            name=name,
            label=words(f"regulations.{name}"),
            hint="",
            shape={"care": Shape.YES_NO, "at": Shape.MOMENT}.get(name, Shape.CHOICE),
            required=name == "matter",
            choices=drawn.choices if drawn else (),
            groups=drawn.groups if drawn else (),
            empty=empty.get(name, ""),
        )

    return tuple(field(name) for name in ASKED)


def _asked(
    fields: Iterable[Field], typed: Typed, context: Context, words: Words
) -> tuple[AskedDeadlines | None, Mapping[str, str]]:
    """The deadlines that are asked for, or what has to be mended; neither where nothing is."""
    if not any(typed.get(name) for name in ASKED):
        return None, {}
    given = read(fields, typed, context.community.zone, words)
    if given.mistakes:
        return None, given.mistakes
    said = {name: value for name, value in given.values.items() if value is not None}
    try:
        wanted = Asked(**said)
        found = asked_deadlines(wiring.desk(), context.regulation, wanted, context.community, words.shared)
    except InvalidInputError:
        return None, {"matter": words("mistakes.choice", field=words("regulations.matter"))}
    return found, {}


def _answer(found: AskedDeadlines, words: Words) -> dict[str, Any]:
    def line(deadline: DeadlineView) -> dict[str, Any]:
        return {
            "clock": words.name("clocks", deadline.clock),
            "due": spoken_with_zone(deadline.due_at, found.zone, words),
            "reasons": deadline.reasons or (),
        }

    facts = (("kinds", found.kind), ("urgencies", found.urgency))
    said = [found.matter_name, *(words.name(group, value) for group, value in facts)]
    revisits = found.revisits
    return {
        "of": " · ".join(said),
        "at": words("regulations.from", moment=spoken_with_zone(found.at, found.zone, words)),
        "deadlines": [line(deadline) for deadline in found.deadlines],
        "revisits": [spoken_with_zone(at, found.zone, words) for at in revisits.due_at] if revisits else [],
        "revisit_reasons": revisits.reasons if revisits else (),
    }


def _groups(context: Context, words: Words) -> list[tuple[str, list[dict[str, str]]]]:
    """The rules by their clock; each with its cases, limit and origin."""
    groups: dict[str, list[dict[str, str]]] = {}
    for rule in context.regulation.rules:
        for part in rule.limits():
            groups.setdefault(words.name("clocks", part.clock), []).append(_rule(part, context, words))
    return list(groups.items())


def _rule(rule: Rule, context: Context, words: Words) -> dict[str, str]:
    say = Wording(words.shared)
    return {
        "cases": _cases(rule.when, context.regulation, words, unsorted=rule.clock in BEFORE_SORTING),
        "limit": _limit(rule.limit, context, words),
        "origin": say.origin(rule.source, rule.requirement, say.why_ours(rule)),
        "id": rule.id,
    }


def _revisit(rule: RevisitRule, context: Context, words: Words) -> dict[str, str]:
    say = Wording(words.shared)
    said = {
        "count": words.shared.counted("revisits.count", rule.count),
        "limit": _amount(rule.within, context, words),
        "counted": _counted(rule.within, words),
    }
    several = "regulations.revisits_within" if rule.count > 1 else "regulations.revisit_within"
    return {
        "cases": _cases(rule.when, context.regulation, words),
        "limit": words(several, **said) if rule.count else words("regulations.none"),
        "origin": say.origin(rule.source, rule.requirement, say.why_ours(rule)),
        "id": rule.id,
    }


def _limit(limit: Limit, context: Context, words: Words) -> str:
    return _amount(limit, context, words) + _counted(limit, words)


def _amount(limit: Limit, context: Context, words: Words) -> str:
    calendar = context.calendar
    return Wording(words.shared).amount(limit, calendar.working_day, staffed=calendar.staffed is not None)


def _counted(limit: Limit, words: Words) -> str:
    """Whether the day itself counts, where the limit says so."""
    counted = {CountFrom.NEXT_DAY: "regulations.next_day", CountFrom.END_OF_DAY: "regulations.end_of_day"}
    return words(counted[limit.count]) if limit.count in counted else ""


def _cases(when: Conditions, regulation: Regulation, words: Words, *, unsorted: bool = False) -> str:
    """The cases of a rule, as its conditions have them; `unsorted`: those that nobody has sorted too."""
    parts = [
        _matters(when.matters, regulation, words, unsorted=unsorted),
        words.listed(words.name("kinds", kind) for kind in when.kinds),
        words.listed(words.name("urgencies", urgency) for urgency in when.urgencies),
        _levels("severity", "severities", when.severities, words),
        _levels("complexity", "complexities", when.complexities, words),
        words("regulations.care") if when.care else "",
    ]
    return " · ".join(part for part in parts if part) or words("regulations.every_case")


def _levels(of: str, group: str, levels: Iterable[str], words: Words) -> str:
    """Levels with what they are levels of: "general" stands for several things in a row."""
    said = words.listed(words.name(group, level) for level in levels)
    return words(f"regulations.{of}", named=said) if said else ""


def _matters(matters: Collection[str], regulation: Regulation, words: Words, *, unsorted: bool) -> str:
    """The matters of a rule; where these are fewer, those that it is not for."""

    def named(wanted: Iterable[str]) -> str:
        return words.listed(words.of(names) for one in wanted if (names := regulation.names_of_matter(one)))

    possible = [one for one in regulation.matters if unsorted or one != UNSORTED]
    others = [one for one in possible if one not in matters]
    fewer = len(others) < len(matters)
    return words("regulations.all_but", matters=named(others)) if fewer and others else named(matters)
