"""Operations that spend and have no licence history, as `create_audio_renders` does; media in any order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from scripted_server import HANG_UP, Server, answer

from shutterstock_api import ApiClient, ApiValueError, LicenseOutcomeUnknown
from shutterstock_api.contract import media
from shutterstock_api.schema.operation import Operation

RENDER: Operation[Any] = Operation(
    "render", "POST", "/v2/renders", body="object", returns="object", basic=True, sending="license"
)
BODY = {"audio_renders": [{"preset": "MASTER_MP3"}]}


@pytest.mark.parametrize(
    "told",
    [
        {"audio_renders": [{"id": "r1"}]},
        {"message": "some failed", "audio_renders": [{}, {"id": "r1"}]},
        {"errors": [{"message": "no"}]},
    ],
)
def test_an_answer_that_tells_of_something_is_enough(server: Server, client: ApiClient, told: Any) -> None:
    server.always(answer(200, told))
    assert client.call(RENDER, (BODY,)) == told
    assert server.request.json == BODY  # without a marker


@pytest.mark.parametrize(
    "reply",
    [
        HANG_UP,
        answer(503, {}),
        answer(200, {}),
        answer(200, {"message": "OK"}),
        answer(200, {"audio_renders": []}),
        answer(200, {"audio_renders": [{}, {"id": None}]}),
        answer(200, {"audio_renders": "r1"}),
    ],
)
def test_any_other_answer_leaves_it_open_and_it_is_sent_once(
    server: Server, client: ApiClient, reply: Any
) -> None:
    server.always(reply)
    with pytest.raises(LicenseOutcomeUnknown) as caught:
        client.call(RENDER, (BODY,))
    assert len(server.requests) == 1
    assert (caught.value.medium, caught.value.image_ids) == (None, [])
    with pytest.raises(ApiValueError, match="the request named no items"):
        caught.value.reconcile()
    assert len(server.requests) == 1


def test_an_error_of_release_1_1_is_about_images(
    server: Server, client: ApiClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pickle does not say so, and images need not be the first medium of the contract."""
    others = {"sound": media.IMAGES._replace(history_filter="sound_id"), "image": media.IMAGES}
    monkeypatch.setattr(media, "MEDIA", others)
    error = LicenseOutcomeUnknown()
    error.__setstate__(  # type: ignore[attr-defined]
        {
            "image_ids": ["7"],
            "metadata": [None],
            "sent_at": datetime(2026, 1, 1, tzinfo=UTC),
        }
    )
    server.always(answer(200, {"data": [], "total_count": 0}))
    error.reconcile(client)
    assert dict(server.requests[0].query)["image_id"] == "7"
