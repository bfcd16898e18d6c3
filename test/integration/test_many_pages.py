"""Walking through lists of the sandbox, and looking up many ids: against what its catalogue holds."""

from __future__ import annotations

from itertools import islice

import pytest

from shutterstock_api import PaginationError, get_many, paginate
from shutterstock_api.sandbox import Fault

BROAD = {"query": "sea", "safe": False, "license": ["commercial", "editorial"]}


def ids(items):
    return [item.id for item in items]


def test_all_results_of_a_search_come_once_and_in_order(api, sandbox):
    total = api.search_images(**BROAD, per_page=1).total_count
    assert total > 5000
    sandbox.requests.clear()
    found = ids(paginate(api.search_images, **BROAD))
    assert len(found) == len(set(found)) == total
    assert len(sandbox.requests) == -(-total // 500)
    deep = api.search_images(**BROAD, per_page=100, page=41)
    assert found[4000:4100] == ids(deep.data)


def test_ten_thousand_of_a_million_and_no_more(api, sandbox):
    found = ids(paginate(api.search_images, limit=10_000, prefetch=1, fields="data(id)"))
    assert len(set(found)) == 10_000
    assert len([request for request in sandbox.requests if request.path.endswith("/search")]) == 20


def test_a_limit_on_the_way_of_a_catalogue_that_is_short(api):
    total = api.search_images(query="cat", per_page=1).total_count
    assert len(list(paginate(api.search_images, query="cat", limit=total + 100))) == total


def test_similar_and_bulk(api):
    total = api.get_similar_images("465011609", per_page=1).total_count
    similar = ids(paginate(api.get_similar_images, "465011609"))
    assert len(similar) == len(set(similar)) == total > 500
    results = list(paginate(api.bulk_search_images, [{"query": "cat"}, {"query": "dog"}], limit=6))
    alone = ids(paginate(api.search_images, query="dog", limit=60))
    assert [id for result in results[1::2] for id in ids(result.data)] == alone


def test_collections_their_items_and_the_licence_history(api):
    collection = api.create_lightbox({"name": "Many"})
    images = ids(paginate(api.search_images, limit=320))
    for start in range(0, len(images), 50):
        api.add_lightbox_items(
            collection.id, {"items": [{"id": image} for image in images[start : start + 50]]}
        )
        api.license_images({"images": [{"image_id": image} for image in images[start : start + 50]]})
    assert sorted(ids(paginate(api.get_lightbox_items, collection.id))) == sorted(images)
    history = [entry.image.id for entry in paginate(api.get_image_license_list, prefetch=1)]
    assert sorted(history[:320]) == sorted(images)
    assert collection.id in ids(paginate(api.get_lightbox_list))


def test_a_deep_page_that_is_refused(api, sandbox):
    items = iter(paginate(api.search_images))
    found = ids(islice(items, 1500))
    sandbox.faults.add(Fault(status=400, operation="search_images"))
    with pytest.raises(PaginationError, match="page 4 was refused, after 1500 items") as caught:
        next(items)
    assert len(set(found)) == 1500
    assert caught.value.__cause__.status == 400


def test_trouble_on_the_way_is_got_over(api, sandbox):
    expected = ids(paginate(api.search_images, query="cat", limit=900))
    for fault in (Fault(status=503), Fault(truncate=50)):
        sandbox.faults.add(fault, times=1)
    assert ids(paginate(api.search_images, query="cat", limit=900, prefetch=1)) == expected


def test_many_ids(api, sandbox):
    wanted = ids(paginate(api.search_images, limit=1200, fields="data/id"))[::-1]
    sandbox.requests.clear()
    wanted[7:7] = ["404", wanted[0]]
    images, missing = get_many(api, wanted, view="full")
    assert ids(images) == [image for image in wanted if image != "404"]
    assert all(image.keywords for image in images)
    assert missing == ["404"]
    assert len(sandbox.requests) == 3
