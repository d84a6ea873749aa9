"""The visitors of a route: who may come in, and as whom.

A route has a policy, and a request becomes a visit.
"""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from chalice.app import Request
from msgspec import Struct, structs

from chalicelib import wiring
from chalicelib.domain.community.community import Member, Staff
from chalicelib.domain.community.roles import RESIDENT, Actor, Role, spelled
from chalicelib.domain.errors import NotAllowedError, NotFoundError, NotSignedInError
from chalicelib.http.requests import bearer_token, idempotency_key, source_address
from chalicelib.http.sessions import (
    KEY_FIELD,
    check_csrf,
    csrf_token,
    form_field,
    renewals,
    session_tokens,
)
from chalicelib.services.access.authorization import (
    OpenedLink,
    check_second_factor,
    member_of,
    no_community,
    open_link,
    standing,
)
from chalicelib.services.access.stranger_limits import count_unknown_code
from chalicelib.services.day_link import open_day
from chalicelib.services.records import Account, Person

COMMUNITY_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Policy(Struct, frozen=True):
    """The policy of a route: who may use it.

    `roles` are for those who are signed in; `open_to_all` lets in whoever is not.

    With `link`, the holder of the link whose code stands in the path, and nobody needs to be signed in;
    with `day`, that of a handler's link of the day.
    With `signed`, the machine that has signed the request, which the view checks (signed.py).
    `single_factor` lets in whoever has yet to set up a second factor, where the deployment asks for one.
    """

    open_to_all: bool = False
    link: bool = False
    day: bool = False
    roles: frozenset[Role] = frozenset()
    single_factor: bool = False
    signed: bool = False


PUBLIC = Policy(open_to_all=True)
"""Anybody; nobody is asked who they are."""

SIGNED = Policy(signed=True)
"""A machine that has signed the request; the view checks it."""

LINK = Policy(link=True)
"""Whoever holds the link `{code}`."""


DAY = Policy(day=True)
"""Whoever holds the link `{code}` of a handler's day."""


def staff(*roles: Role, single_factor: bool = False) -> Policy:
    """The policy for staff who have one of the roles.

    If the path has a `{community}`, it is the role in that community.
    """
    return Policy(roles=frozenset(roles), single_factor=single_factor)


def anyone_or(*roles: Role) -> Policy:
    """The policy for residents without a sign-in, and for staff with one of the roles."""
    return Policy(open_to_all=True, roles=frozenset(roles))


class Visit(Struct, frozen=True):
    """One request and whoever stands behind it. What the policy does not ask for is None.

    `csrf` is the token to put into the forms of a page. `token` proves the session; `renewed` if it was made
    just now and the browser is to keep it.
    """

    request: Request
    account: Account | None = None
    person: Person = Person()
    token: str | None = None
    renewed: bool = False
    member_or_none: Member | None = None
    opened_or_none: OpenedLink | None = None
    csrf: str | None = None

    @property
    def member(self) -> Member:
        """The member of staff who is signed in, or holds the link of a day.

        In the community of the path; only routes of these have one.
        """
        if self.member_or_none is None:
            raise AssertionError("the policy of this route lets others in")
        return self.member_or_none

    @property
    def signed_in(self) -> tuple[Account, str]:
        """The account of the session and its token; only routes of staff have them."""
        if self.account is None or self.token is None:
            raise AssertionError("the policy of this route lets others in")
        return self.account, self.token

    @property
    def opened(self) -> OpenedLink:
        """The link of the path, with its case; only for routes of the policy LINK."""
        if self.opened_or_none is None:
            raise AssertionError("this route is not a link's")
        return self.opened_or_none

    @property
    def actor(self) -> Actor:
        """The actor of a command: the member, the holder of the link, or a resident."""
        if self.member_or_none is not None:
            return self.member_or_none.actor()
        return self.opened_or_none.link.actor() if self.opened_or_none is not None else RESIDENT


def visit_of(request: Request, policy: Policy, given: Mapping[str, str]) -> Visit:
    """The request as a visit under the policy; `given` are the parameters of the path.

    Raises NotSignedInError, NotAllowedError, NotFoundError or GoneError for whoever may not come in.
    """
    if "community" in given and not COMMUNITY_ID.fullmatch(given["community"]):
        raise no_community(given["community"])
    if policy.link or policy.day:
        return _by_code(request, policy, given)
    if not policy.roles:
        return Visit(request)
    bearer = bearer_token(request)
    proved = _proved(request, bearer, given, lenient=policy.open_to_all and bearer is None)
    if proved is None:
        if policy.open_to_all:
            return Visit(request)
        raise NotSignedInError("Sign in first, then send 'Authorization: Bearer <token>'.")
    codes = wiring.desk().codes
    if bearer is None and request.method != "GET":
        check_csrf(request, codes, proved.account)
    return _allowed(_visit(request, proved, with_csrf=bearer is None), proved.staff, policy, given)


def member_visit(request: Request, policy: Policy, given: Mapping[str, str], token: str | None) -> Visit:
    """The visit of a member who only looks: a form that was refused is shown again, and nothing is done.

    So it needs no token against forged requests. `token` is that of a session which has just begun; without,
    the cookie's. Raises what `visit_of` raises.
    """
    proved = _proved(request, token, given, lenient=False)
    if proved is None:
        raise NotSignedInError("Sign in first.")
    return _allowed(_visit(request, proved, with_csrf=True), proved.staff, policy, given)


class _Proved(Struct, frozen=True):
    """A session that is good now: its token and account, its person, and their place in the community."""

    token: str
    account: Account
    person: Person
    staff: Staff | None
    renewed: bool = False


def _visit(request: Request, proved: _Proved, *, with_csrf: bool) -> Visit:
    csrf = csrf_token(wiring.desk().codes, proved.account) if with_csrf else None
    return Visit(request, proved.account, proved.person, proved.token, proved.renewed, csrf=csrf)


def _allowed(visit: Visit, staff: Staff | None, policy: Policy, given: Mapping[str, str]) -> Visit:
    """The visit of an account that the policy lets in; a member where a community is named."""
    account = visit.account
    if account is None:
        raise AssertionError("nobody is signed in")
    if wiring.second_factor() == "required" and not policy.single_factor:
        check_second_factor(account, visit.person, wiring.base_url())
    if "community" not in given:
        _check_role(account.roles & policy.roles, account.roles, policy)
        return visit
    member = member_of(wiring.desk(), account, given["community"], staff)
    _check_role({member.role} & policy.roles, {member.role}, policy)
    return structs.replace(visit, member_or_none=member)


def _proved(
    request: Request, token: str | None, given: Mapping[str, str], *, lenient: bool
) -> _Proved | None:
    """The session of the given token, else the first good cookie, renewed if need be.

    A cookie that has run out keeps nobody from a page open to all (`lenient`).
    """
    refused = None
    for held in [token] if token is not None else session_tokens(request, wiring.base_url()):
        try:
            return _good_now(held, given)
        except NotSignedInError as error:
            refused = error
    for renewal in renewals(request, wiring.base_url(), wiring.desk().codes) if token is None else ():
        try:
            return structs.replace(_good_now(wiring.identity().renewed(renewal), given), renewed=True)
        except NotSignedInError as error:
            refused = error
    if refused is not None and not lenient:
        raise refused
    return None


def _good_now(token: str, given: Mapping[str, str]) -> _Proved:
    account = wiring.identity().verify(token)
    person, staff = standing(wiring.desk(), account, given.get("community"))
    return _Proved(token, account, person, staff)


def _check_role(fitting: AbstractSet[Role], own: AbstractSet[Role], policy: Policy) -> None:
    if not fitting:
        mine = ", ".join(sorted(spelled(role) for role in own)) or "nobody"
        these = ", ".join(sorted(spelled(role) for role in policy.roles))
        raise NotAllowedError(f"You are {mine} here; this is for: {these}.")


def _by_code(request: Request, policy: Policy, given: Mapping[str, str]) -> Visit:
    """The visit of whoever holds the link in the path: of a case, or of a handler's day."""
    desk = wiring.desk()
    key = idempotency_key(request) or form_field(request, KEY_FIELD)
    repeats = (given["command"], key) if key and "command" in given else None
    try:
        if policy.day:
            return Visit(request, member_or_none=open_day(desk, given["code"]).member)
        return Visit(request, opened_or_none=open_link(desk, given["code"], desk.now(), repeats))
    except NotFoundError:
        count_unknown_code(desk, source_address(request), wiring.rate_limits())
        raise
