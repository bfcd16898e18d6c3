"""A client of the Shutterstock API v2.

import shutterstock_api

api = shutterstock_api.ImagesApi()  # credentials: SHUTTERSTOCK_API_TOKEN
for image in api.search_images(query="cat").data or ():
    print(image.id, image.description)
"""

from typing import TYPE_CHECKING

from shutterstock_api import models
from shutterstock_api.lazy import lazy_names
from shutterstock_api.version import __version__

if TYPE_CHECKING:
    from shutterstock_api.api.images_api import ImagesApi as ImagesApi
    from shutterstock_api.api.oauth_api import OauthApi as OauthApi
    from shutterstock_api.api_client import ApiClient as ApiClient
    from shutterstock_api.auth import OAuth as OAuth, Token as Token
    from shutterstock_api.configuration import Configuration as Configuration
    from shutterstock_api.downloads import (
        DownloadReport as DownloadReport,
        DownloadResult as DownloadResult,
        Licence as Licence,
        Progress as Progress,
        download as download,
        download_many as download_many,
    )
    from shutterstock_api.exceptions import (
        ApiConnectionError as ApiConnectionError,
        ApiException as ApiException,
        ApiTimeoutError as ApiTimeoutError,
        ApiTypeError as ApiTypeError,
        ApiValueError as ApiValueError,
        BadRequestError as BadRequestError,
        ConflictError as ConflictError,
        DecodeError as DecodeError,
        DestinationError as DestinationError,
        DownloadError as DownloadError,
        ForbiddenError as ForbiddenError,
        LedgerError as LedgerError,
        LicenseJobError as LicenseJobError,
        LicenseOutcomeUnknown as LicenseOutcomeUnknown,
        LicenseRefusedError as LicenseRefusedError,
        NotFoundError as NotFoundError,
        OAuthError as OAuthError,
        PaginationError as PaginationError,
        RateLimitError as RateLimitError,
        ServerError as ServerError,
        UnauthorizedError as UnauthorizedError,
    )
    from shutterstock_api.license_job import (
        JobImage as JobImage,
        LicenseJob as LicenseJob,
        LicenseReport as LicenseReport,
    )
    from shutterstock_api.many_images import ManyImages as ManyImages, get_many as get_many
    from shutterstock_api.models import *
    from shutterstock_api.operation import (
        ApiResponse as ApiResponse,
        CallOptions as CallOptions,
        with_http_info as with_http_info,
    )
    from shutterstock_api.pagination import Paginated as Paginated, paginate as paginate
    from shutterstock_api.rate_limit import RateLimit as RateLimit
    from shutterstock_api.telemetry import (
        RequestEvent as RequestEvent,
        ResponseEvent as ResponseEvent,
        RetryEvent as RetryEvent,
    )
    from shutterstock_api.token_file import TokenFile as TokenFile
    from shutterstock_api.token_source import RefreshingToken as RefreshingToken
else:
    _MODULES = {
        "ImagesApi": "api.images_api",
        "OauthApi": "api.oauth_api",
        "ApiClient": "api_client",
        **dict.fromkeys(("OAuth", "Token"), "auth"),
        "Configuration": "configuration",
        **dict.fromkeys(("JobImage", "LicenseJob", "LicenseReport"), "license_job"),
        **dict.fromkeys(
            ("DownloadReport", "DownloadResult", "Licence", "Progress", "download", "download_many"),
            "downloads",
        ),
        **dict.fromkeys(
            (
                "ApiConnectionError",
                "ApiException",
                "ApiTimeoutError",
                "ApiTypeError",
                "ApiValueError",
                "BadRequestError",
                "ConflictError",
                "DecodeError",
                "DestinationError",
                "DownloadError",
                "ForbiddenError",
                "LedgerError",
                "LicenseJobError",
                "LicenseOutcomeUnknown",
                "LicenseRefusedError",
                "NotFoundError",
                "OAuthError",
                "PaginationError",
                "RateLimitError",
                "ServerError",
                "UnauthorizedError",
            ),
            "exceptions",
        ),
        **dict.fromkeys(("Paginated", "paginate"), "pagination"),
        "RateLimit": "rate_limit",
        **dict.fromkeys(("RequestEvent", "ResponseEvent", "RetryEvent"), "telemetry"),
        "TokenFile": "token_file",
        "RefreshingToken": "token_source",
        **dict.fromkeys(("ManyImages", "get_many"), "many_images"),
        **dict.fromkeys(("ApiResponse", "CallOptions", "with_http_info"), "operation"),
        **dict.fromkeys(models.__all__, "models"),
    }
    _DOORS = (
        "api",
        "api_client",
        "auth",
        "configuration",
        "exceptions",
        "models",
        "notebook",
        "reconciliation",
        "rest",
    )
    __getattr__, __dir__ = lazy_names(__name__, _MODULES, _DOORS)

__all__ = [
    "ApiClient",
    "ApiConnectionError",
    "ApiException",
    "ApiResponse",
    "ApiTimeoutError",
    "ApiTypeError",
    "ApiValueError",
    "BadRequestError",
    "CallOptions",
    "Configuration",
    "ConflictError",
    "DecodeError",
    "DestinationError",
    "DownloadError",
    "DownloadReport",
    "DownloadResult",
    "ForbiddenError",
    "ImagesApi",
    "JobImage",
    "LedgerError",
    "Licence",
    "LicenseJob",
    "LicenseJobError",
    "LicenseOutcomeUnknown",
    "LicenseRefusedError",
    "LicenseReport",
    "ManyImages",
    "NotFoundError",
    "OAuth",
    "OAuthError",
    "OauthApi",
    "Paginated",
    "PaginationError",
    "Progress",
    "RateLimit",
    "RateLimitError",
    "RefreshingToken",
    "RequestEvent",
    "ResponseEvent",
    "RetryEvent",
    "ServerError",
    "Token",
    "TokenFile",
    "UnauthorizedError",
    "__version__",
    "download",
    "download_many",
    "get_many",
    "paginate",
    "with_http_info",
]
__all__ += models.__all__
