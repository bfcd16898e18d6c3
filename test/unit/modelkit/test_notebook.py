"""How results look in Jupyter. In a real notebook and a real browser: `test/notebook/`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from html_checker import Checked
from hypothesis import given, strategies as st

import shutterstock_api
from shutterstock_api import (
    BulkImageSearchResults,
    Collection,
    CollectionDataList,
    DownloadHistoryDataList,
    FeaturedCollectionDataList,
    Image,
    ImageSearchResults,
    LicenseImageResult,
    LicenseImageResultDataList,
)
from shutterstock_api.jobs.report import JobImage, LicenseReport
from shutterstock_api.modelkit import display, html
from shutterstock_api.modelkit.base import ApiModel
from shutterstock_api.notebook import ContactSheet

LINK = "https://download.shutterstock.com/gatekeeper/signed-secret"
HOSTILE = """"><img src=x onerror=alert(1)><script>alert('1')</script>&lt;<!-- ' --></style>"""
PIXELS = "6000 \N{MULTIPLICATION SIGN} 4000"
IMAGE: dict[str, Any] = {
    "id": "465011609",
    "description": "A cat & a sunset",
    "contributor": {"id": "102960"},
    "assets": {
        "preview": {"url": "https://image.example/p/1.jpg?a=1&b=2", "width": 450, "height": 300},
        "preview_1000": {"url": "https://image.example/p/1000.jpg"},
        "huge_jpg": {"width": 6000, "height": 4000},
    },
}


def shown(thing: Any) -> Checked:
    return Checked(thing._repr_html_())


def found(*items: Any, **more: Any) -> ImageSearchResults:
    return ImageSearchResults.from_dict({"data": list(items), **more})


# Pictures.


def test_a_search_result_is_a_contact_sheet():
    page = shown(found(IMAGE, total_count=1234567, page=3))
    assert page.words.split()[:5] == ["Images", "1", "of", "1,234,567,", "page"]
    for word in ("465011609", "A cat & a sunset", PIXELS, "by 102960"):
        assert word in page.words
    assert page.pictures == [
        {
            "src": "https://image.example/p/1.jpg?a=1&b=2",
            "width": "450",
            "height": "300",
            "alt": "A cat & a sunset",
            "loading": "lazy",
            "decoding": "async",
            "referrerpolicy": "no-referrer",
        }
    ]
    assert page.links == ["https://image.example/p/1000.jpg"]


def test_an_image_shows_what_is_known_of_it():
    page = shown(
        Image.from_dict(
            {
                **IMAGE,
                "added_date": "2026-01-31",
                "keywords": ["cat", "sea"],
                "categories": [{"name": "Animals"}],
                "is_editorial": True,
            }
        )
    )
    for word in (
        "2026-01-31",
        "cat, sea",
        "Animals",
        PIXELS,
        "editorial use only",
    ):
        assert word in page.words
    assert len(page.pictures) == 1


def test_many_images_are_a_number():
    page = shown(found(*[IMAGE] * 500))
    assert len(page.pictures) == html.MOST
    assert "and 452 more" in page.words
    assert len(found(*[IMAGE] * 500)._repr_html_()) < 60_000


def test_an_answer_with_fields_left_out_is_shown():
    page = shown(found({"id": "1"}, {}, {"description": "words alone"}))
    assert page.pictures == []
    assert page.words.count("no preview") == 3
    assert "words alone" in page.words


def test_the_next_best_preview_is_taken():
    assets = {
        "preview": {"url": "ftp://x/1.jpg"},
        "small_thumb": {"url": "https://x.example/1.jpg", "width": 9},
    }
    (picture,) = shown(Image.from_dict({"id": "1", "assets": assets})).pictures
    assert (picture["src"], picture["alt"]) == ("https://x.example/1.jpg", "Image 1")
    assert (picture["width"], picture["height"]) == ("400", "300")


@pytest.mark.parametrize("side", [0, -1, 10**6, "450", 4.5, None, True, [HOSTILE]])
def test_a_size_that_cannot_be_is_none(side: Any):
    assets = {"preview": {"url": "https://x.example/1.jpg", "width": side, "height": 300}}
    (picture,) = shown(Image.from_dict({"assets": assets})).pictures
    assert (picture["width"], picture["height"]) == ("400", "300")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,<script>",
        "java\nscript:alert(1)",
        "//x.example/1.jpg",
        "https://",
        "https:x",
        'https://x.example/"onerror="alert(1)',
        "https://x.example/a b",
        "https://x.example/\n",
        "vbscript:x",
        "file:///etc/passwd",
        7,
        None,
        ["https://x.example/1.jpg"],
    ],
)
def test_only_web_addresses_become_pictures_and_links(url: Any):
    assets = {name: {"url": url} for name in ("preview", "preview_1000", "preview_1500")}
    page = shown(Image.from_dict({"id": "1", "assets": assets}))
    assert (page.pictures, page.links) == ([], [])


def test_a_bulk_search_shows_each_search():
    page = shown(BulkImageSearchResults.from_dict({"results": [{"data": [IMAGE]}, {"data": [IMAGE] * 500}]}))
    assert page.words.count("Images") == 2
    assert len(page.pictures) == 1 + html.MOST // 2


def test_featured_collections_are_pictures_too():
    cover = {"url": "https://image.example/cover.jpg"}
    page = shown(
        FeaturedCollectionDataList.from_dict({"data": [{"id": "1", "name": "Sea", "cover_item": cover}]})
    )
    assert [picture["alt"] for picture in page.pictures] == ["Sea"]


def test_a_selection_is_a_contact_sheet():
    images = [Image.from_dict(IMAGE)] * 60
    page = shown(ContactSheet(images))
    assert len(page.pictures) == html.MOST
    assert "and 12 more" in page.words
    assert "and perhaps more" in shown(ContactSheet(image for image in images)).words
    assert repr(ContactSheet(images)) == "<ContactSheet of 60 items>"
    assert shown(ContactSheet([])).words.strip() == ""


# Tables.


def test_a_collection_is_a_row_and_a_list_of_them_a_table():
    lightbox = {"id": "17", "name": "Summer", "total_item_count": 25, "created_time": "2026-01-31T12:30:00Z"}
    for thing in (Collection.from_dict(lightbox), CollectionDataList.from_dict({"data": [lightbox]})):
        page = shown(thing)
        for word in ("17", "Summer", "25", "2026-01-31 12:30 UTC"):
            assert word in page.words


def test_licences_show_their_outcome_and_never_their_link():
    answer = LicenseImageResultDataList.from_dict(
        {
            "data": [
                {"image_id": "1", "license_id": "i123", "download": {"url": LINK}, "allotment_charge": 1},
                {"image_id": "2", "error": f"Refused, see {LINK}"},
                {"image_id": "3", "link": LINK},
                {"image_id": "4", "license_id": "i124", "download": LINK},
            ]
        }
    )
    page = shown(answer)
    assert "2 licensed, 1 refused, 1 unclear" in page.words
    assert page.words.count("licensed") == 3
    for part in (answer, *(answer.data or ()), ContactSheet(answer.data or ())):
        assert "signed-secret" not in part._repr_html_()
        assert shown(part).links == []


def test_a_report_on_a_licence_job_shows_trouble_first():
    good = JobImage("1", "licensed", license_id="i1", charge=1.0, path=Path("cat.jpg"))
    images = [good, JobImage("2", "failed", error=HOSTILE), JobImage("3", "unknown", error=f"ask at {LINK}")]
    report = LicenseReport([*images, *[good] * 60], "the subscription is used up")
    page = shown(report)
    for word in ("61 licensed, 1 failed, 1 unknown", "the subscription is used up", HOSTILE, "and 15 more"):
        assert word in page.words
    assert "signed-secret" not in report._repr_html_()
    words = page.words.partition("Reason")[2]
    assert words.index(" failed ") < words.index(" unknown ") < words.index("cat.jpg")


def test_what_the_service_says_beside_is_shown():
    answer = found(IMAGE, message="Slow today", errors=[{"message": "One index is down"}, "odd"])
    page = shown(answer)
    for word in ("Slow today", "One index is down", "odd"):
        assert word in page.words


def test_the_history_is_a_table():
    entry = {"id": "i1", "image": {"id": "7", "format": {"size": "huge"}}, "is_downloadable": False}
    page = shown(DownloadHistoryDataList.from_dict({"data": [entry] * 50}))
    for word in ("i1", "7", "huge", "no", "and 2 more"):
        assert word in page.words


def test_a_table_of_anything():
    columns = {"State": lambda row: html.mark(row, good=None), HOSTILE: lambda row: ""}
    page = Checked(html.table(columns, [HOSTILE]))
    assert HOSTILE in page.words


def test_other_models_are_shown_as_text():
    assert shutterstock_api.Error(message="x")._repr_html_() is None


# Whatever comes.


VIEWS = [Image, ImageSearchResults, LicenseImageResultDataList, CollectionDataList, BulkImageSearchResults]
EVERY = [getattr(shutterstock_api, name) for name in shutterstock_api.models.__all__]
MODELS: list[type[ApiModel]] = [model for model in EVERY if isinstance(model, type)]

pieces = [*HOSTILE, HOSTILE, "javascript:", "https://x.example/", "\u202e", "\ud800", "\x00", "{}"]
words = st.lists(st.sampled_from(pieces)).map("".join)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words
names = st.sampled_from(sorted({name for model in MODELS for name in model.attribute_map}))
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
    max_leaves=12,
)
lists = st.fixed_dictionaries({"data": st.lists(anything, max_size=3), "assets": anything})
objects = lists | st.dictionaries(names, anything, max_size=6)


@given(st.sampled_from(VIEWS) | st.sampled_from(MODELS), objects)
def test_no_answer_can_break_out_or_break_it(model: type[ApiModel], content: dict[str, Any]):
    thing = model.from_dict(content)
    shown = thing._repr_html_()
    if shown is not None:
        shown.encode("utf-8")
        assert Checked(shown).styles == [html.STYLE]
    assert display.to_short_text(thing)


@given(st.lists(anything, max_size=3))
def test_no_selection_can_break_out(items: list[Any]):
    Checked(ContactSheet([*items, Image.from_dict({"description": HOSTILE, "id": items})])._repr_html_())


def test_hostile_words_are_shown_as_they_are():
    page = shown(found({**IMAGE, "description": HOSTILE, "id": HOSTILE}))
    assert page.words.count(HOSTILE) >= 2
    assert page.pictures[0]["alt"] == HOSTILE


def test_values_of_unexpected_types_are_shown_where_they_can_be():
    odd = {"id": 7, "description": "half a \ud800", "contributor": "x", "assets": [], "keywords": "ab"}
    for image in (Image.from_dict({**odd, "categories": 5}), found({**odd, "categories": [5]}, "odd", None)):
        shown = image._repr_html_()
        assert "half a ?" in shown
        assert "a, b" not in shown
        assert "<code>7</code>" in shown


def test_long_words_are_cut():
    assert len(found({"description": "x" * 10**6})._repr_html_()) < 10_000


# Beside the HTML.


def test_the_text_beside_has_the_first_items():
    text = display.to_short_text(found(*[{"id": str(number)} for number in range(500)], total_count=500))
    assert "'id': '4'" in text
    assert "'id': '5'" not in text
    assert "and 495 more" in text
    assert "'total_count': 500" in text


def test_the_text_of_little_is_its_repr():
    few = found({"id": "1"})
    assert display.to_short_text(few) == repr(few)
    licence = LicenseImageResult.from_dict({"download": {"url": LINK}})
    assert LINK not in display.to_short_text(licence)


def test_nothing_of_this_is_loaded_before_it_is_needed():
    program = (
        "import sys; before = set(sys.modules); "  # what measures coverage may be there already
        "from shutterstock_api import ImageSearchResults, paginate; "
        "repr(ImageSearchResults.from_json(b'{\"data\": [{}]}')); "
        "ours = {f'shutterstock_api.{name}' for name in ('notebook', 'modelkit.display', 'modelkit.html')}; "
        "print({*ours, 'pandas', 'html', 'IPython'} & (sys.modules.keys() - before))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
