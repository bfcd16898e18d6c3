"""Installs the lowest release of everything that the client and some extras allow: `tox -e lowest`."""

import subprocess
import sys
from importlib.metadata import requires

from packaging.requirements import Requirement

NAME = "shutterstock_api"
EXTRAS = " ".join(sys.argv[1:]).replace(",", " ").split()


def wanted(requirement: Requirement) -> bool:
    if requirement.name.replace("-", "_") == NAME:  # an extra that only names others
        return False
    return not requirement.marker or any(requirement.marker.evaluate({"extra": extra}) for extra in EXTRAS)


def lowest(requirement: Requirement) -> str:
    versions = [bound.version for bound in requirement.specifier if bound.operator == ">="]
    if len(versions) != 1:
        raise SystemExit(f"{requirement}: it has no minimum")
    return f"{requirement.name}=={versions[0]}"


pinned = sorted({lowest(one) for one in map(Requirement, requires(NAME) or ()) if wanted(one)})
print(*pinned, sep="\n")
subprocess.run([sys.executable, "-I", "-m", "pip", "install", "--quiet", *pinned], check=True)
