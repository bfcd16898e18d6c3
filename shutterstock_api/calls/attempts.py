"""The attempts of one call: send, look at the outcome, wait, and send again if that is safe."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from shutterstock_api.calls import failures, retry
from shutterstock_api.schema.headers import is_secret
from shutterstock_api.support.errors import ApiConnectionError, ApiException, RateLimitError
from shutterstock_api.support.masking import Secret, masked
from shutterstock_api.support.text import shorten
from shutterstock_api.support.timing import within
from shutterstock_api.telemetry.reporter import CallReporter, is_seen
from shutterstock_api.transport.service import LEAST_LEFT, MOVED, HttpAnswer, HttpRequest, drain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shutterstock_api.calls.throttle import Throttle
    from shutterstock_api.configuration import Configuration
    from shutterstock_api.licensing.outcome_unknown import LicenseCall, LicenseOutcomeUnknown, Reconciliation
    from shutterstock_api.schema.headers import Headers
    from shutterstock_api.schema.operation import Operation
    from shutterstock_api.support.timing import Timing
    from shutterstock_api.telemetry.events import RateLimit
    from shutterstock_api.transport.service import RestClient


SHORTEST_SECRET = 4
"""The shortest secret, in characters, that is masked in errors: shorter ones are parts of many words."""


class CallingClient(Protocol):
    """What a call needs from its client."""

    configuration: Configuration
    default_headers: Headers
    secret_header: str
    """The name of an additional secret header."""
    timing: Timing
    throttle: Throttle
    rest: RestClient

    @property
    def rate_limit(self) -> RateLimit | None: ...

    def reconcile(self, error: LicenseOutcomeUnknown) -> Reconciliation: ...


class Call(NamedTuple):
    """One request, with its timeouts and retries."""

    client: CallingClient
    operation: Operation[Any]
    target: str
    """Path and query."""
    headers: dict[str, str]
    body: bytes | None
    options: Mapping[str, Any]
    timeout: float | tuple[float, float] | None
    policy: retry.RetryPolicy
    asked: LicenseCall | None
    """The licences that it asks for, if it buys any."""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def raw(self) -> bool:
        """Whether the caller reads the body."""
        return self.options.get("_preload_content") is False

    def reporter(self, attempt: int = 0) -> CallReporter:
        """Return the reporter that tells the log and the hooks about this call, from `attempt` on."""
        return CallReporter(
            self.client, self.operation.label, self.operation.method, self.path, self.secrets, attempt
        )

    def secrets(self) -> list[str]:
        """Return the secrets of the request, longest first."""
        client = self.client
        texts = {*client.configuration.secret_texts(), *client.rest.route().secrets}
        for name, value in self.headers.items():
            if is_secret(name, client.secret_header):
                cookies = (part.partition("=")[2].strip() for part in value.split(";"))
                texts |= {value, value.partition(" ")[2], *cookies}
        if self.operation.form:
            texts |= failures.form_secrets(self.body)
        return [Secret(text) for text in sorted(texts, key=len, reverse=True) if len(text) >= SHORTEST_SECRET]


def send_with_retries(call: Call) -> HttpAnswer:
    """Send until there is a successful answer, or a reason not to send again."""
    client = call.client
    reporter = call.reporter() if is_seen(client) else None
    attempt = resent = 0
    renewed = False
    error: ApiException | None = None
    while True:
        if client.throttle.resume:
            _take_turn(call, error)
        attempt += 1
        outcome = _attempt(call, attempt, reporter)
        if isinstance(outcome, HttpAnswer):
            return outcome
        error, reporter = outcome, reporter or call.reporter(attempt)
        renewable = error.status == 401 and not renewed
        decision = retry.decide(error, call.operation.sending, call.policy, client.timing, resent, renewable)
        if decision.action == "doubt" and call.asked:
            raise call.asked.outcome_unknown(error) from error
        if decision.action == "renew":
            renewed = _renew(call)
            if not renewed:
                raise error
        elif isinstance(error, RateLimitError):
            _hold_back(call, error, decision, reporter)
        if decision.action == "raise":
            raise error
        reporter.again(error, decision.wait)
        if decision.action == "resend":
            resent += 1
            if error.status != 429:  # in that case the throttle makes it wait
                client.timing.sleep(decision.wait)


def _attempt(call: Call, attempt: int, reporter: CallReporter | None) -> HttpAnswer | ApiException:
    """Send the request once; return the answer if it is a success, otherwise the error."""
    client, operation = call.client, call.operation
    if reporter:
        reporter.sending(attempt)
    try:
        answer = client.rest.send(_request(call))
        client.throttle.see(answer.headers, client.timing.time)
        if 200 <= answer.status < 300 or (operation.location and answer.status in MOVED):
            if reporter:
                reporter.answered(answer.status, answer.headers, None if call.raw else len(answer.data))
            return answer if attempt == 1 else answer._replace(attempts=attempt)
        error = _error(call, answer)
    except ApiConnectionError as failure:
        error = failure
        error.reason = shorten(masked(error.reason or "", call.secrets()), 200)
    error.method, error.path, error.attempts = operation.method, call.path, attempt
    if reporter:
        reporter.failed(error)
    return error


def _hold_back(call: Call, error: RateLimitError, decision: retry.Decision, reporter: CallReporter) -> None:
    """Make all threads of the client wait for as long as a 429 asks, even if this call ends here."""
    now = call.client.timing.monotonic()
    if decision.wait <= call.policy.longest_wait:
        call.client.throttle.hold(now, decision.wait)
    if decision.action == "raise":
        error.hint = failures.limit_hint(error, decision.wait, call.policy, now)
        reporter.limited(decision.wait)


def _take_turn(call: Call, error: ApiException | None) -> None:
    """Wait for as long as the service has asked this client to.

    Raises:
        RateLimitError: The wait would be longer than this call allows.
    """
    timing, throttle, policy = call.client.timing, call.client.throttle, call.policy
    while wait := throttle.wait(timing.monotonic(), timing.chance()):
        if error is None:  # otherwise it is certain already that this call waits
            call.reporter().limited(wait)
        too_long = wait > policy.longest_wait + retry.LONGEST_SPREAD
        now = timing.monotonic()
        if too_long or policy.ends_within(wait, now):
            ends_with = error or _held_back(call, wait)
            if isinstance(ends_with, RateLimitError):
                ends_with.hint = failures.limit_hint(ends_with, wait, policy, now)
            raise ends_with
        timing.sleep(wait)


def _held_back(call: Call, wait: float) -> RateLimitError:
    error = RateLimitError(
        reason=f"not sent: the service has asked this client to wait {wait:.0f} s",
        method=call.operation.method,
        path=call.path,
    )
    error.attempts = 0
    error.retry_after = wait
    error.reset_at = datetime.fromtimestamp(call.client.timing.time(), UTC) + timedelta(seconds=wait)
    return error


def _renew(call: Call) -> bool:
    """Replace the refused credentials by other ones, if there are any."""
    refused = call.headers.get("Authorization")
    given = any(name.lower() == "authorization" for name in call.options.get("_headers", ()))
    if refused is None or given or call.operation.anonymous:
        return False
    renew = partial(call.client.configuration.renewed_authorization, call.operation.basic, refused)
    better = within(call.policy.until, call.client.timing.monotonic, renew)
    if better is None:
        return False
    call.headers["Authorization"] = better
    return True


def _request(call: Call) -> HttpRequest:
    operation, until = call.operation, call.policy.until
    return HttpRequest(
        method=operation.method,
        target=call.target,
        headers=call.headers,
        body=call.body,
        timeout=call.timeout,
        left=None if until is None else max(LEAST_LEFT, until - call.client.timing.monotonic()),
        stream=call.raw,
        follow=operation.sending == "read" and not operation.location,
        once=operation.sending != "read",
    )


def _error(call: Call, answer: HttpAnswer) -> ApiException:
    client, now = call.client, call.client.timing.time()
    if call.raw:
        answer = answer._replace(data=drain(answer))
    error = failures.error_of(answer, call.operation, client.configuration, call.secrets(), now)
    if error.status == 429:
        client.throttle.see(error.headers, client.timing.time, error.content)
    return error
