"""What programs written for the 2019 client call, besides what is still the first choice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shutterstock_api.calls.binding import bind
from shutterstock_api.calls.names import resolve
from shutterstock_api.schema import decoding, encoding
from shutterstock_api.schema.headers import Headers
from shutterstock_api.schema.operation import Operation
from shutterstock_api.support.errors import ApiTypeError, ApiValueError, DecodeError
from shutterstock_api.support.text import to_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shutterstock_api.configuration import Configuration


class Surface2019:
    """Methods of `ApiClient` that lead to today's."""

    configuration: Configuration

    def call_api(
        self,
        resource_path: str,
        method: str,
        path_params: Mapping[str, Any] | None = None,
        query_params: Any = None,
        header_params: Mapping[str, str] | None = None,
        body: Any = None,
        post_params: Any = None,
        files: Any = None,
        response_type: Any = None,
        auth_settings: Any = None,
        async_req: bool | None = None,
        _return_http_data_only: bool | None = None,
        collection_formats: Any = None,
        _preload_content: bool = True,
        _request_timeout: Any = None,
    ) -> Any:
        """Call an endpoint as programs for the 2019 client do; `request` is the newer way.

        `auth_settings` is ignored: the configuration decides.

        Returns:
            `(data, status, headers)`, or data alone with `_return_http_data_only=True`.
        """
        header_params = Headers(header_params or {})
        if post_params or files:
            raise ApiValueError("post_params, files: this API takes JSON; give a body")
        if set((collection_formats or {}).values()) - {"multi", None}:
            raise ApiValueError("collection_formats: this API wants each value on its own, which is `multi`")
        query: dict[str, Any] = {}
        for name, value in query_params.items() if isinstance(query_params, dict) else query_params or ():
            if value is None:
                continue
            query.setdefault(name, []).extend(value if isinstance(value, (list, tuple)) else [value])
        parts = {name: str(part) for name, part in (path_params or {}).items()}
        operation: Operation[Any] = Operation(
            f"{method} {resource_path}", method, resource_path, path=dict.fromkeys(parts, str)
        )
        safe = self.configuration.safe_chars_for_path_param
        path, _ = bind(operation, tuple(parts.values()), safe)
        if "{" in path:
            raise ApiTypeError(f"path_params: {path} lacks a value")
        return self.request(  # type: ignore[attr-defined]
            method,
            path,
            query=query,
            body=body,
            returns=response_type,
            async_req=bool(async_req),
            _return_http_data_only=bool(_return_http_data_only),
            _preload_content=_preload_content,
            _request_timeout=_request_timeout,
            _headers=header_params,
        )

    def sanitize_for_serialization(self, obj: Any) -> Any:
        """Return models, dates and tuples as values that JSON has, without fields that are `None`."""
        return encoding.to_wire(obj)

    def deserialize(self, response: Any, response_type: Any) -> Any:
        """Decode `response.data` as a type such as `Image`, `"list[Image]"` or `"dict(str, Image)"`.

        Raises:
            DecodeError: It is not that.
        """
        if response_type is None:
            return None
        try:
            return decoding.decode(response.data, resolve(response_type))
        except DecodeError:
            if resolve(response_type) not in (str, Any):
                raise
            return to_text(response.data)
