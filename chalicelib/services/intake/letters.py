"""What a mail becomes: a case, words on the case that it answers, or something for the desk to look at (A1).

The mail is kept as it came before anything is written, under a name that its id makes, and the case names
it: so whoever may know who reported the case has the whole of it, attachments too (recordings.py).
The same mail again makes the same names, the same key and the same commands, and so nothing new.

A mail is a stranger's report: its sender has proved nothing, and counts as such for the messages that it
causes. It is added to a case that it answers only where its sender is that of the case and its own domain
says that it comes from there; else it is a case of its own, which names the other.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.case import GOES_ON, Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Channel
from chalicelib.domain.case.recordings import letter_name
from chalicelib.domain.community.roles import RESIDENT, Actor, Role
from chalicelib.domain.errors import InvalidInputError, NotFoundError
from chalicelib.domain.intake.call_forms import HearForm
from chalicelib.domain.intake.letter import LONGEST_TEXT, Checks, Held, Letter, why_held
from chalicelib.domain.intake.new_case import LONGEST_EVIDENCE, MOST_EVIDENCE, NewCase
from chalicelib.domain.texts import quoted
from chalicelib.services.access.stranger_limits import Counted, RateLimit, RateLimitError, count
from chalicelib.services.desk import Desk
from chalicelib.services.files.handing_in import Part, attach
from chalicelib.services.intake.calls import pieces
from chalicelib.services.intake.held_names import keep_held
from chalicelib.services.intake.register import check, register

MAIL = Actor(Role.SYSTEM, "mail")
"""Whoever adds the words of a mail to a case: no person."""

OF_ONE_SENDER = RateLimit(20, timedelta(hours=1))
"""So many mails of one sender are taken; what is beyond waits for the desk, as a machine's might (ours)."""


class Taken(Struct, frozen=True):
    """What became of a mail: the number of its case, or why it waits. `added` to a case that there was."""

    number: str | None = None
    added: bool = False
    held: Held | None = None


def take_letter(
    desk: Desk,
    context: Context,
    letter: Letter,
    raw: bytes,
    checks: Checks,
    arrived_at: datetime,
    parts: Iterable[Part] = (),
) -> Taken:
    """Take a mail in with its files, or keep it for the desk to see.

    BusyError or ConflictError: send it again.
    """
    why = why_held(letter, checks)
    if why is None:
        try:
            sender = letter.sender.casefold()
            count(desk, [Counted("letters", sender, OF_ONE_SENDER, "mails from this address")])
        except RateLimitError:
            why = Held.MANY
    is_new = not checks.genuine or _answered(desk, context, letter) is None
    if why is None and context.community.closed and is_new:
        why = Held.CLOSED
    if why is not None:
        return hold(desk, context.community.id, letter.id, why, raw, arrived_at)
    return admit(desk, context, letter, raw, parts, genuine=checks.genuine)


def hold(desk: Desk, community: str, letter: str, why: Held, raw: bytes, arrived_at: datetime) -> Taken:
    """Keep a mail for the desk to look at."""
    keep_held(desk, community, why, letter, raw, arrived_at)
    return Taken(held=why)


def admit(
    desk: Desk, context: Context, letter: Letter, raw: bytes, parts: Iterable[Part], *, genuine: bool
) -> Taken:
    """Make a case of a mail, or add it to the one that it answers; again it is the same.

    Its files go where those of a form go (A3). What is no picture, film, sound or PDF stays in the mail as
    it came, and the case says so (`left_out`).
    """
    name = letter_name(context.community.id, letter.id)
    desk.recordings.keep(name, raw)
    said, further = pieces(letter.said)
    left_out = (quoted("text", f"> {LONGEST_TEXT}"),) if len(letter.text) >= LONGEST_TEXT else ()
    about = _answered(desk, context, letter) if genuine else None
    if about is not None:
        form = HearForm(text=said, recording=name, left_out=left_out)
        about = _heard(desk, about, letter, (form, *(HearForm(text=piece) for piece in further)))
        _with_files(desk, about, letter, parts)
        return Taken(about.number, added=True)
    new = NewCase(
        channel=Channel.EMAIL,
        text=said,
        email=letter.sender or None,
        name=letter.name or None,
        follows=letter.answers[0] if letter.answers else None,
        evidence=tuple(line[:LONGEST_EVIDENCE] for line in letter.attachments[:MOST_EVIDENCE]),
        recording=name,
        contacted_at=letter.sent_at,
    )
    try:
        check(desk, context, RESIDENT, new)
    except InvalidInputError:  # the sender's clock
        new = replace(new, contacted_at=None)
    # Of an origin of its own, so that its sender, who cannot be asked, is never asked whether it is another.
    receipt = register(desk, context, RESIDENT, new, f"mail#{letter.id}", b"", left_out, letter.id[:16])
    case = _heard(desk, receipt.case, letter, tuple(HearForm(text=piece) for piece in further))
    _with_files(desk, case, letter, parts)
    return Taken(case.number)


def _answered(desk: Desk, context: Context, letter: Letter) -> Case | None:
    """The case that a mail answers: of the numbers in it one that goes on and was reported by its sender."""
    for number in letter.answers[:3]:
        try:
            case = desk.cases.get(context.community.id, number)
        except NotFoundError:
            continue
        added = letter_name(case.community, letter.id) in case.report.recordings
        is_theirs = (case.report.email or "").casefold() == letter.sender.casefold()
        if is_theirs and (added or (case.state in GOES_ON and not case.erased)):
            return case
    return None


def _heard(desk: Desk, case: Case, letter: Letter, forms: tuple[HearForm, ...]) -> Case:
    for place, form in enumerate(forms):
        command: Command[object] = Command("hear", MAIL, desk.now(), f"hear#{letter.id}.{place}", form)
        case = desk.carry_out(case, command).case
    return case


def _with_files(desk: Desk, case: Case, letter: Letter, parts: Iterable[Part]) -> None:
    case, left = attach(desk, case, letter.id, parts)
    if left:
        form = HearForm(left_out=left)
        command: Command[object] = Command("hear", MAIL, desk.now(), f"hear#{letter.id}.files", form)
        desk.carry_out(case, command)
