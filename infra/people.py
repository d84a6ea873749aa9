"""What an operator does about one person's account, after a lost telephone or password."""

from infra.accounts import Accounts
from infra.operating import Say, stage_of
from infra.problems import CannotGoOnError


def mend_account(stage: str, username: str, *, authenticator: bool, say: Say = print) -> int:
    """Ends every session of a person, and with `authenticator` forgets what makes their codes.

    Raises:
        CannotGoOnError: There is no such account, or no such stage.
    """
    at = stage_of(stage)
    from infra.directory import end_sessions, forget_authenticator  # here: it needs the tables' names

    accounts = Accounts(at.connect("cognito-idp"), at.outputs["UserPoolId"])
    try:
        (forget_authenticator if authenticator else end_sessions)(username, accounts)
    except accounts.cognito.exceptions.UserNotFoundException as err:
        raise CannotGoOnError(f"There is no account {username} in the user pool of {stage}.") from err
    said = "and signs in with the password alone until they set codes up again" if authenticator else "now"
    say(f"{username} is signed out everywhere {said}.")
    return 0
