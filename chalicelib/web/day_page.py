"""The page of a handler's day: where to be when, what is due, the next act (B9, B11).

By the link of the morning it stands without a sign-in, and leads to the work links of its cases.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.links import Purpose, link_for
from chalicelib.domain.community.community import Member
from chalicelib.http.bodies import form_fields
from chalicelib.http.sessions import KEY_FIELD
from chalicelib.http.visits import Visit
from chalicelib.services.access.looks import listed_to
from chalicelib.services.dispatch.sign_all import sign_all
from chalicelib.services.dispatch.together import MOST_AT_ONCE, Result
from chalicelib.services.intake.merged import carry_out
from chalicelib.services.views.day import MOST, SIGN, Day, DayRow, day_of
from chalicelib.services.views.rows import as_read
from chalicelib.web.desk_pages import framed
from chalicelib.web.form_submit import why_not
from chalicelib.web.formats import day_name, zone_name
from chalicelib.web.list_rows import rows_shown
from chalicelib.web.rendering import Reader, page
from chalicelib.web.together_page import PICKS, numbers_in
from chalicelib.web.words import Words, begun
from chalicelib.web.work_lines import map_of, onward, own_words

DAY, VISITS = "day", "visits"


def day_page(
    reader: Reader, visit: Visit, here: str, signed: Sequence[Result] = (), form_key: str = ""
) -> Response:
    """The work of the day at an address below the root; after signing also what became of each case."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    work = day_of(desk, member)
    listed_to(desk, member, tuple(row.row.line for row in work.rows), f"scope={DAY}")
    frame = framed(reader, visit, DAY) if visit.account else {"community": member.community, "alive": True}
    again = [result.number for result in signed if not result.begun]
    picks = again or [row.case.number for row in work.to_sign][:MOST_AT_ONCE]
    return page(
        reader,
        "day.html",
        **{"csrf": "", **frame},
        frame="desk_base.html" if visit.account else "base.html",
        title=words("day.title", day=day_name(work.on, words)),
        name=member.name,
        zone=zone_name(member.community.zone, words),
        parts=_parts(work, member, visit, words),
        counted=_counted(signed, words),
        refused=[_refused(result, words) for result in signed if result.begun and not result.well],
        picks=picks,
        to_sign=[_to_sign(number, work.to_sign, member, words) for number in picks],
        form_key=form_key if again else "",
        cut=words("day.cut", most=str(MOST)) if work.cut else "",
        here_path=here,
        here=f"{reader.root}{here}",
    )


def signed_at_once(reader: Reader, visit: Visit, here: str) -> Response:
    """Sign for the cases that the form names, and show the day anew."""
    desk, typed = wiring.desk(), form_fields(visit.request)
    numbers, key = numbers_in(typed.get(PICKS, "")), typed.get(KEY_FIELD) or uuid4().hex
    signed = sign_all(desk, visit.member, numbers, key, lambda *given: carry_out(desk, *given))
    return day_page(reader, visit, here, signed, key)


def _parts(work: Day, member: Member, visit: Visit, words: Words) -> list[Mapping[str, Any]]:
    """Visits, what is due, and the rest: each with its heading, where there is any."""
    named = ((VISITS, work.visits), ("due", work.due), ("rest", work.rest))
    return [
        {"name": words(f"day.{name}"), "rows": _rows(rows, member, visit, words, at=name == VISITS)}
        for name, rows in named
        if rows
    ]


def _rows(
    rows: Sequence[DayRow], member: Member, visit: Visit, words: Words, *, at: bool
) -> list[Mapping[str, Any]]:
    shown = rows_shown([row.row for row in rows], member, words)
    return [
        {**line, **_beside(row, member, visit, words, at=at)} for row, line in zip(rows, shown, strict=True)
    ]


def _beside(row: DayRow, member: Member, visit: Visit, words: Words, *, at: bool) -> Mapping[str, Any]:
    """What the day says of a case beside its line: when, the map, the page, and the next act."""
    desk, case = wiring.desk(), row.case
    context = desk.context_of(case)
    act = next((command for command in onward(case) if command in row.commands), None)
    if visit.account:
        opens = f"desk/{case.community}/cases/{case.number}"
        acts = f"{opens}?act={act}#do-{act}"
    else:
        opens = f"l/{desk.codes.code(link_for(case, Purpose.WORK, context.regulation.survey.link_days))}"
        acts = f"{opens}#do-{act}"
    return {
        "at": f"{row.visit.astimezone(ZoneInfo(case.zone)):%H:%M}" if at and row.visit else "",
        "map": map_of(as_read(member, case), context),
        "opens": opens,
        "acts": acts if act else opens,
        "act": words.command(act) if act else words("day.open"),
        "shielded": case.report.shielded,
    }


def _to_sign(number: str, rows: Sequence[DayRow], member: Member, words: Words) -> str:
    """A case that is signed for, with where it is and what it is about: a number alone tells nobody."""
    row = next((row for row in rows if row.case.number == number), None)
    if row is None:
        return number
    matter = wiring.desk().context(member.community).regulation.names_of_matter(row.row.line.matter)
    said = own_words(row.case) if not row.case.classification.is_sorted else words.of(matter or {})
    return " · ".join(part for part in (number, row.row.unit, begun(said)) if part)


def _counted(signed: Sequence[Result], words: Words) -> str:
    if not signed:
        return ""
    well = sum(result.well for result in signed)
    return words("day.signed", well=str(well), others=str(len(signed) - well))


def _refused(result: Result, words: Words) -> tuple[str, str]:
    """The number of a case that was not signed for, and why."""
    error = next(step.refused for step in result.steps if step.refused is not None)
    if result.case is None:
        return result.number, words("refusals.no_such_case")
    now = wiring.desk().cases.get(result.case.community, result.number)
    return result.number, why_not(error, now, SIGN, words)
