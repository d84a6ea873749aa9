"""Puts the sample into the directory and the user pool. Doing it again changes nothing but what differs.

Runs by itself, as `python -m infra.local.seed`: the tables' models take the names of the tables, and boto3
its account, from the environment of the process.
"""

import os

import boto3

from chalicelib.adapters.dynamo import directory_admin
from infra.local.sample import Account, read_sample


def main() -> None:
    """Writes the sample's communities and accounts."""
    sample = read_sample()
    for community in sample.communities:
        directory_admin.put_community(community)
    for account in {account.username: account for account in sample.accounts}.values():
        _write(account)


def _write(account: Account) -> None:
    cognito = boto3.client("cognito-idp")
    pool = os.environ["USER_POOL_ID"]
    try:
        cognito.admin_create_user(UserPoolId=pool, Username=account.username, MessageAction="SUPPRESS")
    except cognito.exceptions.UsernameExistsException:
        groups = cognito.admin_list_groups_for_user(UserPoolId=pool, Username=account.username)["Groups"]
        for group in groups:
            cognito.admin_remove_user_from_group(
                UserPoolId=pool, Username=account.username, GroupName=group["GroupName"]
            )
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=account.username, Password=account.password, Permanent=True
    )
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=account.username, GroupName=account.role)


if __name__ == "__main__":
    main()
