"""The page of a month's accounts: payments, what is owed, and the statistician's signature (B9, B10)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from chalice.app import Response

from chalicelib import wiring
from chalicelib.domain.case.numbering import month_of
from chalicelib.domain.community.community import Community
from chalicelib.domain.errors import DomainError
from chalicelib.domain.money import yuan
from chalicelib.domain.work.accounts import Entry, with_one_receipt
from chalicelib.http.errors import status_of
from chalicelib.http.requests import month_asked
from chalicelib.http.visits import Visit
from chalicelib.services.accounts import MonthAccount, Signing, month_account, sign_month
from chalicelib.web.csv_file import csv_file
from chalicelib.web.desk_pages import framed
from chalicelib.web.formats import month_name, short, sortable
from chalicelib.web.refusals import refusal
from chalicelib.web.rendering import Reader, page
from chalicelib.web.words import Words

COLUMNS = ("receipt", "number", "paid_at", "paid_by", "labour", "material", "total", "signed_by")
Moment = Callable[[datetime], str]
"""How a time is written: for a reader, or for a spreadsheet."""
OF_OWED = ("number", "billed_at", "labour", "material", "total")


def money_page(
    reader: Reader, visit: Visit, asked: str | None, said: str = "", status: int = 200, *, wrong: bool = False
) -> Response:
    """The accounts of a month; `said` is what became of a signing."""
    words, place = reader.words, visit.member.community
    found = month_account(wiring.desk(), wiring.accounts(), visit.member, _month(visit, asked))
    here = f"desk/{place.id}/accounts"

    def on_page(at: datetime) -> str:
        return short(at, place.zone, words)

    return page(
        reader,
        "accounts.html",
        status,
        **framed(reader, visit, "accounts"),
        title=f"{words('accounts.title')} · {month_name(found.month, words)}",
        month=f"{found.month[:4]}-{found.month[4:]}",
        here=f"{reader.root}{here}",
        list_path=here,
        said=said,
        wrong=wrong,
        columns=[words(f"accounts.{name}") for name in COLUMNS],
        rows=_paid(found.entries, place, words, on_page),
        sum=_sum(found.entries, words),
        owed_columns=[words(f"accounts.{name}") for name in OF_OWED],
        owed=_owed(found.owed, on_page),
        owed_sum=words(
            "accounts.sum", count=len(found.owed), total=yuan(sum(entry.total_fen for entry in found.owed))
        ),
        stands=_stands(found, place, words),
        can_sign=found.refused is None,
        why_not=refusal(found.refused, place.zone, words, place.phone) if found.refused else "",
    )


def sign_form(reader: Reader, visit: Visit, asked: str) -> Response:
    """The form that signs a month; the page again with what became of it."""
    words, place = reader.words, visit.member.community
    month = month_asked(asked)
    try:
        done = sign_month(wiring.desk(), wiring.accounts(), visit.member, month)
    except DomainError as error:
        why = refusal(error, place.zone, words, place.phone)
        return money_page(reader, visit, asked, why, status_of(error), wrong=True)
    return money_page(reader, visit, asked, _done(done, place, words), wrong=bool(done.left))


def money_export(reader: Reader, visit: Visit, asked: str | None) -> Response:
    """The payments of a month as CSV, what is owed below."""
    words, place = reader.words, visit.member.community
    found = month_account(wiring.desk(), wiring.accounts(), visit.member, _month(visit, asked))

    def in_file(at: datetime) -> str:
        return sortable(at, place.zone)

    table = [
        [words(f"accounts.{name}") for name in COLUMNS],
        *_paid(found.entries, place, words, in_file),
        [],
        [words("accounts.owed")],
        [words(f"accounts.{name}") for name in OF_OWED],
        *_owed(found.owed, in_file),
    ]
    return csv_file(table, f"{place.id}-accounts-{found.month}.csv")


def _paid(entries: Sequence[Entry], place: Community, words: Words, moment: Moment) -> list[list[str]]:
    shared = with_one_receipt(entries)
    return [
        [
            _gone_back(entry, _receipt(entry, shared.get(entry.receipt, ()), words), place, words),
            entry.number,
            moment(entry.paid_at) if entry.paid_at else "",
            _name(entry.paid_by, place),
            *_amounts(entry),
            _name(entry.signed_by, place) if entry.signed_by else "–",
        ]
        for entry in entries
    ]


def _receipt(entry: Entry, numbers: tuple[str, ...], words: Words) -> str:
    """The receipt of a payment, and the other cases that it stands for: who signs sees it before."""
    others = [number for number in dict.fromkeys(numbers) if number != entry.number]
    if not others:
        return entry.receipt
    return words("accounts.shared", receipt=entry.receipt, numbers=words("page.list_comma").join(others))


def _sum(entries: Sequence[Entry], words: Words) -> str:
    """What was taken in the month, and what of it goes back."""
    total = words("accounts.sum", count=len(entries), total=yuan(sum(entry.total_fen for entry in entries)))
    back = [entry.total_fen for entry in entries if entry.goes_back]
    return words("accounts.sum_back", sum=total, count=len(back), back=yuan(sum(back))) if back else total


def _gone_back(entry: Entry, receipt: str, place: Community, words: Words) -> str:
    """The receipt, with that of the money that was given back; or that it has still to go."""
    if entry.given_back_at is not None:
        at = short(entry.given_back_at, place.zone, words)
        return words("accounts.given_back", receipt=receipt, at=at, back=entry.back)
    return words("accounts.to_give_back", receipt=receipt) if entry.goes_back else receipt


def _owed(entries: Iterable[Entry], moment: Moment) -> list[list[str]]:
    return [[entry.number, moment(entry.billed_at), *_amounts(entry)] for entry in entries]


def _amounts(entry: Entry) -> tuple[str, str, str]:
    return yuan(entry.labour_fen), yuan(entry.material_fen), yuan(entry.total_fen)


def _name(username: str, place: Community) -> str:
    person = place.person(username)
    return person.name if person else username


def _stands(found: MonthAccount, place: Community, words: Words) -> str:
    """Who signed the month, and whether anything came in after it."""
    if found.signed is None:
        return words("accounts.unsigned")
    at, by = short(found.signed.at, place.zone, words), _name(found.signed.by, place)
    said = words(
        "accounts.signed", by=by, at=at, count=found.signed.count, total=yuan(found.signed.total_fen)
    )
    if not found.later:
        return said
    return said + words("page.between_sentences") + words("accounts.later", count=found.later)


def _done(done: Signing, place: Community, words: Words) -> str:
    if not done.left:
        return words("accounts.done")
    said = [words("accounts.left", count=done.left)]
    for number, error in done.refused:
        said.append(f"{number}{words('page.colon')}{refusal(error, place.zone, words, place.phone)}")
    return words("page.between_sentences").join(said)


def _month(visit: Visit, asked: str | None) -> str:
    return month_asked(asked) if asked else month_of(wiring.desk().now(), visit.member.community.zone)
