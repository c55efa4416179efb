"""The project's own files, as the tests of its promises read them."""

import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def files() -> list[Path]:
    """Every file of the project that is kept, or is about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def pyproject() -> dict[str, Any]:
    """The project's description."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def dependencies(*, development: bool = False) -> list[Requirement]:
    """What the project asks for by name, for running or, beyond that, for development."""
    project = pyproject()["project"]
    return [
        Requirement(line)
        for line in (project["optional-dependencies"]["dev"] if development else project["dependencies"])
    ]


@dataclass(frozen=True, slots=True)
class Pin:
    """One requirement of the lock."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name in the one spelling that compares."""
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        """The one version that it allows."""
        (specifier,) = self.requirement.specifier
        return specifier.version


def pins() -> dict[str, Pin]:
    """The lock by name."""
    lines = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if not line.strip().startswith("#")]
    found = []
    for entry in "\n".join(lines).replace("\\\n", " ").splitlines():
        if entry.strip():
            requirement, *options = entry.split(" --hash=")
            found.append(Pin(Requirement(requirement), tuple(option.strip() for option in options)))
    return {pin.name: pin for pin in found}
