"""The entry for setuptools: `pyproject.toml` has the metadata; this puts the contract into the wheel."""

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


setup(cmdclass={"build_py": BuildWithContract})
