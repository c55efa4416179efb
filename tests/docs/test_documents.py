"""What the documents say is there: commands, files, pages, reasons."""

import re
from pathlib import Path

import pytest

from tests.docs.project import ROOT, dependencies, files

DECISIONS = ROOT / "docs" / "decisions"
PAGES = sorted(DECISIONS.glob("[0-9]*.md"))
DOCUMENTS = sorted(file for file in files() if file.suffix == ".md" and "tests" not in file.parts)
PARTS = ["Context", "Decision", "Cost", "What enforces it"]


def of_root(file: Path) -> str:
    """A readable test id."""
    return str(file.relative_to(ROOT))


def targets() -> set[str]:
    """What `make` can make."""
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=of_root)
def test_each_make_target_that_a_document_names_is_there(document: Path) -> None:
    commands = re.findall(
        r"^make ([a-z]+(?: [a-z]+)*)(?=  |$)|`make ([a-z]+(?: [a-z]+)*)", document.read_text(), re.MULTILINE
    )
    named = {target for command in commands for target in " ".join(command).split()}
    assert named <= targets()


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert re.search(r"^make run  ", readme, re.MULTILINE)
    assert re.search(r"^make check test  ", readme, re.MULTILINE)


def test_ci_runs_the_command_of_the_readme() -> None:
    script = ROOT / ".ci" / "run"
    assert script.read_text().endswith("\nexec make check test\n")
    assert script.stat().st_mode & 0o111


@pytest.mark.parametrize("document", DOCUMENTS, ids=of_root)
def test_each_link_between_documents_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https://|#)([^)#]+)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *PAGES], ids=of_root)
def test_each_file_that_a_document_names_is_there(document: Path) -> None:
    named = re.findall(r"`((?:bot|models|scheduler|alembic|tests|docs)/[\w./]*)`", document.read_text())
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=of_root)
def test_each_decision_is_listed_and_has_its_parts(page: Path) -> None:
    number = page.name[:4]
    assert f"[{number}]({page.name})" in (DECISIONS / "README.md").read_text()
    text = page.read_text()
    assert text.startswith(f"# {int(number)}. ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == PARTS


def test_each_dependency_has_its_reason() -> None:
    page = (DECISIONS / "0001-dependencies.md").read_text()
    explained = re.findall(r"^\| ([\w-]+) \| (?!why this one)", page, re.MULTILINE)
    assert explained == [requirement.name for requirement in dependencies()]


def test_the_changelog_has_a_place_for_what_comes() -> None:
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text()
