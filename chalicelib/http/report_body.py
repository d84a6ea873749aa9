"""A report as it is sent to the desk, and as the desk takes it up (A1, A3)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime

from chalicelib.domain.case import form_fields as forms
from chalicelib.domain.case.events import Channel
from chalicelib.domain.case.form_fields import LONG, SHORT, checked_text
from chalicelib.domain.case.numbering import NUMBER
from chalicelib.domain.community.community import Community
from chalicelib.domain.community.roles import Actor, Role
from chalicelib.domain.errors import InvalidInputError
from chalicelib.domain.intake.registration import NewCase
from chalicelib.domain.regulation.rules import COMPLEXITIES, KINDS, NATURES, SEVERITIES, URGENCIES
from chalicelib.http.contacts import e164, email_address

OF_STRANGERS = (Channel.WEB, Channel.WECHAT, Channel.APP)
"""The channels that people use by themselves; the others are entered by staff or sent by a known machine."""

MOST_EVIDENCE, LONGEST_EVIDENCE = 20, 500

EXAMPLE = {
    "text": "厨房水龙头一直滴水，关不紧。",
    "unit": "3-2-1201",
    "name": "孙女士",
    "phone": "13800138001",
    "kind": "repair",
    "matter": "home_other",
}
"""A report as a resident's program sends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportBody:
    """A report. `evidence` says what proves it, a line each; `solved_with` how it was solved on the spot.

    `care`: the resident is old and alone, or disabled, and agrees that the need for care is noted (G15).
    `nature` is of a complaint, and for staff to say: valid if they leave it out.
    """

    text: str = forms.text(LONG)
    unit: str = forms.text(SHORT)
    name: str = forms.text(SHORT)
    phone: str | None = forms.text(SHORT, optional=True)
    email: str | None = forms.text(LONG, optional=True)
    channel: Channel = Channel.WEB
    kind: str | None = forms.text(SHORT, optional=True)
    matter: str | None = forms.text(SHORT, optional=True)
    urgency: str | None = forms.text(SHORT, optional=True)
    severity: str | None = forms.text(SHORT, optional=True)
    complexity: str | None = forms.text(SHORT, optional=True)
    nature: str | None = forms.text(SHORT, optional=True)
    care: bool = False
    contacted_at: datetime | None = None
    against: str | None = forms.text(SHORT, optional=True)
    course_of_events: str | None = forms.text(LONG, optional=True)
    witnesses: str | None = forms.text(LONG, optional=True)
    evidence: list[str] = field(default_factory=list)
    follows: str | None = forms.text(SHORT, optional=True)
    solved_with: str | None = forms.text(LONG, optional=True)

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, str) and "longest" in one.metadata:
                required = one.default is not None
                checked = checked_text(one.name, value, one.metadata["longest"], required=required)
                object.__setattr__(self, one.name, checked if required else checked or None)
        _one_of("kind", self.kind, KINDS)
        _one_of("urgency", self.urgency, URGENCIES)
        _one_of("severity", self.severity, SEVERITIES)
        _one_of("complexity", self.complexity, COMPLEXITIES)
        _one_of("nature", self.nature, NATURES)
        if self.follows is not None and not (self.follows.isascii() and NUMBER.fullmatch(self.follows)):
            raise InvalidInputError("'follows' is the number of an earlier case, such as 202611-0001.")
        if len(self.evidence) > MOST_EVIDENCE:
            raise InvalidInputError(
                f"'evidence' has {len(self.evidence)} entries; {MOST_EVIDENCE} are taken."
            )
        lines = [checked_text("evidence", one, LONGEST_EVIDENCE) for one in self.evidence]
        object.__setattr__(self, "evidence", lines)


def _one_of(name: str, value: str | None, known: Iterable[str]) -> None:
    if value is not None and value not in known:
        raise InvalidInputError(f"'{name}' is one of: {', '.join(known)}.")


def new_case(body: ReportBody, actor: Actor, community: Community) -> NewCase:
    """What the service takes up; InvalidInputError for what this sender cannot say."""
    if actor.role is Role.RESIDENT:
        _check_stranger(body)
    return NewCase(
        text=body.text,
        unit=body.unit,
        resident_name=body.name,
        phone=e164(body.phone, community.country) if body.phone else None,
        email=email_address(body.email) if body.email else None,
        channel=body.channel,
        kind=body.kind,
        matter=body.matter,
        urgency=body.urgency,
        severity=body.severity,
        complexity=body.complexity,
        nature=body.nature,
        care=body.care,
        contacted_at=body.contacted_at,
        against=body.against,
        course_of_events=body.course_of_events,
        witnesses=body.witnesses,
        evidence=tuple(body.evidence),
        follows=body.follows,
        solved_with=body.solved_with,
    )


def _check_stranger(body: ReportBody) -> None:
    if body.channel not in OF_STRANGERS:
        raise InvalidInputError(
            f"Without signing in 'channel' is one of: {', '.join(OF_STRANGERS)}; "
            "staff and machines sign in to file for the others."
        )
    for name in ("urgency", "severity", "complexity", "nature", "solved_with"):
        if getattr(body, name) is not None:
            raise InvalidInputError(f"'{name}' is for the desk to say; leave it out, or sign in as staff.")
    if body.phone is None and body.email is None:
        raise InvalidInputError("Give 'phone' or 'email', so that the desk can tell you how it goes.")
