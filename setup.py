"""The metadata of the project; `pyproject.toml` has the build system and the settings of the tools."""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).resolve().parent


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def version() -> str:
    """Return the version without importing the package, whose requirements may not be there yet."""
    found = re.search(r'^__version__ = "([^"]+)"$', text("shutterstock_api/version.py"), re.MULTILINE)
    if found is None:
        raise ValueError("shutterstock_api/version.py: no line __version__ = ...")
    return found.group(1)


def requirements() -> list[str]:
    lines = (line.strip() for line in text("requirements.txt").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


setup(
    name="shutterstock_api",
    version=version(),
    description="Typed Python client of the Shutterstock API v2: search, license and download images",
    long_description=text("README.md"),
    long_description_content_type="text/markdown",
    license_expression="Apache-2.0",
    license_files=["LICENSE"],
    keywords=["shutterstock", "api", "client", "sdk", "images", "stock photos"],
    classifiers=[
        "Development Status :: 5 - Production/Stable",
        "Intended Audience :: Developers",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Programming Language :: Python :: 3.14",
        "Topic :: Internet :: WWW/HTTP",
        "Topic :: Multimedia :: Graphics",
        "Topic :: Software Development :: Libraries :: Python Modules",
        "Typing :: Typed",
    ],
    python_requires=">=3.11",
    install_requires=requirements(),
    extras_require={
        # logging in, tokens that renew themselves
        "oauth": [
            "filelock>=3.20.3",
            "oauthlib>=3.2.2",
        ],
        # lists as data frames
        "pandas": [
            "pandas>=2.3.3",
        ],
        # a bar for downloads
        "progress": [
            "tqdm>=4.66.3",
        ],
        # the local stand-in for the service, and what examples/quickstart.py shows while it downloads
        "sandbox": [
            "jsonschema-rs>=0.42",
            "Pillow>=12.1.1",
            "PyYAML>=6.0.3",
            "tqdm>=4.66.3",
        ],
    },
    entry_points={"pytest11": ["shutterstock_api = shutterstock_api.pytest_plugin"]},
    # The contract stays in one place, openapi/ at the root; in the wheel it lies inside the package.
    packages=[*find_packages(include=["shutterstock_api", "shutterstock_api.*"]), "shutterstock_api.openapi"],
    package_dir={"shutterstock_api.openapi": "openapi"},
    package_data={
        "shutterstock_api": ["py.typed"],
        "shutterstock_api.openapi": ["*.yaml"],
        "shutterstock_api.sandbox.catalogue.sounds": ["*.mp3", "*.ogg"],
    },
    include_package_data=False,
    zip_safe=False,
)
