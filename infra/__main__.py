"""`python -m infra`: getting ready, deploying, and operating a desk.

`prepare`, `lint` and `deploy` are what `make` does; `directory`, `account`, `reconcile`, `restore`, `forget`,
`rotate`, `exchange`, `caller-key`, `contact-flow`, `mail`, `recount`, `index`, `what-if`, `book`, `roster`
and `households` are for operators of a desk.
"""

import argparse
import getpass
import re
import subprocess
import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.errors import DomainError
from infra.answer_book import read_in, write_out
from infra.caller_keys import caller_key
from infra.contact_flow import contact_flow
from infra.exchange_account import set_exchange
from infra.households import load_households
from infra.indexing import index
from infra.local.environments import cloud_python
from infra.mail import mail
from infra.operating import desk_of, forget, reconcile, recount, what_if, write_directory
from infra.package import REGION_FOR_PACKAGING, fetch_wheels, package
from infra.people import mend_account
from infra.problems import CannotGoOnError
from infra.released import check_released
from infra.restore import restore
from infra.roster_file import put_roster
from infra.rotating import rotate
from infra.to_aws import deploy_to_aws, destination
from infra.version import version

STAGES = ["local", "staging", "production"]


def main() -> int:
    """Does what the command line asks; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m infra", description=__doc__)
    tasks = parser.add_subparsers(required=True)
    tasks.add_parser("prepare", help="fetch all that tests need, so that they need no network").set_defaults(
        do=_prepare
    )
    tasks.add_parser("lint", help="check the packaged template").set_defaults(do=_lint)
    deploying = tasks.add_parser("deploy", help="deploy to the AWS account that the environment names")
    deploying.add_argument("stage", choices=["staging", "production"], help="the stack is suda-STAGE")
    deploying.add_argument("--mail-from", help="the address that mails come from; needed the first time")
    deploying.add_argument("--alarm-mail", help="who is told when an alarm goes off; production needs one")
    deploying.add_argument("--domain", help="a domain of your own")
    deploying.add_argument("--certificate", help="the ARN of its certificate")
    deploying.add_argument(
        "--set",
        action="append",
        default=[],
        type=_context,
        metavar="NAME=VALUE",
        help="any parameter of infra/resources.yaml",
    )
    deploying.set_defaults(do=_deploy)
    _add_operators(tasks)
    asked = parser.parse_args()
    return int(asked.do(asked))


def _add_operators(tasks: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    writing = tasks.add_parser("directory", help="write communities and staff, and make their accounts")
    writing.add_argument("stage", choices=STAGES)
    writing.add_argument("file", type=Path, help="such as infra/local/sample.toml")
    writing.add_argument(
        "--reset", action="append", default=[], metavar="USERNAME", help="give a first password anew"
    )
    writing.add_argument(
        "--staff-of-file", action="store_true", help="also over whom the desk has added or changed itself"
    )
    writing.set_defaults(
        do=lambda asked: write_directory(
            asked.stage, asked.file, asked.reset, staff_of_file=asked.staff_of_file
        )
    )
    account = tasks.add_parser("account", help="sign somebody out everywhere, after a loss")
    account.add_argument("stage", choices=STAGES)
    account.add_argument("username")
    account.add_argument(
        "--forget-authenticator", action="store_true", help="ask for no code until another one is set up"
    )
    account.set_defaults(
        do=lambda asked: mend_account(asked.stage, asked.username, authenticator=asked.forget_authenticator)
    )
    mending = tasks.add_parser("reconcile", help="look after every open case, as after a dead letter")
    mending.add_argument("stage", choices=STAGES)
    mending.set_defaults(do=lambda asked: reconcile(asked.stage))
    restoring = tasks.add_parser("restore", help="bring all tables back to an instant (docs/operating.md)")
    restoring.add_argument("stage", choices=["staging", "production"])
    restoring.add_argument("instant", help="such as 2026-11-29T03:15:00+08:00, of the last 35 days")
    restoring.add_argument("--switch", action="store_true", help="have the desk work on them")
    restoring.set_defaults(do=lambda asked: restore(asked.stage, asked.instant, switch=asked.switch))
    forgetting = tasks.add_parser("forget", help="erase the personal data whose time is over, as every night")
    forgetting.add_argument("stage", choices=STAGES)
    forgetting.set_defaults(do=lambda asked: forget(asked.stage))
    rotating = tasks.add_parser("rotate", help="a new signing key beside the one before")
    rotating.add_argument("stage", choices=STAGES)
    rotating.set_defaults(do=lambda asked: rotate(asked.stage))
    calling = tasks.add_parser("exchange", help="the account at a telephone exchange; its key is asked for")
    calling.add_argument("stage", choices=STAGES)
    calling.add_argument("account", metavar="AC…")
    calling.add_argument("--shared-key", metavar="ID", help="it is a shared key (SHA-256), not the token")
    calling.set_defaults(do=_exchange)
    keying = tasks.add_parser("caller-key", help="a key with which a machine signs (docs/channels.md)")
    keying.add_argument("stage", choices=STAGES)
    keying.add_argument("username", help="of a member with the role machine")
    keying.add_argument("--revoke", action="store_true", help="take all of its keys away")
    keying.set_defaults(do=lambda asked: caller_key(asked.stage, asked.username, revoke=asked.revoke))
    flowing = tasks.add_parser("contact-flow", help="the hotline as Amazon Connect imports it")
    flowing.add_argument("stage", choices=STAGES)
    flowing.add_argument("community", help="its id")
    flowing.add_argument("--recordings", default="", metavar="ADDRESS", help="of the contacts' own pages")
    flowing.set_defaults(do=lambda asked: contact_flow(asked.stage, asked.community, asked.recordings))
    mailing = tasks.add_parser("mail", help="take a mail in from a file, or those that could not be taken")
    mailing.add_argument("stage", choices=STAGES)
    mailing.add_argument("file", type=Path, nargs="?", help="a mail as it came (.eml)")
    mailing.add_argument("--to", action="append", default=[], metavar="ADDRESS", help="in place of its own")
    mailing.add_argument("--again", action="store_true", help="take what could not be taken before")
    mailing.set_defaults(do=lambda asked: mail(asked.stage, asked.file, asked.to, again=asked.again))
    recounting = tasks.add_parser("recount", help="count a month's figures again from the events")
    recounting.add_argument("--repair", action="store_true", help="put right what differs")
    recounting.set_defaults(do=_recount)
    indexing = tasks.add_parser("index", help="have every case found by what it says, as after an update")
    indexing.add_argument("community", help="its id")
    indexing.add_argument("--since", type=_month, help="the first month, such as 2026-11")
    indexing.add_argument("--stage", choices=STAGES, default="local")
    indexing.set_defaults(do=lambda asked: index(desk_of(asked.stage), asked.community, asked.since or ""))
    comparing = tasks.add_parser("what-if", help="run a month's cases under another regulation")
    comparing.set_defaults(do=_what_if)
    for command in (recounting, comparing):
        command.add_argument("community", help="its id")
        command.add_argument("month", type=_month, help="such as 2026-11")
        command.add_argument("--stage", choices=STAGES, default="local")
    book = tasks.add_parser("book", help="write the answer book of a community into a file, or read it in")
    book.add_argument("what", choices=["export", "load"])
    book.add_argument("community", help="its id")
    book.add_argument("file", type=Path, help="a JSON file")
    book.add_argument("--stage", choices=STAGES, default="local")
    book.set_defaults(do=_book)
    households = tasks.add_parser("households", help="look at a file of households, and load it")
    households.add_argument("community", help="its id")
    households.add_argument("file", type=Path, help="an XLSX or CSV file")
    households.add_argument("--load", action="store_true", help="load it, if it is right")
    households.add_argument("--remove", action="store_true", help="take out units that it does not have")
    households.add_argument("--stage", choices=STAGES, default="local")
    households.set_defaults(do=_households)
    roster = tasks.add_parser("roster", help="put the roster of a file in place of a community's")
    roster.add_argument("community", help="its id")
    roster.add_argument("file", type=Path, help="CSV or XLSX as the page gives it, or TOML with 'shifts'")
    roster.add_argument("--load", action="store_true", help="take a table over; without it is only looked at")
    roster.add_argument("--stage", choices=STAGES, default="local")
    roster.set_defaults(
        do=lambda asked: put_roster(desk_of(asked.stage), asked.community, asked.file, load=asked.load)
    )
    comparing.add_argument("pack", help="the regulation, such as S3")


def _prepare(_asked: argparse.Namespace) -> int:
    fetch_wheels()
    cloud_python()
    return 0


def _lint(_asked: argparse.Namespace) -> int:
    linter = Path(sys.executable).with_name("cfn-lint")
    command = [str(linter), "--regions", REGION_FOR_PACKAGING, "--", str(package("local").template)]
    return subprocess.run(command, check=False).returncode  # noqa: S603


def _context(given: str) -> tuple[str, str]:
    name, equals, value = given.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError("a parameter is set like IntakesPerPhone=60")
    return name, value


def _month(given: str) -> str:
    found = re.fullmatch(r"(20\d\d)-?(0[1-9]|1[0-2])", given)
    if found is None:
        raise argparse.ArgumentTypeError("a month is written like 2026-11")
    return found[1] + found[2]


def _recount(asked: argparse.Namespace) -> int:
    return recount(desk_of(asked.stage), asked.community, asked.month, repair=asked.repair)


def _book(asked: argparse.Namespace) -> int:
    desk, do = desk_of(asked.stage), write_out if asked.what == "export" else read_in
    from chalicelib.adapters.dynamo.book import DynamoBook  # here: it needs the tables' names

    return do(desk, asked.community, asked.file, DynamoBook())


def _households(asked: argparse.Namespace) -> int:
    desk = desk_of(asked.stage)
    return load_households(desk, asked.community, asked.file, load=asked.load, removes=asked.remove)


def _what_if(asked: argparse.Namespace) -> int:
    return what_if(desk_of(asked.stage), asked.community, asked.month, asked.pack)


def _exchange(asked: argparse.Namespace) -> int:
    key = getpass.getpass("The key: ") if sys.stdin.isatty() else sys.stdin.readline()
    return set_exchange(asked.stage, asked.account, key, asked.shared_key)


def _deploy(asked: argparse.Namespace) -> int:
    check_released()
    to = destination(asked.stage)
    print(f"Packaging, then deploying {to.stack} to {to.account} in {to.region} …")
    outputs = deploy_to_aws(package(asked.stage), to, _parameters(asked))
    print(
        f"Ready at {outputs['PublicBaseUrl']}; the staff sign in with Cognito pool {outputs['UserPoolId']}."
    )
    if "DomainTarget" in outputs:
        print(f"The domain needs a CNAME entry in its DNS that points to {outputs['DomainTarget']}.")
    return 0


def _parameters(asked: argparse.Namespace) -> dict[str, str]:
    given = {
        "MailFrom": asked.mail_from,
        "AlarmMail": asked.alarm_mail,
        "DomainName": asked.domain,
        "CertificateArn": asked.certificate,
        "PublicBaseUrl": f"https://{asked.domain}" if asked.domain else None,
        "Version": version(),
    }
    return {key: value for key, value in given.items() if value is not None} | dict(asked.set)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        sys.exit(130)  # as a shell says of whatever Ctrl-C ended
    except (CannotGoOnError, DomainError) as problem:
        sys.exit(f"✗ {problem}")
    except (BotoCoreError, ClientError) as refused:
        sys.exit(f"✗ AWS does not go along: {refused}")
