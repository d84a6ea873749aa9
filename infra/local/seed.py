"""Puts the sample into the directory and the user pool. Doing it again changes nothing but what differs."""

from collections.abc import Mapping

from infra.deploy import Connect
from infra.local.sample import Account, Sample


def seed(connect: Connect, outputs: Mapping[str, str], sample: Sample) -> None:
    """Writes the sample's communities and accounts.

    Args:
        connect: Gives the boto3 client of a service.
        outputs: The stack's outputs.
    """
    _write_directory(connect, outputs["DirectoryTableName"], sample)
    known: set[str] = set()
    for account in sample.accounts:
        if account.username not in known:
            _write_account(connect, outputs["UserPoolId"], account)
            known.add(account.username)


def _write_account(connect: Connect, user_pool: str, account: Account) -> None:
    cognito = connect("cognito-idp")
    whose = {"UserPoolId": user_pool, "Username": account.username}
    try:
        cognito.admin_create_user(**whose, MessageAction="SUPPRESS")
    except cognito.exceptions.UsernameExistsException:
        for group in cognito.admin_list_groups_for_user(**whose)["Groups"]:
            cognito.admin_remove_user_from_group(**whose, GroupName=group["GroupName"])
    cognito.admin_set_user_password(**whose, Password=account.password, Permanent=True)
    cognito.admin_add_user_to_group(**whose, GroupName=account.role)
