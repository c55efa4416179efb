"""The lock: everything pinned by hash, nothing that ties it to one index or machine, no version with a known hole."""

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.docs.project import ROOT, Pin, dependencies, pins

LOCKED = pins()


@pytest.mark.parametrize("pin", LOCKED.values(), ids=list(LOCKED))
def test_each_requirement_is_one_version_with_hashes(pin: Pin) -> None:
    (specifier,) = pin.requirement.specifier
    assert specifier.operator == "=="
    assert pin.requirement.url is None
    assert pin.hashes
    for one in pin.hashes:
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", one)


@pytest.mark.parametrize(
    "requirement", [*dependencies(), *dependencies(development=True)], ids=lambda requirement: requirement.name
)
def test_each_dependency_is_locked_at_a_version_that_fits(requirement: Requirement) -> None:
    assert requirement.specifier.contains(LOCKED[canonicalize_name(requirement.name)].version)


@pytest.mark.parametrize(
    "tie",
    [
        pytest.param(r"://", id="an address of an index or a file"),
        pytest.param(r"^\s*-(?!-hash=)", id="an option of the installer"),
        pytest.param(r"(?<!\S)[./~]*/", id="a path"),
    ],
)
def test_the_lock_names_no(tie: str) -> None:
    assert re.search(tie, (ROOT / "requirements.lock").read_text(), re.MULTILINE) is None


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        ("pysqlite3", "0.6.1"),  # the first with a SQLite free of the WAL-reset race
        ("python-multipart", "0.0.27"),  # CVE-2024-24762, CVE-2026-40347, CVE-2026-42561; best not there at all
        ("starlette", "0.49.1"),  # CVE-2025-54121, CVE-2025-62727
    ],
)
def test_no_version_with_a_known_hole(name: str, floor: str) -> None:
    pin = LOCKED.get(name)
    assert pin is None or Version(pin.version) >= Version(floor)
