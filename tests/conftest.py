"""Tests reach no network, no account and no real region; what the app reads at import is set here first."""

import os

import pytest
from hypothesis import settings
from pytest_socket import disable_socket, socket_allow_hosts

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_REGION": "us-gov-west-1",
    "AWS_DEFAULT_REGION": "us-gov-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    # Without this the client puts the account into the host's name, which the emulator does not know.
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "CASES_TABLE": "test-cases",
    "DIRECTORY_TABLE": "test-directory",
    "FIGURES_TABLE": "test-figures",
    "LINKS_TABLE": "test-links",
    "DISPATCH_MACHINE_ARN": "arn:aws-us-gov:states:us-gov-west-1:123456789012:stateMachine:test-dispatch",
    "REVISIT_MACHINE_ARN": "arn:aws-us-gov:states:us-gov-west-1:123456789012:stateMachine:test-revisit",
    "USER_POOL_ID": "us-gov-west-1_testpool",
    "USER_POOL_CLIENT_ID": "testclient",
    "SECRET_ID": "test-secret",
    "PUBLIC_BASE_URL": "https://desk.example.com",
    "MAIL_FROM": "desk@example.com",
    "MAIL_SET": "test-mail",
    "RECORDINGS_BUCKET": "test-recordings",
}
"""Made-up credentials, and a region in which nobody here has anything."""

for name in [variable for variable in os.environ if variable.startswith("AWS_")]:
    del os.environ[name]
os.environ.update(ENVIRONMENT)

# The same examples each time: a failure that a colleague cannot repeat is no help.
settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("repeatable")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Only tests of the embedded cloud, by telephone or in a browser open sockets: to this machine."""
    if {"in_browser", "local_cloud", "telephone"} & set(item.path.parts):
        socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)
    else:
        disable_socket(allow_unix_socket=True)
