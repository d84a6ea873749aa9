"""The pages of what people decided otherwise than the triage, and of the audit's sample (A8)."""

from collections.abc import Iterator
from typing import Any

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.looks import LookAt
from chalicelib.domain.case.numbering import month_of
from chalicelib.domain.community.roles import RESIDENT
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.http.cursors import seal, unseal
from chalicelib.http.requests import month_asked
from chalicelib.http.visits import Visit
from chalicelib.services.views.sorted_cases import Sorted, SortedCase, corrections, is_unsure, sample
from chalicelib.web.csv_file import csv_file
from chalicelib.web.desk_pages import framed
from chalicelib.web.formats import month_name, short
from chalicelib.web.proposals import named
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

LINES = 100
"""How many lines of the register a page looks through."""
MOST_LINES = 5000
"""How many lines of the register an export looks through: more cases than a community has in a month."""
LISTS = {"corrections": corrections, "audit": sample}


def sorted_page(reader: Reader, visit: Visit, which: str, month: str | None, cursor: str | None) -> Response:
    """The corrected cases of a month, or those of the audit, in order of number."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    home = f"desk/{member.community.id}/{which}"
    asked = _month(visit, month)
    listing = "\0".join((which, member.community.id, member.username, asked))
    found, read = LISTS[which](desk, member, asked, LINES, unseal(desk.codes, listing, cursor))
    further = seal(desk.codes, listing, found.cursor)
    context = desk.context(member.community)
    return page(
        reader,
        "corrections.html",
        **framed(reader, visit, "corrections"),
        title=f"{words(f'triage.{which}')} · {month_name(asked, words)}",
        lead=words(f"triage.{which}_lead"),
        month=f"{asked[:4]}-{asked[4:]}",
        counted=words(f"triage.{which}_counted", read=read, found=len(found.items)),
        lines=[_line(case, context, words) for case in found.items],
        list_path=home,
        case_path=f"desk/{member.community.id}/cases",
        other=(f"desk/{member.community.id}/{OTHER[which]}", words(f"triage.{OTHER[which]}")),
        export=f"desk/{member.community.id}/corrections/export?month={asked[:4]}-{asked[4:]}",
        more=f"{home}?month={asked}&cursor={further}" if further else "",
        here=f"{reader.root}{home}",
    )


OTHER = {"corrections": "audit", "audit": "corrections"}


def corrections_file(visit: Visit, month: str | None) -> Response:
    """The corrections of a month as a table for a spreadsheet: so the lexicon grows."""
    asked = _month(visit, month)
    names = Sorted.__struct_fields__
    heads = [f"{what}_{name}" for what in ("proposed", "decided") for name in names]
    table = [["number", "text", "because_of", *heads, "decided_by", "decided_at"]]
    for case in _corrected(visit, asked):
        both = [getattr(side, name) or "" for side in (case.proposed, case.decided) for name in names]
        at = case.decided_at.isoformat() if case.decided_at else ""
        table.append([case.number, case.text or "", " ".join(case.words), *both, case.decided_by or "", at])
    return csv_file(table, f"corrections-{visit.member.community.id}-{asked}.csv")


def _corrected(visit: Visit, month: str) -> Iterator[SortedCase]:
    desk, cursor, looked_at = wiring.desk(), None, 0
    while looked_at < MOST_LINES:
        found, read = corrections(desk, visit.member, month, LINES, cursor, LookAt.EXPORT)
        yield from found.items
        cursor, looked_at = found.cursor, looked_at + max(read, 1)
        if cursor is None:
            return


def _month(visit: Visit, month: str | None) -> str:
    zone = visit.member.community.zone
    return month_asked(month) if month else month_of(wiring.desk().now(), zone)


def _line(case: SortedCase, context: Context, words: Words) -> dict[str, Any]:
    return {
        "number": case.number,
        "text": case.text or words("page.without_words"),
        "proposed": _proposed(case.proposed, context, words),
        "decided": _named(case.decided, context, words) if case.decided else words("triage.undecided"),
        "by": _who(case, context, words),
        "words": words.listed(case.words),
        "judged": _judged(case, context, words),
    }


def _proposed(proposed: Sorted | None, context: Context, words: Words) -> str:
    if proposed is None:
        return words("page.none")
    return words("triage.was_unsure") if is_unsure(proposed) else _named(proposed, context, words)


def _named(about: Sorted, context: Context, words: Words) -> str:
    given = (about.kind or "", about.matter or "", about.urgency or "", about.severity or "")
    return named(*given, context, words)


def _who(case: SortedCase, context: Context, words: Words) -> str:
    """By whom and when it was decided; empty while nobody has."""
    if case.decided_by is None or case.decided_at is None:
        return ""
    who = words("triage.by_resident") if case.decided_by == RESIDENT.id else name_of(case.decided_by, context)
    return words("triage.decided_by", who=who, at=short(case.decided_at, context.community.zone, words))


def _judged(case: SortedCase, context: Context, words: Words) -> str:
    """How the audit judged it; empty while it has not."""
    if case.judged is None or case.decided is None:
        return ""
    who = name_of(case.judged.by, context)
    if case.judged.right:
        return words("triage.judged_right", who=who)
    would, stands = case.judged.would_be, case.decided
    merged = Sorted(*(getattr(would, n) or getattr(stands, n) for n in Sorted.__struct_fields__))
    return words("triage.judged_wrong", who=who, right=_named(merged, context, words))
