"""A purchase is told as a result, however deep the answer nests what nobody knows yet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scripted_server import Request, Server, answer

from shutterstock_api import ForbiddenError, ImagesApi, LicenseJob

DEPTHS = [64, 500, 600, 900, 5000, 100_000]


def bought(request: Request, depth: int) -> bytes:
    deep = "[" * depth + "]" * depth
    results = [{"image_id": one["image_id"], "license_id": "L1"} for one in request.json["images"]]
    return answer(200, f'{{"data": {json.dumps(results)}, "new": {deep}}}'.encode())


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_purchase(api: ImagesApi, server: Server, tmp_path: Path, depth: int) -> None:
    server.always(lambda request: bought(request, depth))
    result = api.license_images({"images": [{"image_id": "17"}]})
    assert [one.license_id for one in result.licensed] == ["L1"]
    body = {"images": [{"image_id": "17"}]}
    plain = api.api_client.request("POST", "/v2/images/licenses", body=body)
    assert plain["data"][0]["license_id"] == "L1"
    job = LicenseJob(api, tmp_path / "job.sqlite")
    job.add("18")
    assert [image.license_id for image in job.run().licensed] == ["L1"]
    assert len(server.requests) == 3


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_refusal(api: ImagesApi, server: Server, depth: int) -> None:
    deep = '{"a":' * depth + "1" + "}" * depth
    server.always(
        answer(403, f'{{"message": "No.", "errors": [{{"message": "Why", "new": {deep}}}]}}'.encode())
    )
    with pytest.raises(ForbiddenError) as caught:
        api.license_images({"images": [{"image_id": "17"}]})
    assert (caught.value.message, caught.value.errors[0]["message"]) == ("No.", "Why")
    assert len(str(caught.value)) < 2000
