"""Puts the sample into the directory and the user pool. Doing it again changes nothing but what differs.

Runs by itself, as `python -m infra.local.seed`: the tables' models take the names of the tables, and boto3
its account, from the environment of the process.
"""

import os

import boto3

from infra.accounts import Accounts
from infra.directory import write_accounts, write_communities
from infra.directory_file import read_directory
from infra.local.sample import FILE


def main() -> None:
    """Writes the sample's communities and accounts, all with the sample's password."""
    sample = read_directory(FILE)
    write_communities(sample.communities)
    accounts = Accounts(boto3.client("cognito-idp"), os.environ["USER_POOL_ID"])
    everybody = {member.username for community in sample.communities for member in community.staff}
    write_accounts(sample.communities, accounts, sample.password, reset=everybody)


if __name__ == "__main__":
    main()
