"""`python -m infra mail STAGE FILE.eml`: a mail is taken in as if SES had brought it."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import getaddresses, parseaddr
from pathlib import Path
from typing import Any

from infra.operating import Stage, stage_of
from infra.problems import CannotGoOnError

INBOX = "inbox/"


def mail(
    stage: str,
    file: Path | None,
    recipients: Sequence[str] = (),
    *,
    again: bool,
    say: Callable[[str], None] = print,
) -> int:
    """Has a mail taken in; 1 if one could not be.

    Args:
        recipients: Whom it is for; else whoever it names itself.

    Raises:
        CannotGoOnError: There is no such file, or it names nobody.
    """
    if (file is None) == (not again):
        raise CannotGoOnError("Name a file with a mail, or say --again; not both.")
    at = stage_of(stage)
    store, bucket = at.connect("s3"), at.outputs["RecordingsBucket"]
    if file is None:
        found = store.list_objects_v2(Bucket=bucket, Prefix=INBOX).get("Contents", ())
        names = [str(entry["Key"]) for entry in found]
        mails = [(name, store.get_object(Bucket=bucket, Key=name)["Body"].read()) for name in names]
    else:
        try:
            raw = file.read_bytes()
        except OSError as error:
            raise CannotGoOnError(f"{file} cannot be read: {error.strerror}.") from error
        name = INBOX + hashlib.sha256(raw).hexdigest()[:40]
        store.put_object(Bucket=bucket, Key=name, Body=raw)
        mails = [(name, raw)]
    failed = [name for name, raw in mails if not _taken(at, name, raw, recipients, say)]
    if again:
        say(f"{len(mails) - len(failed)} of {len(mails)} mails taken in.")
    return 1 if failed else 0


def _taken(at: Stage, name: str, raw: bytes, recipients: Sequence[str], say: Callable[[str], None]) -> bool:
    """Has the function take a mail that lies in the bucket; False if it could not."""
    event = received(
        name.removeprefix(INBOX), recipients or recipients_of(raw), checks_of(raw), source_of(raw)
    )
    payload = json.dumps(event).encode()
    answer = at.connect("lambda").invoke(FunctionName=at.outputs["MailInFunction"], Payload=payload)
    found = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        say(f"{name} could not be taken in: {found.get('errorMessage')}")
        return False
    say(", ".join(f"{what}: {count}" for what, count in found.items()))
    return True


def received(
    message: str, recipients: Sequence[str], checks: Mapping[str, str], source: str = ""
) -> dict[str, Any]:
    """What SES tells of a mail that it has put into the bucket; `source` has handed it in."""
    if not recipients:
        raise CannotGoOnError("The mail names nobody whom it is for: say --to COMMUNITY@…")
    found = {f"{check}Verdict": {"status": status} for check, status in checks.items()}
    told = {"messageId": message, "timestamp": datetime.now(UTC).isoformat(), "source": source}
    return {"Records": [{"ses": {"mail": told, "receipt": {"recipients": list(recipients), **found}}}]}


def checks_of(raw: bytes) -> dict[str, str]:
    """What SES has found out, by the headers that it put above the others; passed where there are none."""
    message = message_from_bytes(raw, policy=policy.compat32)
    checks = {name: str(message.get(f"X-SES-{name}-Verdict", "PASS")) for name in ("spam", "virus")}
    said = str(message.get("Authentication-Results", "amazonses.com; spf=pass; dkim=pass; dmarc=pass"))
    for name in ("spf", "dkim", "dmarc"):
        found = re.search(rf"\b{name}=(pass|fail)", said) if said.startswith("amazonses.com") else None
        checks[name] = found[1].upper() if found else "GRAY"
    return checks


def recipients_of(raw: bytes) -> list[str]:
    """The addresses that a mail says it is for."""
    message = message_from_bytes(raw, policy=policy.compat32)
    heads = [str(value) for name in ("to", "cc") for value in message.get_all(name, [])]
    return [address for _, address in getaddresses(heads) if address]


def source_of(raw: bytes) -> str:
    """The address that handed a mail in: `Return-Path`, which SES puts above the others, or `From`."""
    message = message_from_bytes(raw, policy=policy.compat32)
    return parseaddr(str(message.get("Return-Path") or message.get("From") or ""))[1]
