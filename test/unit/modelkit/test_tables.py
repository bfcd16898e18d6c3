"""Lists of the service as records. Data frames are in `test/notebook/test_frames.py`."""

from __future__ import annotations

import csv
import io
import sys
from datetime import UTC, date, datetime

import pytest
from scripted_server import Server, answer

import shutterstock_api
from shutterstock_api import (
    ApiException,
    DownloadHistoryDataList,
    ImageDataList,
    ImagesApi,
    ImageSearchResults,
    LicenseImageResultDataList,
    paginate,
)
from shutterstock_api.modelkit.table import Table, list_of_items

LINK = "https://download.shutterstock.com/gatekeeper/signed"


def images(*items):
    return ImageSearchResults.from_dict({"data": list(items)})


def test_which_answers_are_tables():
    models = [getattr(shutterstock_api, name) for name in shutterstock_api.models.__all__]
    models = [model for model in models if isinstance(model, type)]
    tables = {model.__name__ for model in models if issubclass(model, Table)}
    lists = {model.__name__ for model in models if (list_of_items(model) or ("results",))[0] == "data"}
    assert tables == lists | {"AudioRendersListResults"}
    assert {"ImageSearchResults", "ImageDataList", "GenreList", "Suggestions"} <= tables


def test_a_record_is_flat_and_has_every_declared_field():
    preview = {"url": "https://image.example/1.jpg", "width": 450, "height": 300}
    (record,) = images(
        {
            "id": "1",
            "added_date": "2026-01-31",
            "assets": {"preview": preview},
            "keywords": ["cat", "sea"],
            "categories": [{"id": "5", "name": "Animals"}],
        }
    ).to_records()
    assert {name: value for name, value in record.items() if value is not None} == {
        "id": "1",
        "added_date": date(2026, 1, 31),
        "assets.preview.url": "https://image.example/1.jpg",
        "assets.preview.width": 450,
        "assets.preview.height": 300,
        "keywords": ["cat", "sea"],
        "categories": [{"id": "5", "name": "Animals"}],
    }
    assert list(record)[:3] == ["id", "media_type", "description"]
    assert "assets.huge_jpg.width" in record
    assert "assets" not in record


def test_moments_stay_moments_and_free_objects_objects():
    (record,) = DownloadHistoryDataList.from_dict(
        {"data": [{"download_time": "2026-01-31T12:00:00Z", "metadata": {"job": "7", "deep": {"x": [1]}}}]}
    ).to_records()
    assert record["download_time"] == datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert record["metadata"] == {"job": "7", "deep": {"x": [1]}}


def test_what_is_not_declared_comes_last_and_in_all_records():
    first, second = images(
        {"id": "1"}, {"id": "2", "mood": "calm", "assets": {"tiny": {"width": 1}}}
    ).to_records()
    assert list(first) == list(second)
    assert list(second)[-2:] == ["assets.tiny", "mood"]
    assert (second["mood"], second["assets.tiny"]) == ("calm", {"width": 1})
    assert first["mood"] is None


def test_records_are_what_csv_takes():
    records = images({"id": "1"}, {"id": "2", "mood": "calm"}).to_records()
    writer = csv.DictWriter(text := io.StringIO(), records[0])
    writer.writeheader()
    writer.writerows(records)
    assert [row["mood"] for row in csv.DictReader(io.StringIO(text.getvalue()))] == ["", "calm"]


def test_a_value_of_an_unexpected_type_stays_as_it_came():
    first, second = images({"id": 7, "assets": "none"}, {"id": "8", "aspect": {"w": 3}}).to_records()
    assert (first["id"], first["assets"]) == (7, "none")
    assert (second["id"], second["assets"], second["aspect"]) == ("8", None, {"w": 3})


def test_an_item_of_an_unexpected_type_stands_alone():
    records = images({"id": "1"}, "odd", None).to_records()
    assert [(record["id"], record["value"]) for record in records] == [
        ("1", None),
        (None, "odd"),
        (None, None),
    ]


@pytest.mark.parametrize("data", [None, [], "text", {"id": "1"}])
def test_without_items_there_are_no_records(data):
    assert ImageSearchResults.from_dict({"data": data}).to_records() == []


@pytest.mark.parametrize("download", [{"url": LINK}, LINK, [LINK], {"url": {"deep": LINK}}])
def test_no_record_has_a_download_link(download):
    answer = LicenseImageResultDataList.from_dict({"data": [{"image_id": "1", "download": download}, LINK]})
    records = answer.to_records()
    assert records[0]["image_id"] == "1"
    assert "download.url" not in records[0]
    assert LINK not in repr(records)


def test_one_call_for_all_pages(api: ImagesApi, server: Server):
    pages = [{"data": [{"id": str(2 * page + one)} for one in (0, 1)], "total_count": 4} for page in (0, 1)]
    server.answers(*(answer(200, page) for page in pages))
    records = paginate(api.search_images, query="cat", per_page=2).to_records()
    assert [record["id"] for record in records] == ["0", "1", "2", "3"]
    assert "assets.preview.url" in records[0]
    assert len(server.requests) == 2


def test_the_limit_of_pages_holds(api: ImagesApi, server: Server):
    server.answers(answer(200, {"data": [{"id": "1"}, {"id": "2"}]}))
    assert [record["id"] for record in paginate(api.search_images, limit=1).to_records()] == ["1"]


def test_pages_of_a_bulk_search_are_records_too(api: ImagesApi, server: Server):
    server.answers(answer(200, {"results": [{"data": [{"id": "1"}], "total_count": 1, "page": 1}]}))
    (record,) = paginate(api.bulk_search_images, [{"query": "cat"}]).to_records()
    assert (record["data"], record["total_count"]) == ([{"id": "1"}], 1)


def test_without_pandas_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ApiException, match=r"needs pandas, which is not installed\n  pip install pandas$"):
        ImageDataList().to_pandas()
