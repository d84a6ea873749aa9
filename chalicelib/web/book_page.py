"""The pages of the answer book: what a search finds beside what to ask and say, and an entry (A14)."""

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.book import LONGEST_ANSWER, LONGEST_KEYWORDS, LONGEST_TITLE, SORTS, Entry, EntryForm
from chalicelib.domain.case.context import Context
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.errors import CommandRefusedError, ConflictError, InvalidInputError
from chalicelib.http.bodies import form_fields
from chalicelib.http.errors import status_of
from chalicelib.http.visits import Visit
from chalicelib.services.book import entries
from chalicelib.web.beside import beside
from chalicelib.web.desk_pages import framed
from chalicelib.web.form_input import Typed
from chalicelib.web.formats import short
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import Reader, go_to, page
from chalicelib.web.words import Words

REFUSED = (CommandRefusedError, ConflictError, InvalidInputError)
LONGEST = {"title": LONGEST_TITLE, "keywords": LONGEST_KEYWORDS, "answer": LONGEST_ANSWER}


def book_page(
    reader: Reader,
    visit: Visit,
    q: str = "",
    kind: str = "",
    matter: str = "",
    case: str = "",
    typed: Typed | None = None,
    refused: str = "",
    status: int = 200,
) -> Response:
    """The whole page: search, what was found, and a form for a new entry where the member may add one."""
    home = f"desk/{visit.member.community.id}"
    return page(
        reader,
        "book.html",
        status,
        **framed(reader, visit, "book"),
        **beside(reader, visit, q, kind, matter, case, whole=True),
        here=f"{reader.root}{home}/book",
        typed=typed or {},
        refused=refused,
        sorts=_sorts(reader.words),
        longest=LONGEST,
        edits=visit.member.role in entries.EDITORS,
    )


def found_part(
    reader: Reader, visit: Visit, q: str = "", kind: str = "", matter: str = "", case: str = ""
) -> Response:
    """Only what was found, for the script that asks while somebody types."""
    return page(reader, "_book.html", **beside(reader, visit, q, kind, matter, case))


def entry_page(
    reader: Reader,
    visit: Visit,
    entry_id: str,
    version: int | None = None,
    typed: Typed | None = None,
    refused: str = "",
    status: int = 200,
) -> Response:
    """An entry with its versions, and for editors the form of the next."""
    member, words = visit.member, reader.words
    view = entries.entry(wiring.desk(), wiring.book(), member, entry_id, version, words.language)
    context, zone = wiring.desk().context(member.community), member.community.zone
    newest = view.versions[0]
    return page(
        reader,
        "entry.html",
        status,
        **framed(reader, visit, "book"),
        entry=view.entry,
        sort=words.name("book_sorts", view.entry.sort),
        is_newest=view.entry.version == newest.version,
        versions=[_version(known, zone, context, words) for known in view.versions],
        book_path=f"desk/{member.community.id}/book",
        here=f"{reader.root}desk/{member.community.id}/book/{entry_id}",
        typed=typed or _typed(newest),
        refused=refused,
        sorts=_sorts(words),
        longest=LONGEST,
        edits=member.role in entries.EDITORS and newest.version > 0,
    )


def entry_form(reader: Reader, visit: Visit, entry_id: str | None) -> Response:
    """Save what was typed, and go to the entry; or show it again with what is wrong."""
    typed = form_fields(visit.request)
    try:
        form = EntryForm(
            sort=typed.get("sort", ""),
            title=typed.get("title", ""),
            answer=typed.get("answer", ""),
            keywords=typed.get("keywords", ""),
            version=int(version) if (version := typed.get("version", "0")).isdecimal() else 0,
            removed=typed.get("removed") == "yes",
        )
        saved = entries.save(wiring.desk(), wiring.book(), visit.member, entry_id, form)
    except REFUSED as error:
        community = visit.member.community
        why, status = refusal(error, community.zone, reader.words, community.phone), status_of(error)
        if entry_id is None:
            return book_page(reader, visit, typed=typed, refused=why, status=status)
        return entry_page(reader, visit, entry_id, None, typed, why, status)
    return go_to(reader, f"desk/{visit.member.community.id}/book/{saved.id}")


def _version(entry: Entry, zone: str, context: Context, words: Words) -> tuple[int, str, str]:
    by = (
        words("book.by_the_directory") if entry.by == entries.OF_THE_DIRECTORY else name_of(entry.by, context)
    )
    return entry.version, short(entry.at, zone, words), by


def _sorts(words: Words) -> list[tuple[str, str]]:
    return [(sort, words.name("book_sorts", sort)) for sort in SORTS]


def _typed(entry: Entry) -> Typed:
    return {
        "sort": entry.sort,
        "title": entry.title,
        "answer": entry.answer,
        "keywords": entry.keywords,
        "version": str(entry.version),
        "removed": "yes" if entry.removed else "",
    }
