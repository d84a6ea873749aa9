"""What is deployed as functions: each once, with a role, limits, a log and an environment of its own."""

import json
import sys
import zipfile

import pytest
from msgspec import NODEFAULT
from msgspec.structs import fields

from chalicelib.settings import Settings
from infra.package import Package
from infra.places import CHALICE_CONFIG
from tests.infra.looking import Template, functions, of_type, referred

API_GATEWAY_WAITS_SECONDS = 29
LARGEST_UNPACKED_BYTES = 120 * 1024 * 1024


def test_the_functions_are_those_of_the_configuration(template: Template) -> None:
    """Two functions of one name would silently become one (style P25): so they are counted by name."""
    configured = json.loads(CHALICE_CONFIG.read_text("utf-8"))["lambda_functions"]
    handlers = {function["Handler"].removeprefix("app.") for function in functions(template).values()}
    assert handlers - {"app"} == set(configured) - {"api_handler"}
    assert len(functions(template)) == len(handlers)


def test_every_handler_is_in_app(template: Template) -> None:
    """A handler in a blueprint is deployed as chalicelib.…, and app.py never runs (style P1)."""
    assert all(function["Handler"].startswith("app.") for function in functions(template).values())


def test_each_function_has_a_role_of_its_own(template: Template) -> None:
    roles = [function["Role"]["Fn::GetAtt"][0] for function in functions(template).values()]
    assert len(set(roles)) == len(roles)
    assert set(roles) <= set(of_type(template, "AWS::IAM::Role"))


def test_runtime_time_and_memory_are_set(template: Template) -> None:
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for name, function in functions(template).items():
        assert function["Runtime"] == runtime, name
        assert function["MemorySize"] >= 256, name
        assert 1 <= function["Timeout"] <= 300, name
    assert functions(template)["APIHandler"]["Timeout"] <= API_GATEWAY_WAITS_SECONDS


def test_each_function_has_a_log_that_forgets(template: Template) -> None:
    logs = of_type(template, "AWS::Logs::LogGroup")
    logged = set()
    for name, log in logs.items():
        assert 1 <= log["Properties"]["RetentionInDays"] <= 365, name
        logged |= referred(log["Properties"]["LogGroupName"])
    assert logged == set(functions(template))


def test_the_environment_is_what_the_settings_want(template: Template) -> None:
    given = set(template["Globals"]["Function"]["Environment"]["Variables"])
    wanted = {entry.name.upper() for entry in fields(Settings)} - {"AWS_REGION"}
    assert given == wanted | {"METRICS_NAMESPACE"}, "the log reads that one itself"
    assert not any(name.startswith("AWS_") for name in given), "Lambda sets these itself"


def test_what_need_not_be_set_is_as_in_the_settings(template: Template) -> None:
    """Whoever deploys may set it, and whoever does not gets what the code has."""
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    optional = {
        entry.name.upper(): entry.default for entry in fields(Settings) if entry.default is not NODEFAULT
    }
    given = {name: template["Parameters"][variables[name]["Ref"]]["Default"] for name in optional}
    assert given == optional


def test_the_environment_is_all_there_is(template: Template) -> None:
    """A secret in an environment variable can be read by whoever may look at the function."""
    for name, function in functions(template).items():
        assert "Environment" not in function, name


def test_the_zip_leaves_out_what_lambda_brings(packaged: Package) -> None:
    with zipfile.ZipFile(packaged.code) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
        unpacked = sum(entry.file_size for entry in archive.infolist())
    assert {"app.py", "chalicelib", "chalice", "pynamodb"} <= tops
    assert not tops & {"boto3", "botocore", "urllib3", "tests", "infra", "moto", "pip"}
    assert unpacked < LARGEST_UNPACKED_BYTES


def test_every_module_in_the_zip_is_compiled(packaged: Package) -> None:
    """Otherwise every new worker compiles it anew, since the folder is read-only."""
    with zipfile.ZipFile(packaged.code) as archive:
        names = set(archive.namelist())
    tag = sys.implementation.cache_tag
    missing = [
        name
        for name in names
        if name.startswith(("app.py", "chalicelib/", "pynamodb/")) and name.endswith(".py")
        if name.rpartition("/")[0] + ("/" if "/" in name else "") + f"__pycache__/{_stem(name)}.{tag}.pyc"
        not in names
    ]
    assert missing == []


@pytest.mark.parametrize("suffix", [".toml", ".html", ".css", ".js"])
def test_data_of_the_application_travels_along(packaged: Package, suffix: str) -> None:
    with zipfile.ZipFile(packaged.code) as archive:
        assert any(name.startswith("chalicelib/") and name.endswith(suffix) for name in archive.namelist())


def _stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".py")
