"""The doors: every path by which programs import us, and what `dir(shutterstock_api)` shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import shutterstock_api

ROOT = Path(__file__).resolve().parents[2]

# As texts: these paths stay, whatever moves inside.
ERRORS = """
    ApiConnectionError ApiException ApiTimeoutError ApiTypeError ApiValueError BadRequestError ConflictError
    DecodeError DestinationError DownloadError ForbiddenError LedgerError LicenseJobError
    LicenseOutcomeUnknown LicenseRefusedError NotFoundError OAuthError PaginationError RateLimitError
    ServerError UnauthorizedError
"""
DOORS = {
    "api": "ImagesApi OauthApi",
    "api.images_api": "ImagesApi",
    "api.oauth_api": "OauthApi",
    "api_client": "ApiClient",
    "auth": "AuthorizeUrl OAuth Token",
    "configuration": "Configuration",
    "exceptions": ERRORS,
    "notebook": "ContactSheet",
    "pytest_plugin": "shutterstock_api_client shutterstock_client shutterstock_sandbox",
    "reconciliation": "Reconciliation",
    "rest": "ApiException",
    "sandbox": "DEFAULT_SUBSCRIPTION SCOPES USERNAME Fault Faults Request Sandbox SandboxError",
    "sandbox.pytest_plugin": "sandbox",
    "types": "LicenseImageDict LicenseImageRequestDict SearchImageDict",
}
"""Modules, and what programs import from them."""
NAMES = set(
    f"""
    {ERRORS} ApiClient ApiResponse CallOptions Configuration DownloadReport DownloadResult ImagesApi JobImage
    Licence LicenseJob LicenseReport ManyImages OAuth OauthApi Paginated Progress RateLimit RefreshingToken
    RequestEvent ResponseEvent RetryEvent Token TokenFile __version__ download download_many get_many
    paginate with_http_info
    """.split()
)
"""What 1.1.0 has at the top, beside the models."""
MODELS = set(
    """
    AccessTokenDetails AccessTokenRequest AiIndustry AiObjective AssetCollection AssetHint
    BulkImageSearchResults Category CategoryDataList Collection CollectionCreateRequest
    CollectionCreateResponse CollectionDataList CollectionEmbed CollectionItem CollectionItemDataList
    CollectionItemRequest CollectionUpdateRequest Contributor Cookie CustomSizeDimensions
    DownloadAvailability DownloadHistory DownloadHistoryDataList DownloadHistoryFormatDetails
    DownloadHistoryMediaDetails DownloadHistoryRevshareDetails DownloadHistoryUserDetails Error
    FeaturedCollection FeaturedCollectionCoverItem FeaturedCollectionDataList FeaturedCollectionEmbed
    FeaturedCollectionType GrantType Image ImageAssets ImageCreateRequest ImageCreateResponse
    ImageDataList ImageFormat ImageInsights ImageLibrary ImageLicense ImageSearchResults ImageSize
    ImageSizeDetails ImageSort ImageType Insights LabelPerformance Language LicenseImage
    LicenseImageRequest LicenseImageResult LicenseImageResultDataList LicenseImageVector
    LicenseRequestMetadata Model ModelRelease OauthAccessTokenResponse Orientation PeopleAge
    PeopleEthnicity PeopleGender Price Realm Recommendation RecommendationDataList RedownloadImage
    RedownloadSize ResponseType SearchEntitiesRequest SearchEntitiesResponse SearchImage SortOrder
    Suggestions Thumbnail UpdateType UpdatedMedia UpdatedMediaDataList Url VectorFormat VectorSize View
    """.split()
)
"""Its models, and the types of their fields."""


@pytest.mark.parametrize("name", sorted(NAMES | MODELS))
def test_names_at_the_top(name: str) -> None:
    assert name in shutterstock_api.__all__
    assert getattr(shutterstock_api, name) is not None


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_model_in_its_own_file(name: str) -> None:
    found = getattr(shutterstock_api, name)
    file = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() if isinstance(found, type) else "enums"
    assert getattr(import_module(f"shutterstock_api.models.{file}"), name) is found
    assert getattr(import_module("shutterstock_api.models"), name) is found


@pytest.mark.parametrize("door", DOORS)
def test_what_is_behind_a_door(door: str) -> None:
    module = import_module(f"shutterstock_api.{door}")
    for name in DOORS[door].split():
        found = getattr(module, name)
        if name in shutterstock_api.__all__:
            assert found is getattr(shutterstock_api, name)
        if isinstance(found, type) and name in ERRORS.split():
            assert found.__module__ == "shutterstock_api.exceptions"


def test_a_door_opens_without_an_import_of_its_own() -> None:
    code = "import shutterstock_api; print(shutterstock_api.notebook.ContactSheet.__name__)"
    assert run(code) == "ContactSheet\n"


ALL_OF_IT = """
import pkgutil, sys
import shutterstock_api
for module in pkgutil.walk_packages(shutterstock_api.__path__, "shutterstock_api."):
    if not module.name.endswith(("__main__", "pytest_plugin")):
        __import__(module.name)
"""


@pytest.mark.parametrize("before", ["import shutterstock_api", ALL_OF_IT], ids=["at once", "all is loaded"])
def test_dir_shows_public_names_only(before: str) -> None:
    shown = run(f"{before}\nprint(*dir(shutterstock_api))").split()
    modules = {door for door in DOORS if "." not in door} - {"pytest_plugin", "sandbox"} | {"models"}
    assert set(shown) == {*shutterstock_api.__all__, *modules}
    assert len(set(shown)) == len(shown)


def test_nothing_else_that_looks_public_is_there() -> None:
    public = {
        name
        for name, value in vars(shutterstock_api).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert public - {"TYPE_CHECKING", "lazy_names", "stand_ins"} <= set(shutterstock_api.__all__)


def run(code: str) -> str:
    """Return what a fresh Python prints."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, env=bare
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
