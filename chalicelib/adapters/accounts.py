"""The accounts of the staff in the Cognito user pool, whose groups are the roles.

The desk's pages and the operator's commands change accounts here, and nowhere else.
"""

from collections.abc import Set
from typing import Any

from chalicelib.domain.community.passwords import not_within_the_rules
from chalicelib.services.staff_port import Keepers
from chalicelib.settings import Settings

NOT_GOOD = frozenset({"InvalidPasswordException", "PasswordHistoryPolicyViolationException"})
"""What the pool says of a password that its rules do not let in; the second where it remembers old ones."""


def keepers_of(settings: Settings) -> Keepers:
    """What those work with who keep staff: the table and the pool of a deployment."""
    import botocore.session
    from botocore.config import Config

    from chalicelib.adapters.dynamo.prices import DynamoPrices  # here: the models need the tables' names
    from chalicelib.adapters.dynamo.staffing import DynamoStaff

    config = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
    cognito = botocore.session.get_session().create_client("cognito-idp", config=config)
    pool = PoolAccounts(cognito, settings.user_pool_id)
    return Keepers(DynamoStaff(), pool, settings.password_link_hours, DynamoPrices())


class PoolAccounts:
    """Accounts (services/staff_port.py) of one pool; `cognito` is a client of cognito-idp."""

    def __init__(self, cognito: Any, pool: str) -> None:
        self.cognito, self.pool = cognito, pool

    def is_known(self, username: str) -> bool:
        """Whether there is an account of that name."""
        return self._found(username) is not None

    def make(self, username: str) -> bool:
        """Make an account, without telling anybody; whether it still needs its first password."""
        found = self._found(username)
        if found is None:
            try:
                self.cognito.admin_create_user(
                    UserPoolId=self.pool, Username=username, MessageAction="SUPPRESS"
                )
            except self.cognito.exceptions.UsernameExistsException:  # made at the same time
                return True
            return True
        if not found["Enabled"]:
            self.cognito.admin_enable_user(UserPoolId=self.pool, Username=username)
        return bool(found["UserStatus"] == "FORCE_CHANGE_PASSWORD")

    def set_password(self, username: str, password: str) -> None:
        """Set the password of an account; nobody is asked for another one at the next sign-in.

        InvalidInputError for one that the pool's own rules do not let in.
        """
        try:
            self.cognito.admin_set_user_password(
                UserPoolId=self.pool, Username=username, Password=password, Permanent=True
            )
        except self.cognito.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in NOT_GOOD:
                raise not_within_the_rules() from error
            raise

    def disable(self, username: str) -> bool:
        """Let an account sign in no more; False if it could not already, or there is none."""
        found = self._found(username)
        if found is None:
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

    def _found(self, username: str) -> Any:
        """The account as the pool has it; None if there is none."""
        try:
            return self.cognito.admin_get_user(UserPoolId=self.pool, Username=username)
        except self.cognito.exceptions.UserNotFoundException:
            return None
