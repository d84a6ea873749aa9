"""The entries of the answer book as staff search and edit them (A14)."""

from collections.abc import Iterable
from typing import Protocol
from uuid import uuid4

from msgspec import Struct

from chalicelib.domain.book import (
    LONGEST_ANSWER,
    LONGEST_KEYWORDS,
    LONGEST_TITLE,
    MOST_ENTRIES,
    MOST_FOUND,
    Entry,
    EntryForm,
    found,
)
from chalicelib.domain.case.context import Context
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import CommandRefusedError, ConflictError, NotFoundError
from chalicelib.domain.intake.outside import numbers_of
from chalicelib.domain.money import yuan
from chalicelib.domain.wording import check_wording
from chalicelib.services.desk import Desk

EDITORS = (Role.SUPERVISOR, Role.MANAGER)
"""Who edits the answer book."""

OF_THE_DIRECTORY = "directory"
"""Whose the entries are that the price list and the outside numbers make."""


class BookStore(Protocol):
    """The answer books of the communities."""

    def entries(self, community: str) -> tuple[Entry, ...]:
        """Every entry as it stands, removed ones too; one query."""

    def versions(self, community: str, entry_id: str) -> tuple[Entry, ...]:
        """All versions of an entry, the oldest first; none if it never was."""

    def put(self, community: str, entry: Entry) -> bool:
        """Store the next version of an entry; False if another one is stored already."""


class BookView(Struct, frozen=True):
    """What a search has found, the best first; `more` are left out."""

    items: tuple[Entry, ...]
    more: int


class EntryView(Struct, frozen=True):
    """An entry in one version, with all that it was before, the newest first."""

    entry: Entry
    versions: tuple[Entry, ...]


def search(
    desk: Desk, store: BookStore, member: Member, asked: str, most: int = MOST_FOUND, language: str = ""
) -> BookView:
    """The entries that fit what is asked, also of price list and outside numbers.

    These have their names in `language`; in their first one where it is left out.
    """
    context = desk.context(member.community)
    every = found((*store.entries(member.community.id), *of_the_directory(desk, context, language)), asked)
    return BookView(every[:most], max(len(every) - most, 0))


def entry(
    desk: Desk,
    store: BookStore,
    member: Member,
    entry_id: str,
    version: int | None = None,
    language: str = "",
) -> EntryView:
    """An entry as it stands, or in a version; NotFoundError where there is none.

    What price list and outside numbers make has version 0, and none before.
    """
    versions: Iterable[Entry] = store.versions(member.community.id, entry_id)
    if not versions:
        made = of_the_directory(desk, desk.context(member.community), language)
        versions = tuple(entry for entry in made if entry.id == entry_id)
    wanted = [entry for entry in versions if version in {None, entry.version}]
    if not wanted:
        raise NotFoundError(f"The answer book has no entry '{entry_id[:20]}' in that version.")
    return EntryView(wanted[-1], tuple(reversed(tuple(versions))))


def save(desk: Desk, store: BookStore, member: Member, entry_id: str | None, form: EntryForm) -> Entry:
    """Save an entry as its next version; the ones before stay readable.

    Raises InvalidInputError for a word that is not said to residents, ConflictError where somebody else has
    saved it meanwhile, CommandRefusedError where the book is full, NotFoundError for an entry that never was.
    """
    for text in (form.title, form.answer):
        check_wording(text, desk.unwanted_in(member.community))
    known = {entry.id: entry for entry in store.entries(member.community.id)}
    if entry_id is None and sum(not entry.removed for entry in known.values()) >= MOST_ENTRIES:
        raise CommandRefusedError(
            f"The answer book has {MOST_ENTRIES} entries, as many as it takes; remove one that nobody needs.",
            "book_full",
            most=MOST_ENTRIES,
        )
    before = known.get(entry_id) if entry_id else None
    if entry_id is not None and before is None:
        raise NotFoundError(f"The answer book has no entry '{entry_id[:20]}'.")
    saved = Entry(
        id=entry_id or uuid4().hex[:8],
        version=form.version + 1,
        sort=form.sort,
        title=form.title,
        answer=form.answer,
        keywords=form.keywords,
        by=member.username,
        at=desk.now(),
        removed=form.removed,
    )
    stands = before.version if before else 0
    if stands != form.version or not store.put(member.community.id, saved):
        raise ConflictError(
            f"Somebody else has saved this entry; it is at version {stands} now. Read it again, then decide.",
            "entry_changed",
        )
    return saved


def of_the_directory(desk: Desk, context: Context, language: str) -> Iterable[Entry]:
    """The entries that nobody writes: each line of the price list, and each outside number."""
    now = desk.now()

    def made(entry_id: str, sort: str, title: str, answer: str, keywords: str = "") -> Entry:
        title, answer = title[:LONGEST_TITLE], answer[:LONGEST_ANSWER]
        return Entry(entry_id, 0, sort, title, answer, keywords, OF_THE_DIRECTORY, now)

    for item in context.community.prices_at(now):
        yield made(
            f"price.{item.id}", "fees", item.name, f"{item.name} ¥{yuan(item.fee_fen)}/{item.unit_name}"
        )
    for number in numbers_of(context):
        names = tuple(number.names.values())
        name = number.names.get(language, names[0])
        keywords = " ".join(other for other in names if other != name)[:LONGEST_KEYWORDS]
        yield made(f"outside.{number.id}", "outside", name, f"{name} {number.phone}", keywords)
