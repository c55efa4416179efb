"""The project as a whole: what is installed, and that it stands by itself."""

import ast
import re
import sys
from importlib.metadata import entry_points, packages_distributions
from pathlib import Path

import click
import pytest
from packaging.utils import canonicalize_name

from tests.docs.project import ROOT, dependencies, files, pyproject

PACKAGES = ("bot", "models", "scheduler")

# What a file must not hold: it says that a thing is unfinished, or ties the project to one place.
STRAYS = {
    "an unfinished piece": re.compile(rb"NotImplemented[E]rror|\b(?:T[O]DO|F[I]XME)\b"),
    "a test that does not run": re.compile(rb"pytest\.(?:mark\.)?(?:s[k]ip|x[f]ail)"),
    "a folder of one machine": re.compile(rb"(?<![\w./~-])/(?:home|root|Users|opt|mnt)/\w"),
}


def test_the_packages_are_those_of_the_rooms() -> None:
    installed = {name for name, owners in packages_distributions().items() if "jielong" in owners}
    assert {name for name in installed if not name.startswith("_")} == set(PACKAGES)


def test_what_is_imported_is_asked_for_by_name() -> None:
    asked = {canonicalize_name(requirement.name) for requirement in dependencies()}
    owners = {name: {canonicalize_name(owner) for owner in owners} for name, owners in packages_distributions().items()}
    foreign = imports() - set(sys.stdlib_module_names) - set(PACKAGES)
    assert {name for name in foreign if not owners[name] & asked} == set()


def imports() -> set[str]:
    """The top-level names that the product's modules import, wherever in them."""
    found = set()
    for file in files():
        if file.suffix == ".py" and file.relative_to(ROOT).parts[0] in (*PACKAGES, "alembic"):
            for node in ast.walk(ast.parse(file.read_bytes())):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module.partition(".")[0])
    return found


def test_every_list_and_template_is_installed_with_its_package() -> None:
    patterns = pyproject()["tool"]["setuptools"]["package-data"]["*"]
    kept = [file for file in files() if file.relative_to(ROOT).parts[0] in PACKAGES and file.suffix != ".py"]
    assert [str(file) for file in kept if not any(file.match(pattern) for pattern in patterns)] == []


def test_the_command_is_there() -> None:
    (command,) = entry_points(group="console_scripts", name="jielong")
    assert isinstance(command.load(), click.Command)


@pytest.mark.parametrize("stray", STRAYS)
def test_no_file_holds(stray: str) -> None:
    def holds(file: Path) -> bool:
        return STRAYS[stray].search(file.read_bytes()) is not None

    assert [str(file.relative_to(ROOT)) for file in files() if holds(file)] == []
