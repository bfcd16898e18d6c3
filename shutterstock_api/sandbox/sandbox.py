"""`Sandbox`: the service in your own process."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import cache, lru_cache, partial
from os import PathLike, fspath
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, parse_qsl, urlsplit

import shutterstock_api

from .account.gate import SCOPES, Gate
from .account.links import Links
from .account.oauth import OAuth
from .account.store import Store
from .account.subscriptions import DEFAULT_SUBSCRIPTION
from .application import Application
from .catalogue.editorial.stock import EditorialImageStock, EditorialVideoStock
from .catalogue.images.stock import ImageStock
from .catalogue.sounds.stock import EffectStock, TrackStock
from .catalogue.videos.stock import VideoStock
from .contract.contract import load_contract
from .http.faults import Faults
from .http.limits import RateLimit
from .http.messages import Request
from .http.names import keywords_explained
from .http.quirks import Quirks
from .http.server import Server
from .operations.call import Service


class SandboxError(AssertionError):
    """The sandbox is not running, or it broke the contract itself."""


_image_stock = lru_cache(maxsize=4)(ImageStock)
_video_stock = cache(partial(VideoStock, 200_000))
_track_stock = cache(partial(TrackStock, 20_000))
_effect_stock = cache(partial(EffectStock, 20_000))
_editorial_images, _editorial_videos = cache(EditorialImageStock), cache(EditorialVideoStock)


@keywords_explained
class Sandbox:
    """A local stand-in for the service. Use it in a `with` statement, or call `start()` and `stop()`.

    Args:
        port: Port on 127.0.0.1 to listen on; 0 takes any free port.
        database: File in which collections and licences are kept; `None` keeps them in memory.
        images: How many images searches find.
        allotment: The number of licences of the default subscription at the start.
        clock: Function that returns the time in seconds since 1970.
        rate_limit: `(requests, seconds)`; `None` sets no limit.
        rotate_refresh_tokens: Whether a refresh token works only once and is replaced when it is used.
        log: Function that is called with one line per request.
        quirks: Quirks of the service. Assign `sandbox.quirks = Quirks(...)` to change them later.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        database: str | PathLike[str] | None = None,
        images: int = 1_000_000,
        allotment: int = 10_000,
        clock: Callable[[], float] = time.time,
        rate_limit: tuple[int, float] | None = None,
        rotate_refresh_tokens: bool = False,
        log: Callable[[str], object] | None = None,
        quirks: Quirks | None = None,
    ) -> None:
        self._port = port
        self._database = None if database is None else fspath(database)
        self._images = images
        self._allotment = allotment
        self._clock = clock
        self._rate_limit = None if rate_limit is None else RateLimit(*rate_limit, self._time)
        self._rotate_refresh_tokens = rotate_refresh_tokens
        self._log = log
        self._first_quirks = quirks or Quirks()
        self.quirks: Quirks = self._first_quirks
        self._running: _Running | None = None

    # Start and stop

    def start(self) -> Self:
        """Start the server. Does nothing if it is running."""
        if self._running is None:
            self._running = _Running(self)
        return self

    def stop(self) -> None:
        """Stop the server and close every connection, thread and file. Does nothing if it has stopped."""
        running, self._running = self._running, None
        if running is not None:
            running.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        violations = self.violations if self._running is not None else []
        self.stop()
        if violations and error is None:
            raise SandboxError("the sandbox broke the contract:\n" + "\n".join(violations))

    def reset(self) -> None:
        """Return to the state of the first start. The address, tokens and links stay valid."""
        running = self._now
        running.store.reset()
        running.gate.reset()
        running.oauth.reset()
        running.application.cache.clear()
        self.faults.clear()
        self.quirks = self._first_quirks
        self.requests.clear()
        self.violations.clear()
        if self._rate_limit is not None:
            self._rate_limit.reset()

    @property
    def _now(self) -> _Running:
        if self._running is None:
            raise SandboxError("the sandbox is not running: use `with Sandbox() as sandbox:` or call start()")
        return self._running

    def _time(self) -> float:
        """The time, by the service's clock."""
        return self._clock() + self.quirks.clock_ahead

    # Access

    @property
    def url(self) -> str:
        """Address of the server, such as `http://127.0.0.1:41234`."""
        return self._now.url

    @property
    def key(self) -> str:
        """The consumer key, for HTTP Basic and OAuth."""
        return self._now.gate.key

    @property
    def secret(self) -> str:
        """The consumer secret."""
        return self._now.gate.secret

    def token(self, scopes: Iterable[str] = SCOPES, *, lifetime: float | None = None) -> str:
        """A token with these scopes (all by default) that expires after `lifetime` seconds, or never."""
        return self._now.gate.token(scopes, lifetime)

    def revoke(self, token: str) -> None:
        """Refuse a token from now on."""
        self._now.gate.revoke(token)

    def consent(self, page: str, allow: bool = True) -> str:
        """Press Allow (or Deny) on the login page, and return the address to which the browser is sent.

        `page` is the address of the login page, or the one that `OAuth.authorize_url()` returns.
        """
        oauth, url = self._now.oauth, urlsplit(page)
        if url.path.endswith("/oauth/authorize"):
            defaults = {"scope": "user.view", "realm": "customer"}
            url = urlsplit(oauth.page({**defaults, **dict(parse_qsl(url.query))}))
        signed = parse_qs(url.query).get("question", [""])[0]
        return oauth.decided(oauth.question(signed), allow=allow)

    def configuration(
        self, scopes: Iterable[str] | None = None, **settings: Any
    ) -> shutterstock_api.Configuration:
        """A `shutterstock_api.Configuration` with a token that has these scopes (all by default).

        `settings` are attributes of the configuration, such as `retries=0`.
        """
        configuration = shutterstock_api.Configuration()
        configuration.host = self.url
        configuration.proxy = ""  # it is on this machine
        configuration.access_token = self.token(SCOPES if scopes is None else scopes)
        for name, value in settings.items():
            setattr(configuration, name, value)
        return configuration

    def client(self, scopes: Iterable[str] | None = None, **settings: Any) -> shutterstock_api.ApiClient:
        """A client of this sandbox; it takes what `configuration` takes."""
        return shutterstock_api.ApiClient(self.configuration(scopes, **settings))

    # Inspection

    @property
    def faults(self) -> Faults:
        """The faults that wait for requests."""
        return self._now.application.faults

    @property
    def requests(self) -> deque[Request]:
        """The latest 10,000 requests, oldest first."""
        return self._now.application.requests

    @property
    def violations(self) -> list[str]:
        """How the sandbox itself broke the contract; if it did, the end of the `with` block raises."""
        return self._now.application.violations

    def licenses(self) -> list[dict[str, Any]]:
        """Every licence as it was granted: `id`, `image_id`, `subscription_id`, `charge`, `metadata`, ...

        The licensed item is in `medium` and `item_id`, and under its name in requests for the medium, such as
        `image_id`; the names of other media are `None`.
        """
        names = {medium.name: medium.item_id for medium in load_contract().media}
        absent = dict.fromkeys(names.values())
        return [{**absent, **row, names[row["medium"]]: row["item_id"]} for row in self._now.store.licenses()]

    def allotment(self, subscription_id: str = DEFAULT_SUBSCRIPTION) -> int:
        """The number of licences that are left on a subscription."""
        subscription = self._now.store.subscription(subscription_id)
        if subscription is None:
            raise KeyError(subscription_id)
        return int(subscription["allotment"])


class _Running:
    """The parts of a running sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        clock = sandbox._time
        images, contract = _image_stock(sandbox._images), load_contract()
        self.store = Store(sandbox._database, sandbox._allotment)
        try:
            self.gate = Gate(self.store.signing_key, clock)
            # Links need the address, so the server binds first and gets its application before it starts.
            self._server = Server(sandbox._port, lambda request: self.application.handle(request))
        except BaseException:
            self.store.close()
            raise
        self.url = f"http://127.0.0.1:{self._server.port}"
        links = Links(self.store.signing_key, clock)
        rotate = sandbox._rotate_refresh_tokens
        self.oauth = OAuth(self.gate, self.store.signing_key, clock, self.url, rotate=rotate)
        service = Service(
            contract,
            images,
            _video_stock(),
            _track_stock(),
            _effect_stock(),
            _editorial_images(),
            _editorial_videos(),
            self.store,
            links,
            self.oauth,
            clock,
            true_time=sandbox._clock,
            quirks=lambda: sandbox.quirks,
            base_url=self.url,
        )
        self.application = Application(service, self.gate, sandbox._rate_limit, sandbox._log)
        self._server.start()

    def close(self) -> None:
        self.application.stopping.set()
        self._server.close()
        self.store.close()
