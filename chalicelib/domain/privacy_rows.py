"""The rows of the transition table for personal data: a consent taken back, and erasing (G15, G24)."""

from chalicelib.domain.case.case import State
from chalicelib.domain.community.roles import DESK, Role
from chalicelib.domain.follow_up import retention
from chalicelib.domain.intake import care
from chalicelib.domain.transition import SAME, Transition, row

S = State

# fmt: off
ROWS: tuple[tuple[str, Transition], ...] = (
    row("withdraw_care", set(S), {SAME}, DESK | {Role.SYSTEM}, care.WithdrawCareForm, care.withdraw_care,
        care.why_no_care_withdrawn),
    row("ask_erasure", set(S), {SAME}, {Role.SYSTEM}, retention.AskErasureForm, retention.ask_erasure),
    row("erase", set(S), {SAME}, {Role.SYSTEM}, retention.EraseForm, retention.erase,
        retention.why_not_erased),
)
# fmt: on
"""Those rows: a command's name → its row."""
