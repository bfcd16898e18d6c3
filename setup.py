"""The entry for setuptools: `pyproject.toml` has the metadata; this adds the contract and the description."""

import re
import tomllib
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithContract(build_py):
    """The contract stays in one place, `openapi/` at the root; in the wheel it lies inside the package."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        folder = Path(self.build_lib, "shutterstock_api", "openapi")
        self.mkpath(str(folder))
        for file in sorted(Path("openapi").glob("*.yaml")):
            self.copy_file(str(file), str(folder / file.name))


def description() -> str:
    """Return README for a package index, where links to files of the project lead nowhere.

    They lead to the address `Source` of the project, if there is one. Otherwise the text names the file.
    """
    source = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]["urls"].get("Source")

    def elsewhere(link: re.Match[str]) -> str:
        words, target = link.groups()
        if target.startswith("#"):
            return words
        return f"[{words}]({source}/{target})" if source else f"{words} (`{target}`)"

    return re.sub(r"\[([^\]]+)\]\((?!https?:)([^)]+)\)", elsewhere, Path("README.md").read_text("utf-8"))


setup(
    cmdclass={"build_py": BuildWithContract},
    long_description=description(),
    long_description_content_type="text/markdown",
)
