"""Unknown fields that came before decode at full speed, into the same objects."""

from __future__ import annotations

import json
import pickle
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from documents import MODELS, bounded, json_values, wild_documents
from hypothesis import given, strategies as st

from shutterstock_api import (
    BulkImageSearchResults,
    Image,
    ImageAssets,
    ImageSearchResults,
    LicenseImageRequest,
    Thumbnail,
)
from shutterstock_api.schema import decoding, twins
from shutterstock_api.schema.decoding import decode
from shutterstock_api.schema.fields import JsonObject, fields_of, unknown_fields


def forget() -> None:
    twins._learnt.clear()
    twins._twin.cache_clear()
    twins._decoders.clear()


@pytest.fixture(autouse=True)
def nothing_is_learnt() -> Iterator[None]:
    forget()
    yield
    forget()


def whole(value: Any) -> Any:
    """All that there is to an object: types, and what a comparison might not see."""
    if isinstance(value, JsonObject):
        fields = {name: whole(getattr(value, name)) for name in fields_of(type(value))}
        return type(value), fields, whole(unknown_fields(value))
    if isinstance(value, dict):
        return {key: whole(item) for key, item in value.items()}
    return [whole(item) for item in value] if isinstance(value, list) else (type(value), repr(value))


def wire(number: int, **more: Any) -> bytes:
    images = [{"id": str(index), "assets": {"preview": {"url": "u"}}, **more} for index in range(number)]
    return json.dumps({"data": images, "total_count": number}).encode()


@bounded(150)
@given(wild_documents, st.dictionaries(st.sampled_from("ab-"), json_values, max_size=2))
def test_both_roads_lead_to_the_same_objects(case: tuple[Any, Any], more: dict[str, Any]) -> None:
    model, document = case
    forget()
    data = json.dumps({**document, **more} if isinstance(document, dict) else document).encode()
    try:
        slow = decode(data, model)
    except decoding.DecodeError:
        return
    road = twins.twin_decoder(model)
    assert whole(decode(data, model)) == whole(slow)
    if road is not None:
        try:
            fast = road(data)
        except ValueError:  # a value of an unexpected type
            return
        assert whole(fast) == whole(slow)


LEVELS: list[tuple[Any, Any]] = [
    (Image, {"new": 1}),
    (Image, {"assets": {"new": [1]}}),
    (
        Image,
        {"assets": {"preview": {"new": None}}, "categories": [{"id": "1"}, {"new": "x"}], "mood": {"a": {}}},
    ),
    (ImageSearchResults, {"data": [{"id": "1"}, {"id": "2", "new": 1.5}, {"other": True}]}),
    (ImageSearchResults, {"new": 1, "data": None, "spellcheck_info": {"a": 1}}),
    (BulkImageSearchResults, {"results": [{"data": [{"assets": {"preview": {"new": 1}}}]}, {"new": 1}]}),
    (list[Image], [{"id": "1", "new": 1}, {"id": "2"}]),
    (Image, {"-": 1, "unknown_0": 2, "additional_properties": 3, "größe.x": 4}),
]


@pytest.mark.parametrize(("kind", "content"), LEVELS)
def test_at_every_level(kind: Any, content: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.dumps(content).encode()
    slow = decode(data, kind)
    monkeypatch.setattr(decoding, "_plain_values", None)  # the slow road is closed
    fast = decode(data, kind)
    assert fast == slow
    assert whole(fast) == whole(slow)
    assert pickle.loads(pickle.dumps(fast)) == fast


def test_one_item_teaches_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    decode(b'{"id": "1", "mood": "calm"}', Image)
    monkeypatch.setattr(decoding, "_plain_values", None)
    page = decode(wire(3, mood="wild"), ImageSearchResults)
    assert [image.mood for image in page.data] == ["wild"] * 3
    assert [image.additional_properties for image in page.data] == [{"mood": "wild"}] * 3


@pytest.mark.parametrize("model", [model for model in MODELS if decoding._strict(model)])
def test_one_unknown_field_makes_no_second_object(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins, "_larger_twin", None)
    data = [b'{"brand_new": 1}', b"{}", b'{"brand_new": null}']
    slow = [decode(one, model) for one in data]
    monkeypatch.setattr(decoding, "_plain_values", None)  # the slow road is closed
    road = twins.twin_decoder(model)
    assert road is not None
    fast = list(map(road, data))
    assert whole(fast) == whole(slow)
    assert [unknown_fields(one) for one in fast] == [{"brand_new": 1}, None, {"brand_new": None}]


def test_what_is_not_there_stays_away_and_null_stays_null() -> None:
    decode(wire(1, mood="calm"), ImageSearchResults)
    for more, expected in (({}, None), ({"mood": None}, {"mood": None}), ({"mood": []}, {"mood": []})):
        road = twins.twin_decoder(ImageSearchResults)
        assert road is not None
        assert unknown_fields(road(wire(1, **more)).data[0]) == expected


def test_a_page_as_the_contract_says_takes_the_straight_road(monkeypatch: pytest.MonkeyPatch) -> None:
    decode(wire(1, mood="calm"), ImageSearchResults)
    monkeypatch.setattr(decoding, "twin_decoder", None)
    assert unknown_fields(decode(wire(1), ImageSearchResults).data[0]) is None


def test_what_is_learnt_stays_bounded() -> None:
    for number in range(1000):
        image = decode(b'{"id": "1", "new_%d": 1, "%s": 2}' % (number, b"long" * 100), Image)
        assert image.additional_properties[f"new_{number}"] == 1
    assert twins._learnt == {Image: tuple(f"new_{number}" for number in range(twins.MOST_FIELDS))}
    decode(json.dumps({f"at_once_{number}": 1 for number in range(100)}), Thumbnail)
    assert len(twins._learnt[Thumbnail]) == twins.MOST_FIELDS
    for kind in (Image, ImageAssets, Thumbnail) * 3:
        decode(b'{"never_seen": 1}', kind)
    assert len(twins._decoders) <= 3


@pytest.mark.parametrize("name", ["", " ", "a b", '"', "\\", "\n", "\0", "\ud800", "\u2028", "x" * 101])
def test_names_that_no_class_can_have_are_not_learnt(name: str) -> None:
    for _ in range(3):
        image = decode(json.dumps({"id": "1", name: 7}), Image)
        assert (image.id, image.additional_properties) == ("1", {name: 7})
    assert twins._learnt == {}


def test_a_choice_between_models_has_no_twin() -> None:
    data = b'{"images": [{"image_id": "1", "new": 1}], "new": 2}'
    for _ in range(3):
        request = decode(data, LicenseImageRequest)
        assert request.additional_properties == {"new": 2}
        assert request.images[0].additional_properties == {"new": 1}
    assert twins.twin_decoder(LicenseImageRequest) is None


def test_threads_learn_and_decode_at_once() -> None:
    """What one thread learns while another one works out a twin is not lost."""
    errors: list[BaseException] = []
    start = threading.Barrier(8)

    def work(number: int) -> None:
        try:
            start.wait()
            for step in range(40):
                name = f"field_{(number + step) % 12}"
                page = decode(wire(3, **{name: number}), ImageSearchResults)
                assert [image.additional_properties for image in page.data] == [{name: number}] * 3
        except BaseException as error:  # noqa: BLE001 - the test shows it
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    road = twins.twin_decoder(ImageSearchResults)
    assert road is not None
    assert (
        len(road(wire(1, **{f"field_{number}": 1 for number in range(12)})).data[0].additional_properties)
        == 12
    )
