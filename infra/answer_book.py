"""The answer book of a community as a file, for operators (A14): written out, and read in."""

import json
from pathlib import Path

import msgspec
from msgspec.structs import replace

from chalicelib.domain.book import Entry, EntryForm
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import DomainError
from chalicelib.domain.wording import check_wording
from chalicelib.services.book.entries import BookStore, save
from chalicelib.services.desk import Desk
from infra.problems import CannotGoOnError

WRITTEN = ("sort", "title", "answer", "keywords")
"""What a file has of an entry."""

OPERATOR = "operator"
"""Who saved the entries that a file brought."""


def write_out(desk: Desk, community: str, file: Path, store: BookStore) -> int:
    """Writes every entry as it stands into a JSON file, and returns the exit status."""
    desk.directory.community(community)
    entries = [_written(entry) for entry in store.entries(community) if not entry.removed]
    file.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(entries)} entries of {community} stand in {file}.")
    return 0


def read_in(desk: Desk, community: str, file: Path, store: BookStore) -> int:
    """Saves the entries of a file: those whose title is known as their next version, the others as new ones.

    An entry that says what stands already is left as it is, so a file can be read in again. Everything is
    looked at before anything is saved.

    Raises:
        CannotGoOnError: The file is no list of entries, or one of them cannot be; says which.
    """
    place = desk.directory.community(community)
    operator = Member(OPERATOR, OPERATOR, Role.MANAGER, (), place)
    known = {entry.title: entry for entry in store.entries(community)}
    saved = 0
    for form in _forms(file, desk, operator):
        before = known.get(form.title)
        if before is not None and _written(before) == _said(form) and not before.removed:
            continue
        version = before.version if before else 0
        save(desk, store, operator, before.id if before else None, replace(form, version=version))
        saved += 1
    print(f"{saved} entries of {community} were saved; the others stood so already.")
    return 0


def _forms(file: Path, desk: Desk, operator: Member) -> list[EntryForm]:
    try:
        written = json.loads(file.read_text(encoding="utf-8"))
        forms = msgspec.convert(written, list[EntryForm])
        for form in forms:
            for text in (form.title, form.answer):
                check_wording(text, desk.unwanted_in(operator.community))
    except OSError as err:
        raise CannotGoOnError(f"{file} cannot be read: {err.strerror}.") from err
    except (DomainError, ValueError) as err:  # not JSON and msgspec's own errors are ValueErrors too
        raise CannotGoOnError(f"{file}: {err}") from err
    if len({form.title for form in forms}) != len(forms):
        raise CannotGoOnError(f"{file}: a title stands in it twice; give each entry its own.")
    return forms


def _written(entry: Entry) -> dict[str, str]:
    return {name: getattr(entry, name) for name in WRITTEN}


def _said(form: EntryForm) -> dict[str, str]:
    return {name: getattr(form, name) for name in WRITTEN}
