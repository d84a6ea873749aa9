"""The page of the household register: the last file line by line, and the form for the next (E9)."""

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.community.households import Remark, how_many_wrong
from chalicelib.http.household_words import COLUMNS
from chalicelib.http.visits import Visit
from chalicelib.services.household_port import Load
from chalicelib.services.households.loading import LARGEST
from chalicelib.web.desk_pages import framed
from chalicelib.web.formats import short
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

WORKS = frozenset({"checking", "loading"})
"""While a file is in these states, the page looks again by itself."""


def register_page(reader: Reader, visit: Visit, refused: str = "", status: int = 200) -> Response:
    """The register's units, what became of the last file, and what is wrong in it."""
    desk, words, member = wiring.desk(), reader.words, visit.member
    community = member.community
    load, units = desk.households.load(community.id), desk.households.count(community.id)
    return page(
        reader,
        "households.html",
        status,
        **framed(reader, visit, "households"),
        here=f"{reader.root}desk/{community.id}/households",
        households_path=f"desk/{community.id}/households",
        units=words("households.none") if units is None else words("households.units", count=units),
        load=load,
        stands=_stands(load, community.zone, words) if load else "",
        remarks=[(remark.told, _said(remark, words)) for remark in load.remarks] if load else [],
        more=max(load.wrong - how_many_wrong(load.remarks), 0) if load else 0,
        again=3 if load is not None and load.state in WORKS else 0,
        columns=words.listed([_heading(headings, words) for headings in COLUMNS.values()]),
        most=LARGEST // 1_000_000,
        refused=refused,
    )


def _heading(headings: tuple[str, ...], words: Words) -> str:
    """The heading that readers of a language are told: the first is Chinese, the last is not."""
    return headings[0] if words.language.startswith("zh") else headings[-1]


def _stands(load: Load, zone: str, words: Words) -> str:
    at = short(load.at, zone, words)
    if load.state == "checked" and load.wrong:
        return words("households.wrong", at=at, count=load.wrong)
    facts = {name: getattr(load, name) for name in ("units", "people", "new", "changed", "missing")}
    return words(f"households.{load.state}", at=at, **facts)


def _said(remark: Remark, words: Words) -> str:
    """The sentence on a line, with its number; that on the whole file stands alone."""
    said = words(f"households_wrong.{remark.reason}", **remark.facts)
    return words("households.line", line=remark.line, said=said) if remark.line else said
