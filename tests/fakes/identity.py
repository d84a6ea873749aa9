"""Stand-ins of the user pool and of the key that makes codes."""

import time
from collections.abc import Mapping

from chalicelib.adapters.codes import FROM_THE_BEGINNING, HmacCodes, Key
from chalicelib.domain.community.roles import Role
from chalicelib.domain.errors import InvalidInputError, NotSignedInError
from chalicelib.services.records import Account, Tokens


class FakeIdentity:
    """Identity. The first token of `agent-1`'s session is `token:agent-1:{signed in at}:0`.

    Usernames in `expired` hold tokens that have run out until they renew them. `secrets` are those of the
    authenticators, each of which shows `CODE` for ever. `passwords` are those that are not `PASSWORD`, those
    in `temporary` only good for choosing another, and whoever is in `disabled` signs in no more.
    """

    PASSWORD = "correct horse battery staple"
    CODE = "123456"

    def __init__(self, roles: Mapping[str, frozenset[Role]]) -> None:
        self.roles = dict(roles)
        self.expired: set[str] = set()
        self.tried: list[str] = []
        self.secrets: set[str] = set()
        self.revoked: set[str] = set()
        self.passwords: dict[str, str] = {}
        self.temporary: set[str] = set()
        self.disabled: set[str] = set()

    @staticmethod
    def token(username: str, signed_in_at: int | None = None, times: int = 0, session: str = "") -> str:
        """What a sign-in of that user gives, or a renewal."""
        began = int(time.time()) if signed_in_at is None else signed_in_at
        return f"token:{username}:{began}:{times}" + (f":{session}" if session else "")

    def sign_in(self, username: str, password: str, code: str | None = None) -> Tokens:
        self.tried.append(username)
        self._check(username, password)
        if username in self.temporary:
            raise NotSignedInError("Choose another password first.", "first_password")
        if username in self.secrets and code != self.CODE:
            raise NotSignedInError("A code is needed.")
        token = self.token(username, session=f"session {len(self.tried)}")
        return Tokens(token, token.replace("token", "renewal"))

    def choose_first_password(self, username: str, temporary: str, password: str) -> None:
        self._check(username, temporary)
        if username not in self.temporary:
            raise NotSignedInError("Username or password is wrong.")
        self.temporary.discard(username)
        self.passwords[username] = password

    def change_password(self, token: str, old: str, password: str) -> None:
        username = self.verify(token).username
        self._check(username, old)
        self.passwords[username] = password

    def _check(self, username: str, password: str) -> None:
        known = username in self.roles and username not in self.disabled
        if not known or password != self.passwords.get(username, self.PASSWORD):
            raise NotSignedInError("Username or password is wrong.")

    def renewed(self, renewal: str) -> str:
        name, username, signed_in_at, times, *session = renewal.split(":")
        if name != "renewal" or renewal in self.revoked:
            raise NotSignedInError("The session has ended.")
        return self.token(username, int(signed_in_at), int(times) + 1, *session)

    def end_renewal(self, renewal: str) -> None:
        self.revoked.add(renewal)

    def end_renewals(self, token: str) -> None:
        self.revoked.add(token.replace("token", "renewal"))

    def new_secret(self, token: str) -> str:
        return "JBSWY3DPEHPK3PXP"

    def confirm_secret(self, token: str, code: str) -> None:
        if code != self.CODE:
            raise InvalidInputError("The code is not of this secret.", "wrong_code")
        self.secrets.add(self.verify(token).username)

    def verify(self, token: str) -> Account:
        name, _, rest = token.partition(":")
        username, _, rest = rest.partition(":")
        signed_in_at, _, rest = rest.partition(":")
        times, _, session = rest.partition(":")
        if name != "token" or username not in self.roles or (username in self.expired and times == "0"):
            raise NotSignedInError("Sign in first; the token is missing, expired or not ours.")
        return Account(username, self.roles[username], int(signed_in_at), session)


def fake_codes() -> HmacCodes:
    """Codes as in production, with a key for tests."""
    return HmacCodes(lambda: (Key(FROM_THE_BEGINNING, b"a key for tests only"),))
