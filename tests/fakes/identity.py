"""Stand-ins of the user pool and of the key that makes codes."""

from collections.abc import Mapping

from chalicelib.adapters.codes import HmacCodes
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import NotSignedInError
from chalicelib.services.records import (
    Account,
)


class FakeIdentity:
    """Identity. The token of `agent` is `token:agent`; usernames in `expired` hold one that has run out."""

    PASSWORD = "correct horse battery staple"

    def __init__(self, roles: Mapping[str, frozenset[Role]]) -> None:
        self.roles = dict(roles)
        self.expired: set[str] = set()

    @staticmethod
    def token(username: str) -> str:
        """What a sign-in of that user gives."""
        return f"token:{username}"

    def sign_in(self, username: str, password: str) -> str:
        if username not in self.roles or password != self.PASSWORD:
            raise NotSignedInError("Username or password is wrong.")
        return self.token(username)

    def verify(self, token: str) -> Account:
        username = token.removeprefix("token:")
        if token == username or username not in self.roles or username in self.expired:
            raise NotSignedInError("Sign in first; the token is missing, expired or not ours.")
        return Account(username, self.roles[username])


def fake_codes() -> HmacCodes:
    """Codes as in production, with a key for tests."""
    return HmacCodes(lambda: b"a key for tests only")
