"""What a telephone call is to the desk, whatever exchange it comes through (A1, A2, G7).

A channel says with every step what it knows of the call by then, as a `Call`, and calls `take_call`:

    taken = take_call(desk, context, actor, Call(id="CA77", phone="+8613800138000", kind="repair"))
    taken = take_call(desk, context, actor, Call(id="CA77", unit="3-1201", text="…", finished=True))

The first registers the case, and each that follows adds what is new: one call is one case, however
often a step arrives, and in whatever order. What nobody knows is None, and nothing is made up for it. A text
that arrives later stands behind the one before; a unit, name or number that contradicts what is known is kept
beside it, for the desk to read. Nothing is refused for what is beside the words: a channel leaves out what
cannot be taken, and names it in `left_out`.

Until a step says `finished` the call is one to call back: it stands so in the agents' list, with the clock of
what is unsorted. So a caller who hangs up needs no step at all; whoever has only rung, and whose number is
known, is called back as well (`Call(id=…, phone=…)`). A caller who got an answer and wants nothing else, such
as how a case stands, is `answered`: a step of such a call makes no case any more.

The phone number is in its stored form (http/contacts.py); numbers that are withheld are None. `open_cases_of`
has the open cases of a caller, `case_of` the one whose number they keyed in: nobody hears of another's.
"""

import hashlib
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.case import OPEN, Case
from chalicelib.domain.case.command import Command
from chalicelib.domain.case.context import Context
from chalicelib.domain.case.events import Channel
from chalicelib.domain.case.form_fields import LONG, SHORT
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.errors import InvalidInputError, NotFoundError
from chalicelib.domain.intake.call_forms import HearForm
from chalicelib.domain.intake.new_case import NewCase
from chalicelib.domain.regulation.rules import KINDS
from chalicelib.domain.texts import checked_text, cleaned, quoted, with_gaps
from chalicelib.services.desk import Desk
from chalicelib.services.intake.register import Receipt, check, receipt_of, register
from chalicelib.services.intake.unregistered import keep_unregistered

REMEMBERED = timedelta(days=1)
"""How long a call is remembered, and that it was answered: its last steps come within minutes (ours)."""

MOST_OFFERED = 3
"""So many open cases a caller is offered: more than that nobody keeps in mind at the telephone (ours)."""

MOST_LOOKED_AT = 20
"""So many of the newest cases of a number are looked at (ours)."""

SYSTEM = Actor(Role.SYSTEM, "call")
"""Whoever adds the steps of a call to its case: no person."""


class Call(Struct, frozen=True, kw_only=True):
    """What is known of a call at one of its steps; None is what nobody knows yet.

    `id` is the exchange's own, the same in every step. `kind` is what was chosen at the menu: complaint,
    repair or help. `began_at` is when it began. `recording` says where it can be heard. `finished`: the
    caller has heard that it is registered. `left_out` is what came along and could not be taken. `language`
    is that in which the caller was spoken to: messages about the case are written in it.
    """

    id: str
    phone: str | None = None
    kind: str | None = None
    unit: str | None = None
    name: str | None = None
    text: str | None = None
    recording: str | None = None
    began_at: datetime | None = None
    finished: bool = False
    left_out: tuple[str, ...] = ()
    language: str | None = None

    @property
    def leads_to_somebody(self) -> bool:
        """Whether there is anything to register: what was said, or somebody to call back."""
        return any((self.phone, self.unit, self.name, self.text, self.recording))


def take_call(desk: Desk, context: Context, actor: Actor, call: Call) -> Receipt | None:
    """The case of a call, with what this step knows of it; None if there is nothing to register.

    Nor is there where the community is closed: what was said is kept beside its held mails then.

    `actor` is the machine that the call came through. Raises BusyError or ConflictError where too many others
    write: then the step is sent again.
    """
    community = context.community.id
    name = _named(desk, community, actor, call.id)
    if desk.links.owner_of(name, desk.now()) is not None:
        return None
    call = _sound(call)
    if not call.leads_to_somebody:
        return None
    said, further = pieces(call.text)
    known = desk.links.recall(name)  # so that a step uses up no number
    if known is None and context.community.closed:
        keep_unregistered(desk, context.community, call)
        return None
    if known:
        receipt = receipt_of(desk, desk.cases.get(community, known["number"]), context, repeated=True)
    else:
        new = _report(desk, context, actor, replace(call, text=said))
        key, language = f"call#{call.id}", call.language or ""
        receipt = register(desk, context, actor, new, key, b"", call.left_out, language=language)
        desk.links.remember(name, {"number": receipt.case.number}, desk.now() + REMEMBERED)
    if receipt.repeated:
        form = HearForm(
            text=said,
            unit=call.unit,
            name=call.name,
            phone=call.phone,
            recording=call.recording,
            left_out=(*call.left_out, *_other_kind(receipt.case, call)),
            finished=call.finished,
        )
        receipt = _heard(desk, receipt, form)
    for piece in further:
        receipt = _heard(desk, receipt, HearForm(text=piece))
    return receipt


def answered(desk: Desk, community: str, actor: Actor, call_id: str) -> None:
    """Put on record that a caller got an answer: their call is none to call back."""
    desk.links.take(_named(desk, community, actor, call_id), "answered", desk.now() + REMEMBERED)


def open_cases_of(desk: Desk, community: str, phone: str) -> tuple[Case, ...]:
    """The open cases of whoever has a phone number, newest first; `MOST_OFFERED` at most."""
    key, found = desk.resident_key(community, phone), []
    for number in desk.cases.of_resident(community, key)[:MOST_LOOKED_AT]:
        case = desk.cases.get(community, number)
        if case.state in OPEN and case.report.phone == phone:
            found.append(case)
        if len(found) == MOST_OFFERED:
            break
    return tuple(found)


def case_of(desk: Desk, community: str, number: str, phone: str | None) -> Case | None:
    """The case of that number, if it was reported from this phone; None for any other, and for none.

    Whoever calls from elsewhere is told nothing, not even whether there is one: numbers can be guessed.
    """
    try:
        case = desk.cases.get(community, number)
    except NotFoundError:
        return None
    return case if phone is not None and case.report.phone == phone else None


def _named(desk: Desk, community: str, actor: Actor, call_id: str) -> str:
    return f"call#{desk.codes.keyed('call', chr(0).join((community, actor.id, call_id)))[:32]}"


def _sound(call: Call) -> Call:
    """The call with what can be taken; the rest stands in `left_out`, and a lost character leaves a gap."""
    left_out, taken = list(call.left_out), dict[str, str | None]()
    for name, longest in (("unit", SHORT), ("name", SHORT), ("recording", LONG)):
        value = getattr(call, name)
        try:
            taken[name] = checked_text(name, value, longest, required=False) or None if value else None
        except InvalidInputError:
            taken[name] = None
            left_out.append(quoted(name, value))
    if call.kind not in {None, *KINDS}:
        left_out.append(quoted("kind", str(call.kind)))
        taken["kind"] = None
    text = cleaned(with_gaps(call.text)) if call.text else ""
    return replace(call, **taken, text=text or None, left_out=tuple(left_out))


def pieces(text: str | None) -> tuple[str | None, tuple[str, ...]]:
    """What is said first, and the further pieces of long words."""
    if text is None:
        return None, ()
    pieces = [piece for at in range(0, len(text), LONG) if (piece := cleaned(text[at : at + LONG]))]
    return pieces[0], tuple(pieces[1:])


def _report(desk: Desk, context: Context, actor: Actor, call: Call) -> NewCase:
    new = NewCase(
        channel=Channel.HOTLINE_IVR,
        phone=call.phone,
        text=call.text,
        unit=call.unit,
        name=call.name,
        kind=call.kind,
        call=call.id,
        recording=call.recording,
        contacted_at=min(call.began_at or desk.now(), desk.now()),
        unfinished=not call.finished,
    )
    try:
        check(desk, context, actor, new)
    except InvalidInputError:  # the exchange's clock
        return replace(new, contacted_at=None)
    return new


def _heard(desk: Desk, receipt: Receipt, form: HearForm) -> Receipt:
    """The receipt after what else the call says; said twice, it is heard once."""
    told = hashlib.sha256(repr(form).encode()).hexdigest()[:16]
    command: Command[object] = Command("hear", SYSTEM, desk.now(), f"hear#{told}", form)
    return replace(receipt, case=desk.carry_out(receipt.case, command).case)


def _other_kind(case: Case, call: Call) -> tuple[str, ...]:
    """The kind that was chosen, where the case is registered as another: the desk reads both."""
    return () if call.kind in {None, case.classification.kind} else (f"kind: {call.kind}",)
