"""The page of what others than residents bear: each case, the sums, what nobody has priced (B9, G12)."""

from urllib.parse import urlencode

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.community.community import Member
from chalicelib.domain.money import yuan
from chalicelib.domain.work.borne import Borne, Sums
from chalicelib.domain.work.warranty import Payer
from chalicelib.http.requests import month_asked
from chalicelib.http.visits import Visit
from chalicelib.services.accounts import BorneList, borne_list
from chalicelib.web.cost_lines import how_priced
from chalicelib.web.csv_file import csv_file
from chalicelib.web.desk_pages import framed
from chalicelib.web.formats import month_name
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

MOST_SHOWN = 200
"""So many cases the page shows; the file has them all (ours)."""

OF_CASES = ("accounts.number", "export.cost", "accounts.labour", "accounts.material", "accounts.total",
            "borne.claimed", "borne.document", "borne.paid", "borne.receipts")  # fmt: skip
OF_MONTHS = ("borne.month", "borne.count", "borne.unpriced", "accounts.labour", "accounts.material",
             "accounts.total", "borne.claimed", "borne.paid")  # fmt: skip


def borne_page(reader: Reader, visit: Visit, party: str | None, asked: str | None) -> Response:
    """What a party bears, of all months or of one; the developer unless another is asked for."""
    words, place = reader.words, visit.member.community
    found = _found(visit.member, party, asked)
    here = f"desk/{place.id}/borne"
    query = urlencode({"payer": found.party, **({"month": asked} if asked else {})})
    return page(
        reader,
        "borne.html",
        **framed(reader, visit, "accounts"),
        title=words("borne.open", payer=words.name("payers", found.party)),
        month=asked or "",
        payer=found.party,
        payers=[(one, words.name("payers", one)) for one in Payer],
        here=f"{reader.root}{here}",
        list_path=here,
        said=_said(found.sums, words),
        columns=[words(name) for name in OF_CASES],
        rows=[_case(borne, words) for borne in found.cases[:MOST_SHOWN]],
        cut=words("borne.cut", most=MOST_SHOWN) if len(found.cases) > MOST_SHOWN else "",
        month_columns=[words(name) for name in OF_MONTHS],
        months=[_month(month, sums, words) for month, sums in found.months] if not asked else [],
        export=f"{here}/export?{query}",
    )


def borne_export(reader: Reader, visit: Visit, party: str | None, asked: str | None) -> Response:
    """The same as CSV: every case, its amounts, and the sums below."""
    words, place = reader.words, visit.member.community
    found = _found(visit.member, party, asked)
    table = [
        [words(name) for name in OF_CASES],
        *(_case(borne, words) for borne in found.cases),
        [],
        [words(name) for name in OF_MONTHS],
        *(_month(month, sums, words) for month, sums in found.months if found.month in {"", month}),
        [],
        *([line] for line in _said(found.sums, words)),
    ]
    return csv_file(table, f"{place.id}-{found.party}-{found.month or 'all'}.csv")


def _found(member: Member, party: str | None, asked: str | None) -> BorneList:
    month = month_asked(asked) if asked else ""
    return borne_list(wiring.accounts(), member, party or Payer.DEVELOPER, month)


def _said(sums: Sums, words: Words) -> list[str]:
    """The sums in sentences; what is not in them is said, and counted."""
    if not sums.count:
        return [words("borne.none")]
    amounts = yuan(sums.total_fen), yuan(sums.labour_fen), yuan(sums.material_fen)
    total, labour, material = amounts
    said = [words("borne.sum", count=sums.count, total=total, labour=labour, material=material)]
    if sums.unpriced:
        said.append(words("borne.unpriced_count", count=sums.unpriced))
    if sums.claimed_fen:
        left, claimed = yuan(sums.claimed_fen - sums.paid_fen), yuan(sums.claimed_fen)
        said.append(words("borne.of_claims", claimed=claimed, paid=yuan(sums.paid_fen), left=left))
    return said


def _case(borne: Borne, words: Words) -> list[str]:
    amounts = (borne.labour_fen, borne.material_fen, borne.total_fen)
    return [
        borne.number,
        how_priced(borne, words),
        *(yuan(fen) if borne.lines else "" for fen in amounts),
        yuan(borne.claimed_fen) if borne.document else "",
        borne.document,
        yuan(borne.paid_fen) if borne.receipts else "",
        words.listed(borne.receipts),
    ]


def _month(month: str, sums: Sums, words: Words) -> list[str]:
    amounts = (sums.labour_fen, sums.material_fen, sums.total_fen, sums.claimed_fen, sums.paid_fen)
    return [month_name(month, words), str(sums.count), str(sums.unpriced), *map(yuan, amounts)]
