"""What users write. Type checkers find nothing to object to: `test/unit/test_typing.py` sees to that."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import shutterstock_api
from shutterstock_api import (
    AccessTokenRequest,
    ApiClient,
    ApiResponse,
    CallOptions,
    Configuration,
    DecodeError,
    Image,
    ImagesApi,
    ImageSearchResults,
    ImageSize,
    LicenseImage,
    LicenseImageRequest,
    LicenseImageResultDataList,
    LicenseImageVector,
    LicenseRefusedError,
    LicenseRequestMetadata,
    OAuth,
    OauthApi,
    OAuthError,
    Paginated,
    PaginationError,
    PayingSubscription,
    RateLimit,
    RateLimitError,
    RefreshingToken,
    RequestEvent,
    ResponseEvent,
    SearchImage,
    Token,
    TokenFile,
    get_many,
    in_background,
    paginate,
    subscriptions_for,
    with_http_info,
    with_raw_response,
)
from shutterstock_api.models.contributor import Contributor
from shutterstock_api.notebook import ContactSheet
from shutterstock_api.rest import ApiException
from shutterstock_api.types import LicenseImageDict, LicenseImageRequestDict

configuration = Configuration(access_token="token")
configuration.connection_pool_maxsize = 8
client = ApiClient(configuration, header_name="X-Trace", header_value="1")
api = ImagesApi(client)


# Search.


def search() -> list[str]:
    page = api.search_images(query="cat", sort="newest", per_page=50, view="full", safe=True)
    return [
        f"{image.id} {image.assets.preview.url}"
        for image in page.data or ()
        if image.assets and image.assets.preview
    ]


def values_of_arguments(library: Iterable[str]) -> None:
    api.search_images(sort="a value that the service may add", image_type=["photo", "vector"])
    api.search_images(image_type="photo", contributor=("1", "2"), model="3", library=list(library))
    api.search_images(people_ethnicity="NOT caucasian", aspect_ratio=1, aspect_ratio_min=1.5)
    api.search_images(added_date="2026-01-31", added_date_start=date(2026, 1, 31))
    api.get_image_license_list(start_date=datetime(2026, 1, 31, tzinfo=UTC), end_date=date(2026, 2, 1))
    api.get_updated_images(start_date="2026-01-31", type="addition")
    api.get_image_list(["1", "2"])
    api.get_image_list("1", view="minimal")


def types_in_variables() -> None:
    size: ImageSize = "huge"
    kinds = ["photo", "vector"]
    ids: tuple[str, ...] = ("1", "2")
    options: CallOptions = {"_retries": 0, "_request_timeout": (1, 2.5)}
    api.search_images(image_type=kinds, **options)
    api.get_image_list(ids)
    api.license_images({"images": [{"image_id": "1"}]}, size=size)


# Results by the thousand.


def pages() -> list[str | None]:
    found = paginate(api.search_images, query="cat", sort="newest", limit=1000, prefetch=1, _retries=1)
    again: Paginated[ImageSearchResults] = found
    images: Iterable[Image] = paginate(api.get_similar_images, "1", page=2, per_page=100)
    counts = [page.total_count or 0 for page in again.pages()]
    items = [item.added_time for item in paginate(api.get_lightbox_items, "1", limit=None)]
    names = [collection.name for collection in paginate(api.get_lightbox_list)]
    categories = [category.name for category in paginate(api.get_image_categories, limit=3)]
    suggestions: list[str] = list(paginate(api.get_image_suggestions, "su", limit=5))
    licences = [licence.license for licence in paginate(api.get_image_license_list)]
    bulk = [result.data for result in paginate(api.bulk_search_images, [{"query": "cat"}])]
    print(counts, items, categories, suggestions, licences, bulk, [image.id for image in images])
    try:
        return [*names, *(image.description for image in found)]
    except PaginationError as error:
        return [str(error.page), str(error.items)]


def tables() -> list[dict[str, Any]]:
    found = paginate(api.search_images, query="cat", limit=100)
    frame = found.to_pandas()
    rows, columns = frame.shape
    print(rows, columns, ContactSheet(found))
    return [*found.to_records(), *api.get_image_license_list().to_records()]


def many_ids(ids: Iterable[str]) -> list[str]:
    found = get_many(api, ids, view="full", fields="data(id,keywords)", _request_timeout=5)
    images, missing = found
    print([image.keywords for image in images])
    more = get_many(api.get_image_list, ids, view="full", _retries=1)
    print([image.keywords for image in more.items])
    return found.missing + missing + more.missing


# Licensing, with models, dicts and both.


def license_with_models(ids: Iterable[str]) -> LicenseImageResultDataList:
    images = [LicenseImage(image_id=id, size="huge", metadata={"job": {"id": 5}}) for id in ids]
    body = LicenseImageRequest(images=[*images])
    return api.license_images(body, subscription_id="s1", format="jpg")


def license_step_by_step() -> str | None:
    image = LicenseImage()
    image.image_id = "1"
    image.metadata = LicenseRequestMetadata(customer_id="12345")
    request = LicenseImageRequest(images=[image, LicenseImageVector(image_id="2", size="vector")])
    for result in api.license_images(request).data or ():
        if result.error is None and result.download is not None:
            return result.download.url
    return None


def licensed_or_not(results: LicenseImageResultDataList) -> list[str | None]:
    try:
        results.raise_for_failures()
    except LicenseRefusedError as refused:
        print([result.error for result in refused.failed], len(refused.licensed), refused.unclear)
    print([result.error for result in results.failed], results.unclear)
    return [result.license_id for result in results.licensed]


def license_with_dicts(metadata: Mapping[str, Any]) -> None:
    images: list[LicenseImageDict] = [{"image_id": "1", "metadata": metadata}, {"image_id": "2"}]
    api.license_images({"images": images})
    api.license_images(images)
    api.license_images({"images": [LicenseImage(image_id="1")]}, search_id="abc")
    api.create_lightbox({"name": "Cats"})
    api.add_lightbox_items("1", {"items": [{"id": "2"}]})


def search_in_bulk() -> None:
    api.bulk_search_images([SearchImage(query="cat", license=["editorial"]), {"query": "dog"}])
    searches = [SearchImage(query=word) for word in ("cat", "dog")]
    api.bulk_search_images(searches, per_page=5)
    api.bulk_search_images([{"query": word} for word in ("cat", "dog")])
    for result in api.bulk_search_images(tuple(searches)).results or []:
        print(result.total_count or 0, [image.description for image in result.data or []])


def values_alone(found: ImageSearchResults, ids: list[str]) -> None:
    api.license_images(["17", LicenseImage(image_id="18"), {"image_id": "19", "size": "huge"}, *found])
    api.license_images(api.search_images(query="cat"))
    api.license_images(paginate(api.search_images, query="cat", limit=5))
    api.license_images(image for image in found if image.has_model_release)
    api.license_images({"17", "18"})
    api.license_images({"17": "a cat"}.keys())
    api.license_images(map(str, [17, 18]))
    api.license_images(ids)
    api.create_lightbox("Cats")
    api.add_lightbox_items("1", ["17", {"id": "18"}])
    body: LicenseImageRequestDict = {"images": [{"image_id": image.id} for image in found]}
    api.license_images(body)


# One client.


def one_client() -> list[str | None]:
    with ApiClient(access_token="v2/...", timeout=(1, 10), retries=1, on_retry=print) as made:
        patient: ApiClient = made.with_options(timeout=60, deadline=None, headers={"X-Team": "web"})
        found = patient.images.search_images(query="cat")
        first: list[Image] = [*found][: len(found) // 2]
        print(made.users.get_user().username, made.videos.get_video("1").id, len(first))
        with ImagesApi(Configuration()) as own:
            names = [collection.name for collection in own.get_lightbox_list()]
        return [*names, *(image.description for image in found), *made.audio.get_genres()]


def which_pay() -> list[int | None]:
    payers: list[PayingSubscription] = subscriptions_for(client.videos, size="hd")
    print([one.subscription.description for one in subscriptions_for(api, license="standard")])
    return [one.left for one in payers]


# Credentials and tokens.


def log_in(file: Path) -> Configuration:
    oauth = OAuth("key", "secret", configuration=Configuration(token_file="token.json"))
    token: Token = oauth.login(["user.view", "licenses.view"], token_file=file, port=3000, open_browser=print)
    ends: datetime | None = token.expires_at
    print(ends, token.access_token, token.seconds_left(0.0))
    return Configuration(access_token=RefreshingToken(oauth, TokenFile(file)), license_marker="request")


def log_in_elsewhere(address: str) -> RefreshingToken | None:
    oauth = OAuth(configuration=configuration)
    page, state = oauth.authorize_url("https://app.example/answer", "user.view", realm="customer")
    try:
        token = oauth.refresh(oauth.exchange(address, state, expires=True))
    except OAuthError as error:
        print(page, error.hint, oauth.client_credentials(expires=False))
        return None
    return RefreshingToken(oauth, Token(token.access_token, token.expires_at, token.refresh_token))


def token_of(account: str) -> Configuration:
    def current() -> str:
        return f"token of {account}"

    configuration = Configuration(access_token=current, timeout=10, license_timeout=None)
    configuration.access_token = lambda: "token"
    configuration.token_file = Path("token.json")
    token: str | None = configuration.access_token
    print(token, configuration.token_file)
    return configuration


def token(code: str) -> str | None:
    oauth = OauthApi(client)
    page: str = oauth.authorize("key", "http://localhost:3000", "code", "state", scope="user.view")
    request = AccessTokenRequest(client_id="key", grant_type="authorization_code", code=code, expires=True)
    granted = oauth.create_access_token(request)
    again = oauth.create_access_token({"client_id": "key", "grant_type": "client_credentials"})
    print(page, granted.expires_in)
    return granted.access_token or again.access_token


# Models.


def models() -> dict[str, Any]:
    image = Image(id="1", contributor=Contributor(id="2"), added_date=date(2026, 1, 31))
    image.keywords = ["cat"]
    copied: Image = Image.from_json(image.to_json())
    again: Image = Image.from_dict(image.to_dict())
    assert copied == again
    assert image.additional_properties.get("mood") is None
    year: int | None = image.added_date.year if image.added_date else None
    names: list[str] = [*Image.swagger_types, *Image.attribute_map.values(), image.to_str(), str(year)]
    return {"names": names, "image": shutterstock_api.models.Image().to_dict()}


# Options, headers, errors.


def options() -> None:
    api.get_image("1", _request_timeout=5, _retries=1, _deadline=10.5)
    api.get_image("1", _request_timeout=(1, 2.5), _headers={"X-Trace": "2"}, _max_retry_wait=1)
    api.get_image("1", language="de", _return_http_data_only=True, async_req=False)


def with_headers() -> int:
    response: ApiResponse[Image] = with_http_info(api.get_image)("1", view="full")
    image, status, headers = response
    print(image.id, response.data.id, headers.get("X-Request-Id"), response.headers["Content-Type"])
    return status


async def in_the_background(ids: list[str]) -> list[str | None]:
    pending = [in_background(api.get_image)(id, view="full") for id in ids]
    first: Future[Image] = pending[0]
    print(first.result(5).id, pending[-1].get(5).id, pending[0].ready())
    images = await asyncio.gather(*map(asyncio.wrap_future, pending))
    raw = with_raw_response(api.get_image)("1")
    print(raw.status, raw.headers["Date"], raw.data.description)
    return [image.description for image in images]


def other_endpoints() -> str | None:
    images = client.request("GET", "/v2/images", query={"id": ["1"]}, returns=list[Image])
    print(client.request("GET", "/v2/anything")["new"])
    return client.request("GET", "/v2/images/1", returns=Image).description or images[0].description


def errors() -> float | None:
    try:
        api.get_image("1")
    except RateLimitError as error:
        print(error.reset_at.year if error.reset_at else None, error.limit, error.remaining)
        return error.retry_after
    except DecodeError as error:
        print(error.body, error.content.get("message"))
    except ApiException as error:
        print(error.status, error.reason, error.headers.get("Retry-After"), error.errors[:1])
    return None


def pace() -> int | None:
    seen: RateLimit | None = client.rate_limit
    return seen.remaining if seen and seen.reset_at and seen.limit else None


def observed(event: ResponseEvent) -> float:
    left = event.rate_limit.remaining if event.rate_limit else None
    print(event.operation, event.method, event.path, event.attempt, event.status, event.error, left)
    return event.duration + (event.bytes or 0)


def hooks() -> Configuration:
    seen: list[RequestEvent | ResponseEvent] = []
    settings = Configuration(on_request=seen.append, on_retry=lambda event: print(event.wait, event.error))
    settings.on_response = observed
    return settings


def lifetime() -> Any:
    with ApiClient() as short_lived:
        ImagesApi(short_lived).get_image_categories(language="de")
        return short_lived.request("GET", "/v2/images/1", query={"view": "full"}, returns=Image, _retries=0)
