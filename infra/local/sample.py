"""The sample that a first start is seeded with, read from sample.toml."""

from dataclasses import dataclass
from pathlib import Path

from chalicelib.domain.community.community import Community
from infra.directory_file import read_directory

FILE = Path(__file__).with_name("sample.toml")


@dataclass(frozen=True)
class Account:
    """Somebody, or a machine, who can sign in."""

    role: str
    username: str
    password: str
    community: str


@dataclass(frozen=True)
class Sample:
    """Communities with their people, and the accounts of those; `mark` changes when anything does."""

    communities: tuple[Community, ...]
    accounts: tuple[Account, ...]
    mark: str


def read_sample() -> Sample:
    """The sample as it stands in the checkout."""
    written = read_directory(FILE)
    accounts = tuple(
        Account(member.role, member.username, written.password or "", community.id)
        for community in written.communities
        for member in community.staff
    )
    return Sample(written.communities, accounts, written.mark)
