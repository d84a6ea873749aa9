"""Findings on members of staff, and merit: what was found, the measure, one appeal (B15).

They are records of their own and no events of a case, which others read. A manager writes them, never on
themselves; the person reads their own, and may appeal against a finding once; the company head decides.
"""

from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.case.form_fields import LongText, ShortText, check
from chalicelib.domain.case.spoken import check_manner, check_spoken_at
from chalicelib.domain.community.community import Community, Staff
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.errors import CommandRefusedError, InvalidInputError, NotAllowedError
from chalicelib.domain.money import DEAREST_FEN

FAULTS = ("ignored", "dragged", "not_passed_up", "emotional", "asked_benefit", "other")
"""What somebody can be found to have done (S2, S3)."""
MERITS = ("praised", "beyond_duty", "other")
"""What somebody can be praised for; `praised` is by a resident."""
MEASURES = ("oral_warning", "written_warning", "bonus_cut", "dismissal")
REWARDS = ("commendation", "bonus")
WITH_AMOUNT = frozenset({"bonus_cut", "bonus"})
"""The measures that are an amount of money."""


class Finding(Struct, frozen=True):
    """What a manager found about somebody of staff on a case, bad or good (`merit`).

    `measure` was taken on the day `measured_on`, with `amount_fen` where it is money. `lifted` is what the
    company head decided on the appeal. `version` counts the changes; `read_at` is when the person has read it
    as it stands. Where the person has no account any
    more, `appeal_by` recorded the appeal, as `spoken_to` made it, when and how.
    """

    id: str
    number: str
    about: str
    merit: bool
    what: str
    words: str
    by: str
    at: datetime
    version: int = 1
    measure: str | None = None
    amount_fen: int | None = None
    measured_on: date | None = None
    measured_by: str | None = None
    appeal: str | None = None
    appealed_at: datetime | None = None
    lifted: bool | None = None
    decision: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    appeal_by: str | None = None
    spoken_to: str | None = None
    spoken_at: datetime | None = None
    manner: str | None = None
    read_at: datetime | None = None


class FindingForm(Struct, frozen=True):
    """The form of a finding, or of merit: on which case, about whom, what, and in words."""

    number: ShortText
    about: ShortText
    what: ShortText
    words: LongText
    merit: bool = False

    def __post_init__(self) -> None:
        check(self)
        known = MERITS if self.merit else FAULTS
        if self.what not in known:
            raise InvalidInputError(f"'what' is one of: {', '.join(known)}.")


class MeasureForm(Struct, frozen=True):
    """The form of a measure: which, from what day, and how much where it is money (fen, ¥120 is 12000)."""

    measure: ShortText
    measured_on: date | None = None
    amount_fen: int | None = None

    def __post_init__(self) -> None:
        check(self)
        if self.measure not in (*MEASURES, *REWARDS):
            raise InvalidInputError(f"'measure' is one of: {', '.join((*MEASURES, *REWARDS))}.")
        if (self.measure in WITH_AMOUNT) != (self.amount_fen is not None):
            raise InvalidInputError(
                "'amount_fen' is given with a bonus or its cut, and with nothing else.", "amount_of_measure"
            )
        if self.amount_fen is not None and not 0 < self.amount_fen <= DEAREST_FEN:
            raise InvalidInputError(
                f"'amount_fen' is a number of fen from 1 to {DEAREST_FEN}.", "amount_of_measure"
            )


class StaffAppealForm(Struct, frozen=True):
    """The form of an appeal against a finding."""

    appeal: LongText

    def __post_init__(self) -> None:
        check(self)


class SpokenAppealForm(Struct, frozen=True):
    """The form of an appeal in somebody's name: who made it, when and how."""

    spoken_at: datetime
    spoken_to: ShortText
    manner: ShortText
    appeal: LongText

    def __post_init__(self) -> None:
        check(self)
        check_manner(self.manner)


class StaffDecisionForm(Struct, frozen=True):
    """The form of the company head's decision on an appeal, and why."""

    lifted: bool
    decision: LongText

    def __post_init__(self) -> None:
        check(self)


def is_judged(person: Staff) -> bool:
    """Whether findings on a person are kept: not of the committee, whom residents elect, nor of a machine."""
    return person.role not in {Role.COMMITTEE, Role.MACHINE}


def found(form: FindingForm, finding_id: str, by: Actor, at: datetime, community: Community) -> Finding:
    """The finding that a form makes; NotAllowedError for one about oneself, InvalidInputError for nobody."""
    person = community.person(form.about)
    if person is None or not is_judged(person):
        raise InvalidInputError(f"'{form.about[:40]}' is no colleague in this place.", "no_such_colleague")
    if form.about == by.id:
        raise NotAllowedError("Nobody records a finding or merit on themselves.", "own_finding")
    return Finding(finding_id, form.number, form.about, form.merit, form.what, form.words, by.id, at)


def measured(finding: Finding, form: MeasureForm, by: Actor, today: date) -> Finding:
    """The finding with its measure, which is taken once, today or on a day before."""
    if finding.about == by.id:
        raise NotAllowedError("Nobody decides on a finding about themselves.", "own_finding")
    if finding.measure is not None:
        raise CommandRefusedError("A measure was taken already.", "measured_already")
    if finding.lifted:
        raise CommandRefusedError("This finding was lifted on appeal.", "finding_lifted")
    if form.measure not in (REWARDS if finding.merit else MEASURES):
        raise InvalidInputError("A finding has a measure, merit a reward.", "wrong_measure")
    day = form.measured_on or today
    if day > today:
        raise InvalidInputError("'measured_on' lies in the future.", "measure_in_future")
    return _changed(
        finding,
        measure=form.measure,
        amount_fen=form.amount_fen,
        measured_on=day,
        measured_by=by.id,
        read_at=None,
    )


def appealed(finding: Finding, form: StaffAppealForm, by: Actor, at: datetime) -> Finding:
    """The finding with the appeal of the person, who makes it once."""
    if finding.about != by.id:
        raise NotAllowedError("Only the person whom it is about can appeal.", "not_your_finding")
    _check_appealable(finding)
    return _changed(finding, appeal=form.appeal, appealed_at=at)


def appealed_in_name(
    finding: Finding, form: SpokenAppealForm, by: Actor, at: datetime, community: Community
) -> Finding:
    """The finding with the appeal of somebody who has left, as a leader recorded it."""
    if not has_left(finding, community):
        raise NotAllowedError("Whoever works here appeals on the page of their own record.", "appeals_alone")
    _check_appealable(finding)
    check_spoken_at(form.spoken_at, finding.at, at)
    return _changed(
        finding,
        appeal=form.appeal,
        appealed_at=at,
        appeal_by=by.id,
        spoken_to=form.spoken_to,
        spoken_at=form.spoken_at,
        manner=form.manner,
    )


def has_left(finding: Finding, community: Community) -> bool:
    """Whether the person whom a finding is about has no account any more."""
    return community.member(finding.about) is None


def _check_appealable(finding: Finding) -> None:
    if finding.merit:
        raise CommandRefusedError("There is nothing to appeal against in merit.", "no_appeal_of_merit")
    if finding.appealed_at is not None:
        raise CommandRefusedError("There was an appeal already; once is all.", "finding_appealed")


def decided(finding: Finding, form: StaffDecisionForm, by: Actor, at: datetime) -> Finding:
    """The finding with the decision on its appeal; never by whom it is about, or who wrote it."""
    if by.id in {finding.about, finding.by}:
        raise NotAllowedError("Nobody decides on an appeal in their own matter.", "own_finding")
    if finding.appealed_at is None or finding.decided_at is not None:
        raise CommandRefusedError("No appeal waits for a decision.", "no_appeal")
    return _changed(
        finding, lifted=form.lifted, decision=form.decision, decided_at=at, decided_by=by.id, read_at=None
    )


def _changed(finding: Finding, **values: object) -> Finding:
    return replace(finding, version=finding.version + 1, **values)
