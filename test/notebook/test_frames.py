"""Lists of the service as data frames, with pandas 2 and 3: `tox -e once,pandas2`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas
import pytest

from shutterstock_api import (
    CollectionDataList,
    DownloadError,
    DownloadHistoryDataList,
    DownloadReport,
    DownloadResult,
    GenreList,
    ImageSearchResults,
    LicenseImageResultDataList,
    SubscriptionDataList,
    VideoSearchResults,
)
from shutterstock_api.sandbox import Sandbox

pytestmark = pytest.mark.notebook


def images(*items):
    return ImageSearchResults.from_dict({"data": list(items)})


def types(frame: pandas.DataFrame) -> dict[str, str]:
    return {name: str(frame.dtypes[name]).replace("string[python]", "string") for name in frame.columns}


def test_columns_have_the_types_of_their_fields():
    frame = images(
        {"id": "1", "added_date": "2026-01-31", "aspect": 1.5, "is_adult": False, "keywords": ["a"]}
    )
    found = types(frame.to_pandas())
    for name, kind in {
        "id": "string",
        "added_date": "datetime64[ns]",
        "aspect": "Float64",
        "is_adult": "boolean",
        "assets.preview.width": "Int64",
        "keywords": "object",
    }.items():
        assert found[name] == kind


def test_prices_lengths_and_what_is_left_are_numbers_and_ends_are_times():
    subscription = {
        "id": "s1",
        "allotment": {"downloads_left": 7, "content_tiers": {"standard": {"downloads_left": 2}}},
        "price_per_download": {"local_amount": 12.5, "local_currency": "EUR"},
        "expiration_time": "2028-01-01T00:00:00Z",
        "metadata": {"purchase_order": "9"},
    }
    frame = SubscriptionDataList.from_dict({"data": [subscription, {"id": "s2"}]}).to_pandas()
    found = types(frame)
    for name, kind in {
        "allotment.downloads_left": "Int64",
        "allotment.content_tiers": "object",
        "price_per_download.local_amount": "Float64",
        "price_per_download.local_currency": "string",
        "expiration_time": "datetime64[ns, UTC]",
    }.items():
        assert found[name] == kind
    assert frame["metadata.purchase_order"][0] == "9"
    videos = VideoSearchResults.from_dict({"data": [{"duration": 24.9, "assets": {"4k": {"width": 4096}}}]})
    assert videos.to_pandas()[["duration", "assets._4k.width"]].iloc[0].tolist() == [24.9, 4096]
    texts = GenreList.from_dict({"data": ["Pop", "Pop > Synth Pop"]}).to_pandas()
    assert (types(texts), list(texts["value"])) == ({"value": "string"}, ["Pop", "Pop > Synth Pop"])


@pytest.mark.parametrize("answer", [ImageSearchResults, DownloadHistoryDataList, CollectionDataList])
def test_columns_are_the_same_whatever_came(answer):
    empty = answer().to_pandas()
    missing = answer.from_dict({"data": [{}, {}]}).to_pandas()
    assert types(empty) == types(missing)
    assert (len(empty), len(missing)) == (0, 2)
    assert list(empty.index) == []
    assert missing.isna().all(axis=None)


def test_what_is_missing_is_missing_and_the_rest_is_there():
    frame = images({"id": "1", "assets": {"preview": {"width": 450}}}, {"is_adult": True}).to_pandas()
    assert frame["assets.preview.width"].sum() == 450
    assert list(frame["id"].isna()) == [False, True]
    assert list(frame["is_adult"].fillna(False)) == [False, True]


def test_moments_are_utc_and_dates_are_days():
    times = ["2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00Z", "2026-01-31T10:00:00", None]
    history = DownloadHistoryDataList.from_dict(
        {"data": [{"download_time": time} for time in times]}
    ).to_pandas()
    column = history["download_time"]
    assert str(column.dtype) == "datetime64[ns, UTC]"
    assert list(column[:3]) == [pandas.Timestamp("2026-01-31T10:00Z")] * 3
    days = images({"added_date": "2026-01-31"}, {}).to_pandas()["added_date"]
    assert days[0].date() == date(2026, 1, 31)
    assert days.dt.year[0] == 2026


@pytest.mark.parametrize(
    ("name", "good", "odd"),
    [
        ("id", "1", 7),
        ("aspect", 1.5, "wide"),
        ("aspect", 1.5, 10**400),
        ("is_adult", True, 1),
        ("added_date", "2026-01-31", "soon"),
        ("added_date", "2026-01-31", "0001-01-01"),
        ("description", "x", {"en": "x"}),
    ],
)
def test_what_does_not_fit_stays_as_it_came(name, good, odd):
    answer = images({name: good}, {name: odd})
    assert list(answer.to_pandas()[name]) == [record[name] for record in answer.to_records()]


@pytest.mark.parametrize("number", [2**63, -(2**80), True, 1.5, "1"])
def test_a_number_that_is_no_int64_stays_as_it_came(number):
    frame = images(
        {"assets": {"preview": {"width": 450}}}, {"assets": {"preview": {"width": number}}}
    ).to_pandas()
    assert frame["assets.preview.width"].dtype == object
    assert list(frame["assets.preview.width"]) == [450, number]


def test_a_moment_that_pandas_cannot_hold_stays_as_it_came():
    answer = DownloadHistoryDataList.from_dict({"data": [{"download_time": "9999-12-31T00:00:00Z"}]})
    (moment,) = answer.to_pandas()["download_time"]
    assert moment.year == 9999


def test_half_a_character_is_no_error():
    assert images({"id": "\ud800"}).to_pandas()["id"][0] == "\ud800"


def test_unknown_fields_are_columns():
    frame = images({"id": "1"}, {"id": "2", "mood": "calm"}).to_pandas()
    assert list(frame.columns)[-1] == "mood"
    assert frame["mood"][1] == "calm"


def test_licences_have_no_link():
    answer = {"data": [{"image_id": "1", "download": {"url": "https://download.example/signed"}}]}
    frame = LicenseImageResultDataList.from_dict(answer).to_pandas()
    assert "signed" not in frame.to_csv()
    assert not [name for name in frame.columns if "download" in name]


def test_one_call_for_all_pages():
    from shutterstock_api import ApiClient, ImagesApi, paginate

    with Sandbox() as sandbox, ApiClient(sandbox.configuration()) as client:
        found = paginate(ImagesApi(client).search_images, query="cat", per_page=50, limit=120, view="full")
        frame = found.to_pandas()
        assert len(sandbox.requests) == 3
    assert frame.shape == (120, len(images().to_pandas().columns))
    assert frame["id"].is_unique
    assert (frame["assets.huge_jpg.width"] > 0).all()


def test_a_report_on_downloads():
    done = DownloadResult("link", Path("7.mov"), "downloaded", 17, None, "video", "7", "l7")
    failed = DownloadResult(None, None, "failed", error=DownloadError(reason="no"))
    frame = DownloadReport([done, failed]).to_pandas()
    assert types(frame) == types(DownloadReport([]).to_pandas())
    assert set(types(frame).values()) == {"string", "Int64"}
    assert frame["bytes"].sum() == 17
    assert frame["error"].isna().tolist() == [True, False]
