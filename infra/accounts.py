"""The accounts of the staff in the Cognito user pool, whose groups are the roles."""

import secrets
import string
from collections.abc import Set
from dataclasses import dataclass
from typing import Any

READABLE = "".join(sorted(set(string.ascii_letters + string.digits) - set("0OIl")))
PASSWORD_LENGTH = 16


@dataclass(frozen=True)
class Accounts:
    """The accounts of one pool; `cognito` is the boto3 client of cognito-idp."""

    cognito: Any
    pool: str

    def make(self, username: str) -> bool:
        """Makes an account, without telling anybody; whether it still needs its first password."""
        try:
            found = self.cognito.admin_get_user(UserPoolId=self.pool, Username=username)
        except self.cognito.exceptions.UserNotFoundException:
            self.cognito.admin_create_user(UserPoolId=self.pool, Username=username, MessageAction="SUPPRESS")
            return True
        if not found["Enabled"]:
            self.cognito.admin_enable_user(UserPoolId=self.pool, Username=username)
        return bool(found["UserStatus"] == "FORCE_CHANGE_PASSWORD")

    def set_password(self, username: str, password: str) -> None:
        """Set the password of an account.

        The desk has no page for changing it.
        """
        self.cognito.admin_set_user_password(
            UserPoolId=self.pool, Username=username, Password=password, Permanent=True
        )

    def disable(self, username: str) -> bool:
        """Let an account sign in no more; False if it could not already, or there is none."""
        try:
            found = self.cognito.admin_get_user(UserPoolId=self.pool, Username=username)
        except self.cognito.exceptions.UserNotFoundException:
            return False
        if found["Enabled"]:
            self.cognito.admin_disable_user(UserPoolId=self.pool, Username=username)
        return bool(found["Enabled"])

    def end_renewals(self, username: str) -> None:
        """Have no session of the account renewed any more."""
        self.cognito.admin_user_global_sign_out(UserPoolId=self.pool, Username=username)

    def forget_authenticator(self, username: str) -> None:
        """Ask for no code of the account's any more."""
        self.cognito.admin_set_user_mfa_preference(
            UserPoolId=self.pool,
            Username=username,
            SoftwareTokenMfaSettings={"Enabled": False, "PreferredMfa": False},
        )

    def set_roles(self, username: str, roles: Set[str]) -> bool:
        """The account is in the groups of these roles and in no others; whether it was not so before."""
        account = {"UserPoolId": self.pool, "Username": username}
        has = {group["GroupName"] for group in self.cognito.admin_list_groups_for_user(**account)["Groups"]}
        for role in roles - has:
            self.cognito.admin_add_user_to_group(**account, GroupName=role)
        for role in has - roles:
            self.cognito.admin_remove_user_from_group(**account, GroupName=role)
        return has != roles


def new_password() -> str:
    """One that the pool takes and that can be read aloud."""
    while True:
        password = "".join(secrets.choice(READABLE) for _ in range(PASSWORD_LENGTH))
        kinds = (str.islower, str.isupper, str.isdigit)
        if all(any(kind(character) for character in password) for kind in kinds):
            return password
