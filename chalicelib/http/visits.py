"""The visitors of a route: who may come in, and as whom.

A route has a policy, and a request becomes a visit.
"""

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from chalice.app import Request
from msgspec import Struct, structs

from chalicelib import wiring
from chalicelib.domain.community.community import Member
from chalicelib.domain.community.roles import RESIDENT, Actor, Role, spelled
from chalicelib.domain.errors import NotAllowedError, NotFoundError, NotSignedInError
from chalicelib.http.requests import bearer_token, idempotency_key, source_address
from chalicelib.http.sessions import KEY_FIELD, check_csrf, csrf_token, form_field, session_tokens
from chalicelib.services.access.authorization import OpenedLink, member_of, no_community, open_link
from chalicelib.services.access.rate_limits import count_unknown_code
from chalicelib.services.records import Account

COMMUNITY_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Policy(Struct, frozen=True):
    """The policy of a route: who may use it.

    `roles` are for those who are signed in; `open_to_all` lets in whoever is not.

    With `link`, the holder of the link whose code stands in the path, and nobody needs to be signed in.
    """

    open_to_all: bool = False
    link: bool = False
    roles: frozenset[Role] = frozenset()


PUBLIC = Policy(open_to_all=True)
"""Anybody; nobody is asked who they are."""

LINK = Policy(link=True)
"""Whoever holds the link `{code}`."""


def staff(*roles: Role) -> Policy:
    """The policy for staff who have one of the roles.

    If the path has a `{community}`, it is the role in that community.
    """
    return Policy(roles=frozenset(roles))


def anyone_or(*roles: Role) -> Policy:
    """The policy for residents without a sign-in, and for staff with one of the roles."""
    return Policy(open_to_all=True, roles=frozenset(roles))


class Visit(Struct, frozen=True):
    """One request and whoever stands behind it. What the policy does not ask for is None.

    `csrf` is the token to put into the forms of a page.
    """

    request: Request
    account: Account | None = None
    member_or_none: Member | None = None
    opened_or_none: OpenedLink | None = None
    csrf: str | None = None

    @property
    def member(self) -> Member:
        """The member of staff who is signed in, in the community of the path.

        Only routes of staff in a community have one.
        """
        if self.member_or_none is None:
            raise AssertionError("the policy of this route lets others in")
        return self.member_or_none

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
    if policy.link:
        return Visit(request, opened_or_none=_opened(request, given))
    if not policy.roles:
        return Visit(request)
    bearer = bearer_token(request)
    token, account = _signed_in(request, bearer, lenient=policy.open_to_all and bearer is None)
    if token is None or account is None:
        if policy.open_to_all:
            return Visit(request)
        raise NotSignedInError("Sign in first, then send 'Authorization: Bearer <token>'.")
    codes = wiring.desk().codes
    if bearer is None and request.method != "GET":
        check_csrf(request, codes, token)
    csrf = csrf_token(codes, token) if bearer is None else None
    return _allowed(Visit(request, account, csrf=csrf), policy, given)


def member_visit(request: Request, policy: Policy, given: Mapping[str, str], token: str | None) -> Visit:
    """The visit of a member who only looks: a form that was refused is shown again, and nothing is done.

    So it needs no token against forged requests. `token` is that of a session which has just begun; without,
    the cookie's. Raises what `visit_of` raises.
    """
    held, account = _signed_in(request, token, lenient=False)
    if held is None:
        raise NotSignedInError("Sign in first.")
    visit = Visit(request, account, csrf=csrf_token(wiring.desk().codes, held))
    return _allowed(visit, policy, given)


def _allowed(visit: Visit, policy: Policy, given: Mapping[str, str]) -> Visit:
    """The visit of an account that the policy lets in."""
    account = visit.account
    if account is None:
        raise AssertionError("nobody is signed in")
    if "community" not in given:
        _check_role(account.roles & policy.roles, account.roles, policy)
        return visit
    member = member_of(wiring.desk(), account, given["community"])
    _check_role({member.role} & policy.roles, {member.role}, policy)
    return structs.replace(visit, member_or_none=member)


def _signed_in(request: Request, token: str | None, *, lenient: bool) -> tuple[str | None, Account | None]:
    """The token of a session and its account: the one given, else the first of the cookies' that is good.

    A cookie that has run out keeps nobody from a page open to all (`lenient`).
    """
    refused = None
    for held in [token] if token is not None else session_tokens(request, wiring.base_url()):
        try:
            return held, wiring.identity().verify(held)
        except NotSignedInError as error:
            refused = error
    if refused is not None and not lenient:
        raise refused
    return None, None


def _check_role(fitting: AbstractSet[Role], own: AbstractSet[Role], policy: Policy) -> None:
    if not fitting:
        mine = ", ".join(sorted(spelled(role) for role in own)) or "nobody"
        these = ", ".join(sorted(spelled(role) for role in policy.roles))
        raise NotAllowedError(f"You are {mine} here; this is for: {these}.")


def _opened(request: Request, given: Mapping[str, str]) -> OpenedLink:
    desk = wiring.desk()
    key = idempotency_key(request) or form_field(request, KEY_FIELD)
    repeats = (given["command"], key) if key and "command" in given else None
    try:
        return open_link(desk, given["code"], desk.now(), repeats)
    except NotFoundError:
        count_unknown_code(desk, source_address(request), wiring.rate_limits())
        raise
