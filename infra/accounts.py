"""First passwords that an operator reads aloud. The accounts are those of chalicelib/adapters/accounts.py."""

import secrets
import string

from chalicelib.adapters.accounts import PoolAccounts as Accounts

__all__ = ["Accounts", "new_password"]

READABLE = "".join(sorted(set(string.ascii_letters + string.digits) - set("0OIl")))
PASSWORD_LENGTH = 16


def new_password() -> str:
    """One that the pool takes and that can be read aloud."""
    while True:
        password = "".join(secrets.choice(READABLE) for _ in range(PASSWORD_LENGTH))
        kinds = (str.islower, str.isupper, str.isdigit)
        if all(any(kind(character) for character in password) for kind in kinds):
            return password
