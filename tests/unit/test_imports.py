"""What is loaded when: a cold start pays for every module, so what few requests need waits for them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]

HEAVY = {
    "boto3",
    "botocore",
    "cryptography",
    "holidays",
    "jinja2",
    "jwt",
    "phonenumbers",
    "pynamodb",
}
"""Each of them takes as long to import as a good part of the application, or longer."""
SENDING = {f"chalicelib.adapters.{name}" for name in ("mail", "sms", "workflow")}
WORKFLOWS = {f"chalicelib.services.workflows.{name}" for name in ("tasks", "outbox", "reconcile")}
DELIVERY = {"chalicelib.services.notices.delivery"}
TEXTS = {f"chalicelib.domain.notices.{name}" for name in ("templates", "placeholders")}
WORDS = {f"chalicelib.adapters.{name}" for name in ("word_files", "notice_texts")}
"""What reads catalogues: its import is the first thing that reading one costs."""


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh process has loaded after the code."""
    script = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", script], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def at_start() -> set[str]:
    return loaded_by("import app")


def test_starting_loads_no_library_that_only_some_requests_need(at_start: set[str]) -> None:
    assert at_start & HEAVY == set()


def test_what_must_not_be_loaded_is_there_to_be_loaded() -> None:
    for name in SENDING | WORKFLOWS | DELIVERY | TEXTS | WORDS:
        assert (ROOT / f"{name.replace('.', '/')}.py").exists(), name


def test_starting_loads_nothing_of_the_workflows(at_start: set[str]) -> None:
    assert at_start & (SENDING | WORKFLOWS | DELIVERY | TEXTS) == set()


def test_starting_reads_no_words(at_start: set[str]) -> None:
    assert at_start & WORDS == set()


FIRE_TIMERS = """
from datetime import timedelta
from chalicelib import wiring
from chalicelib.services.workflows.tasks import Workflows
from chalicelib.tasks.steps import fire_timers
from tests.builders import office
place = office()
wiring.use(desk=place.desk, workflows=Workflows(place.desk, place.stores.waiting, place.workflow))
case = place.register().case
place.clock.advance(timedelta(days=30))
turn = {"community": case.community, "number": case.number, "kind": "dispatch", "round": 1, "restart": 0}
fire_timers({"turn": turn, "turns": 0})
assert place.case(case).version > case.version
"""


def test_timers_fire_without_a_word() -> None:
    assert loaded_by(FIRE_TIMERS) & WORDS == set()


READ_A_CASE = """
import json, boto3
from chalice.test import Client
from moto import mock_aws
from app import app
from tests.builders import community
with mock_aws():
    from chalicelib.adapters.dynamo import directory_admin, tables
    for model in (tables.CaseRow, tables.DirectoryRow, tables.FigureRow, tables.LinkRow):
        model.create_table(billing_mode="PAY_PER_REQUEST")
    secret = json.dumps({"signing_key": "k" * 64})
    boto3.client("secretsmanager").create_secret(Name="test-secret", SecretString=secret)
    directory_admin.put_community(community())
    desk, json_type = Client(app).http, {"Content-Type": "application/json"}
    report = {"text": "灯不亮了", "unit": "3-1201", "name": "王芳", "phone": "13900001234"}
    receipt = desk.post(
        "/v1/communities/riverside/cases", headers=json_type, body=json.dumps(report).encode()
    ).json_body
    code = receipt["tracking_url"].rsplit("/", 1)[1]
    assert desk.get("/v1/links/" + code).json_body["number"] == receipt["number"]
"""


def test_a_case_is_taken_and_read_without_what_sends_or_waits() -> None:
    loaded = loaded_by(READ_A_CASE)
    assert "chalicelib.adapters.dynamo.cases" in loaded
    assert loaded & SENDING == set()
