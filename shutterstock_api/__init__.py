"""A client for the Shutterstock API v2.

import shutterstock_api

client = shutterstock_api.ApiClient()  # credentials: SHUTTERSTOCK_API_TOKEN
for image in client.images.search_images(query="cat"):
    print(image.id, image.description)
"""

from shutterstock_api import api, exceptions
from shutterstock_api.support.lazy import lazy_names, stand_ins
from shutterstock_api.version import __version__ as __version__

TYPE_CHECKING = False  # type checkers know the name; importing `typing` would take longer than all the rest
if TYPE_CHECKING:
    from shutterstock_api import models as models, types as types
    from shutterstock_api.api import *
    from shutterstock_api.api_client import ApiClient as ApiClient
    from shutterstock_api.auth.oauth import OAuth as OAuth
    from shutterstock_api.calls.async_calls import (
        BackgroundCall as BackgroundCall,
        in_background as in_background,
    )
    from shutterstock_api.calls.options import (
        ApiResponse as ApiResponse,
        CallOptions as CallOptions,
        with_http_info as with_http_info,
        with_raw_response as with_raw_response,
    )
    from shutterstock_api.configuration import Configuration as Configuration
    from shutterstock_api.credentials.refreshing_token import RefreshingToken as RefreshingToken
    from shutterstock_api.credentials.token import Token as Token
    from shutterstock_api.credentials.token_file import TokenFile as TokenFile
    from shutterstock_api.downloads import download as download
    from shutterstock_api.downloads.fetching import (
        Licence as Licence,
        Progress as Progress,
        download_many as download_many,
    )
    from shutterstock_api.downloads.report import (
        DownloadReport as DownloadReport,
        DownloadResult as DownloadResult,
    )
    from shutterstock_api.exceptions import *
    from shutterstock_api.jobs.license_job import (
        JobImage as JobImage,
        JobItem as JobItem,
        LicenseJob as LicenseJob,
        LicenseReport as LicenseReport,
    )
    from shutterstock_api.licensing.outcome_unknown import Reconciliation as Reconciliation
    from shutterstock_api.licensing.paying import (
        PayingSubscription as PayingSubscription,
        subscriptions_for as subscriptions_for,
    )
    from shutterstock_api.models import *
    from shutterstock_api.paging.lookup import (
        ManyImages as ManyImages,
        ManyItems as ManyItems,
        get_many as get_many,
    )
    from shutterstock_api.paging.pages import Paginated as Paginated, paginate as paginate
    from shutterstock_api.telemetry.events import (
        RateLimit as RateLimit,
        RequestEvent as RequestEvent,
        ResponseEvent as ResponseEvent,
        RetryEvent as RetryEvent,
    )
else:
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
        "types",
    )
    _HOMES = {
        "api": api.__all__,
        "api_client": ("ApiClient", "Configuration"),  # a configuration needs a client to renew its token
        "auth.oauth": ("OAuth",),
        "calls.async_calls": (
            "BackgroundCall",
            "in_background",
        ),
        "calls.options": (
            "ApiResponse",
            "CallOptions",
            "with_http_info",
            "with_raw_response",
        ),
        "credentials.refreshing_token": ("RefreshingToken",),
        "credentials.token": ("Token",),
        "credentials.token_file": ("TokenFile",),
        "downloads.fetching": (
            "Licence",
            "Progress",
            "download",
            "download_many",
        ),
        "downloads.report": (
            "DownloadReport",
            "DownloadResult",
        ),
        "exceptions": exceptions.__all__,
        "jobs.license_job": (
            "JobImage",
            "JobItem",
            "LicenseJob",
            "LicenseReport",
        ),
        "licensing.outcome_unknown": ("Reconciliation",),
        "licensing.paying": (
            "PayingSubscription",
            "subscriptions_for",
        ),
        "paging.lookup": (
            "ManyImages",
            "ManyItems",
            "get_many",
        ),
        "paging.pages": (
            "Paginated",
            "paginate",
        ),
        "telemetry.events": (
            "RateLimit",
            "RequestEvent",
            "ResponseEvent",
            "RetryEvent",
        ),
        "version": ("__version__",),
    }
    _MOVED = {
        "encoding": "schema.encoding calls.binding",
        "headers": "schema.headers",
        "job_report": "jobs.report",
        "ledger": "jobs.ledger",
        "license_job": "jobs.license_job",
        "many_images": "paging.lookup",
        "operation": "calls.options schema.operation",
        "pagination": "paging.pages",
        "progress": "downloads.progress",
        "rate_limit": "telemetry.events",
        "sources": "downloads.sources",
        "token_file": "credentials.token_file",
        "token_source": "credentials.refreshing_token",
        "values": "schema.values",
    }
    stand_ins(__name__, _MOVED)
    _homes = {name: module for module, names in _HOMES.items() for name in names}
    __getattr__, __dir__ = lazy_names(__name__, _homes, modules=_DOORS, rest="models")
