"""The port of the user pool, in which staff sign in."""

from typing import Protocol

from chalicelib.services.records import Account, Tokens


class Identity(Protocol):
    """The user pool."""

    def sign_in(self, username: str, password: str, code: str | None = None) -> Tokens:
        """The tokens for right credentials; NotSignedInError else, after the same work whatever was wrong.

        Its reason is `first_password` where the password is right, but only good for choosing another.
        """

    def choose_first_password(self, username: str, temporary: str, password: str) -> None:
        """Answer the pool's question for an own password; NotSignedInError where it does not ask for one."""

    def change_password(self, token: str, old: str, password: str) -> None:
        """Change the password of the token's account; NotSignedInError if the old one is wrong."""

    def renewed(self, renewal: str) -> str:
        """A new token of a session; NotSignedInError if it has ended."""

    def end_renewal(self, renewal: str) -> None:
        """Have that session renewed no more."""

    def end_renewals(self, token: str) -> None:
        """Have no session of the token's account renewed any more."""

    def new_secret(self, token: str) -> str:
        """A secret for the authenticator of the token's account, in base 32."""

    def confirm_secret(self, token: str, code: str) -> None:
        """Ask for a code from now on; InvalidInputError unless this one is of the new secret."""

    def verify(self, token: str) -> Account:
        """The account of a valid token; NotSignedInError otherwise."""
