"""Residents' praise: given by link, shown to who gave it, and emptied when its time is over (B15, G24)."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from chalicelib.domain.case.case import Case
from chalicelib.domain.case.context import Context
from chalicelib.domain.dispatch.responsibility import name_of
from chalicelib.domain.errors import CommandRefusedError
from chalicelib.domain.follow_up import praise as rules
from chalicelib.domain.follow_up.findings import Finding
from chalicelib.domain.follow_up.praise import PraiseForm
from chalicelib.domain.intake.masking import masked
from chalicelib.services.desk import Desk
from chalicelib.services.findings.records import FindingStore


class PraiseView(Struct, frozen=True):
    """The praise of a round as its resident sees it: of whom; `given_at` is empty while it can be given."""

    name: str
    given_at: datetime | None = None
    words: str | None = None


def praise_view(store: FindingStore, case: Case, context: Context) -> PraiseView | None:
    """The praise that was given in this round, or can be; None where there can be none. One read."""
    worker = case.worker
    if worker is None or rules.why_no_praise(case) is not None:
        return None
    found = store.get(case.community, worker, rules.praise_id(case, case.round))
    name = name_of(worker, context)
    return PraiseView(name, found.at, found.words or None) if found else PraiseView(name)


def give_praise(desk: Desk, store: FindingStore, case: Case, form: PraiseForm) -> None:
    """Put a resident's praise of this round's worker on record; sent again it stays one.

    Who reads it need not know who reported (E8): name, number, mail and unit are masked in its words.
    """
    worker = case.worker
    refused = rules.why_no_praise(case)
    if worker is None or refused is not None:
        raise refused or CommandRefusedError(f"The work on case {case.number} is not done.", "nothing_done")
    made = rules.given(case, worker, masked(form.words or "", case.report), desk.now())
    if store.put(case.community, made):
        return
    before = store.get(case.community, worker, made.id)
    if before is None or before.words != made.words:
        raise CommandRefusedError(
            f"The work on case {case.number} was praised already; once a round is enough.", "praised_already"
        )


def of_case(store: FindingStore, case: Case) -> Iterator[Finding]:
    """What the resident of a case has praised, round by round; a read for each round and worker."""
    for worker, praise_id in rules.places(case):
        found = store.get(case.community, worker, praise_id)
        if found is not None:
            yield found


def erase_praise(store: FindingStore, case: Case) -> None:
    """Empty the words of a case's praise; that there was praise stays on record (G24)."""
    for found in of_case(store, case):
        praise: Finding | None = found
        while praise is not None and praise.words:
            if store.put(case.community, rules.without_words(praise)):
                break
            praise = store.get(case.community, found.about, found.id)  # a reward was recorded meanwhile
