"""What stands beside a form or a case: what to ask and say, and what the answer book has (A14)."""

from typing import Any

from chalicelib import wiring
from chalicelib.domain.book import MOST_ENTRIES, MOST_FOUND, Entry
from chalicelib.domain.case.case import IN_DISPATCH, Case
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import NotFoundError
from chalicelib.http.visits import Visit
from chalicelib.services.book import entries
from chalicelib.web.form_input import Typed
from chalicelib.web.guidance import guidance_of
from chalicelib.web.rendering import Reader
from chalicelib.web.words import Words, begun

INQUIRY = "inquiry"

ANSWERED = frozenset({INQUIRY, "help"})
"""The kinds of which the page of a case looks into the answer book by itself."""

BEGINNING = 60
"""How many characters of a report are looked for."""


def beside(
    reader: Reader,
    visit: Visit,
    q: str = "",
    kind: str = "",
    matter: str = "",
    case: str = "",
    *,
    whole: bool = False,
) -> dict[str, Any]:
    """What to ask and say for a matter, and what the answer book has.

    Where nothing is asked the book is not read, unless its own page shows it `whole`.
    """
    member, words = visit.member, reader.words
    most = MOST_ENTRIES if whole and not q else MOST_FOUND
    book = wiring.book()
    found = entries.search(wiring.desk(), book, member, q, most, words.language) if q or whole else None
    return {
        "q": q,
        "about": {"kind": kind, "matter": matter, "case": case},
        "guidance": guidance_of(kind or None, matter or None, member.community, words, greets=not case),
        "found": [_line(entry, words) for entry in found.items] if found else None,
        "more": found.more if found else 0,
        "book_path": f"desk/{member.community.id}/book",
        "answer_path": f"desk/{member.community.id}/cases/{case}" if case else "",
        "live": True,
    }


def beside_case(reader: Reader, visit: Visit, case: Case) -> dict[str, Any]:
    """The same on the page of a case that is worked on, for the desk.

    Where nothing was found for help that nobody asked the book about, its search stays folded.
    """
    if case.state not in IN_DISPATCH or visit.member.role is Role.HANDLER:
        return {}
    about = case.classification
    asked = " ".join((case.report.text or "").split())[:BEGINNING] if about.kind in ANSWERED else ""
    shown = beside(reader, visit, asked, about.kind, about.matter, case.number)
    return shown if shown["found"] or about.kind == INQUIRY else {**shown, "q": "", "found": None}


def answer_with(member: Member, mark: str | None) -> Typed:
    """The form of an answer as an entry of the answer book fills it in; empty if there is none such."""
    entry_id, _, version = (mark or "").partition("@")
    if not entry_id:
        return {}
    entry = _known(member, entry_id, version)
    return {"said": entry.answer, "entry": entry.mark, "manner": "phone"} if entry else {}


def _known(member: Member, entry_id: str, version: str) -> Entry | None:
    wanted = int(version) if version.isdecimal() else None
    try:
        return entries.entry(wiring.desk(), wiring.book(), member, entry_id, wanted).entry
    except NotFoundError:
        return None


def _line(entry: Entry, words: Words) -> dict[str, str]:
    """An entry as it is listed; a price or a number of the directory without its title once more."""
    answer = entry.answer if entry.version else entry.answer.removeprefix(entry.title).strip() or entry.answer
    return {
        "id": entry.id,
        "mark": entry.mark,
        "title": begun(entry.title),
        "sort": words.name("book_sorts", entry.sort),
        "answer": begun(answer),
        "phone": entry.answer.rpartition(" ")[2] if entry.sort == "outside" and not entry.version else "",
        "is_written": "yes" if entry.version else "",
    }
