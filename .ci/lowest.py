"""Installs the lowest release of everything that the client and its extras allow: `tox -e lowest`."""

import subprocess
import sys
from importlib.metadata import requires

from packaging.requirements import Requirement


def lowest(requirement: Requirement) -> str:
    versions = [bound.version for bound in requirement.specifier if bound.operator == ">="]
    if len(versions) != 1:
        raise SystemExit(f"{requirement}: it has no minimum")
    return f"{requirement.name}=={versions[0]}"


pinned = sorted({lowest(Requirement(line)) for line in requires("shutterstock_api") or ()})
print(*pinned, sep="\n")
subprocess.run([sys.executable, "-I", "-m", "pip", "install", "--quiet", *pinned], check=True)
