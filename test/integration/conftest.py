"""A sandbox for all of these tests, forgetful between them, and clients of it. Time stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import urllib3
from other_processes import SharedClock
from scripted_server import Clock

from shutterstock_api import (
    ApiClient,
    AudioApi,
    CatalogApi,
    ComputerVisionApi,
    Configuration,
    ContributorsApi,
    CustomMusicApi,
    EditorialApi,
    EditorialImagesApi,
    EditorialVideoApi,
    ImagesApi,
    SoundEffectsApi,
    TestApi,
    UsersApi,
    VideosApi,
)
from shutterstock_api.sandbox import Quirks, Sandbox
from shutterstock_api.sandbox.catalogue.images.images import Catalogue
from shutterstock_api.schema import decoding

IMAGES = 100_000
Connect = Callable[..., ImagesApi]


@pytest.fixture(scope="session")
def world() -> Iterator[tuple[Sandbox, Clock]]:
    """The sandbox and the clock that it shares with its clients."""
    clock = SharedClock()
    with Sandbox(images=IMAGES, clock=clock.time, quirks=Quirks(creates_users=True)) as sandbox:
        yield sandbox, clock


@pytest.fixture
def clock(world: tuple[Sandbox, Clock]) -> Iterator[Clock]:
    _, clock = world
    start = clock.now
    yield clock
    clock.now = start
    clock.sleeps.clear()


@pytest.fixture
def sandbox(world: tuple[Sandbox, Clock], clock: Clock) -> Iterator[Sandbox]:
    """The sandbox as on its first day. The test fails where the sandbox breaks the contract."""
    sandbox, _ = world
    yield sandbox
    violations = list(sandbox.violations)
    sandbox.reset()
    assert not violations, "\n".join(violations)


@pytest.fixture
def books(sandbox: Sandbox) -> Any:
    """What the sandbox itself has written down: `collection(id)`, `items(number)`, `upload(id)`."""
    return sandbox._now.store


@pytest.fixture
def sold(sandbox: Sandbox) -> Callable[[], list[dict[str, Any]]]:
    """The licences that were bought since the test began, oldest first."""
    before = len(sandbox.licenses())
    return lambda: sandbox.licenses()[before:]


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """What the sandbox knows about its images, also what no answer tells."""
    return Catalogue(IMAGES)


@pytest.fixture
def connect(sandbox: Sandbox, clock: Clock) -> Iterator[Connect]:
    """Make an api whose pauses take no time, by the settings of a `Configuration`; nobody unless told."""
    clients: list[ApiClient] = []

    def make(host: str | None = None, **settings: Any) -> ImagesApi:
        client = ApiClient(Configuration(host or sandbox.url, **settings))
        client.timing = clock.timing
        clients.append(client)
        return ImagesApi(client)

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def api(sandbox: Sandbox, connect: Connect) -> ImagesApi:
    """With a token that has all scopes."""
    return connect(access_token=sandbox.token())


@pytest.fixture
def videos(client: ApiClient) -> VideosApi:
    return VideosApi(client)


@pytest.fixture
def music(client: ApiClient) -> AudioApi:
    return AudioApi(client)


@pytest.fixture
def sounds(client: ApiClient) -> SoundEffectsApi:
    return SoundEffectsApi(client)


@pytest.fixture
def editorial_images(client: ApiClient) -> EditorialImagesApi:
    return EditorialImagesApi(client)


@pytest.fixture
def editorial_video(client: ApiClient) -> EditorialVideoApi:
    return EditorialVideoApi(client)


@pytest.fixture
def editorial(client: ApiClient) -> EditorialApi:
    return EditorialApi(client)


@pytest.fixture
def users(client: ApiClient) -> UsersApi:
    return UsersApi(client)


@pytest.fixture
def contributors(client: ApiClient) -> ContributorsApi:
    return ContributorsApi(client)


@pytest.fixture
def catalog(client: ApiClient) -> CatalogApi:
    return CatalogApi(client)


@pytest.fixture
def vision(client: ApiClient) -> ComputerVisionApi:
    return ComputerVisionApi(client)


@pytest.fixture
def composer(client: ApiClient) -> CustomMusicApi:
    return CustomMusicApi(client)


@pytest.fixture
def trials(client: ApiClient) -> TestApi:
    return TestApi(client)


@pytest.fixture
def client(api: ImagesApi) -> ApiClient:
    return api.api_client


@pytest.fixture(scope="session")
def web() -> Iterator[Callable[[str], bytes]]:
    """Fetch a file by its link, without credentials."""
    pool = urllib3.PoolManager(retries=False, timeout=10)

    def fetch(url: str) -> bytes:
        answer = pool.request("GET", url)
        assert answer.status == 200, answer.data
        return answer.data

    yield fetch
    pool.clear()


@pytest.fixture(autouse=True)
def strictly_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer of the sandbox needs the tolerant road: what the contract says is what our models are."""

    def convert(value: Any, kind: Any) -> Any:
        pytest.fail(f"an answer does not match {kind}: {value!r:.2000}")

    monkeypatch.setattr(decoding, "convert", convert)
