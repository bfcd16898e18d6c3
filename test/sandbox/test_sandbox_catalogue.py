"""The catalogue: the same for everyone, and sets that agree with the images they hold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from shutterstock_api.sandbox.catalogue import query
from shutterstock_api.sandbox.catalogue.bitmaps import Order, Results, in_order, members, repeat, span
from shutterstock_api.sandbox.catalogue.images.images import Catalogue
from shutterstock_api.sandbox.catalogue.library import FIRST_DAY, LAST_DAY
from shutterstock_api.sandbox.catalogue.vocabulary import known_words

SIZE = 5_000
CATALOGUE = Catalogue(SIZE)
IMAGES = {number: CATALOGUE.image(number) for number in range(1, SIZE + 1) if CATALOGUE.knows(str(number))}

WORDS = {number: image.words for number, image in IMAGES.items()}

words = st.sampled_from(known_words()).map(query.Word)
nodes = st.recursive(
    words,
    lambda inner: st.one_of(
        inner.map(query.Not),
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(query.And),
        st.lists(inner, min_size=1, max_size=3).map(tuple).map(query.Or),
    ),
    max_leaves=6,
)


def ids(node: query.Node) -> set[int]:
    return set(members(CATALOGUE.matching(node)))


def by_hand(node: query.Node) -> set[int]:
    match node:
        case query.Word(word):
            found = {number for number, held in WORDS.items() if word in held}
            return found or (by_hand(query.Word(word[:-1])) if word.endswith("s") else found)
        case query.Not(inner):
            return set(IMAGES) - by_hand(inner)
        case query.And(parts):
            return set.intersection(*map(by_hand, parts))
        case query.Or(parts):
            return set.union(*map(by_hand, parts))
    return set(IMAGES)


@settings(max_examples=40, deadline=None)
@given(nodes)
def test_a_query_finds_the_images_whose_words_satisfy_it(node: query.Node) -> None:
    assert ids(node) == by_hand(node)


@settings(max_examples=30, deadline=None)
@given(nodes, nodes)
def test_and_or_not_are_set_algebra(one: query.Node, other: query.Node) -> None:
    assert ids(query.And((one, other))) == ids(one) & ids(other)
    assert ids(query.Or((one, other))) == ids(one) | ids(other)
    assert ids(query.Not(one)) == set(IMAGES) - ids(one)


def test_every_word_of_a_description_and_every_keyword_finds_the_image() -> None:
    image = CATALOGUE.image(1234)
    for word in [*image.keywords, *image.description.lower().replace(",", "").split()]:
        node = query.parse_query(word)
        assert 1234 in ids(node), word


def test_an_image_is_the_same_in_every_catalogue_but_for_its_date() -> None:
    small, large = Catalogue(10).image(1110335168), Catalogue(1_000_000).image(1110335168)
    assert small == large
    assert large.added == LAST_DAY
    assert large.description == "Huge handshake in the rain, close up, vector illustration"


def test_dates_follow_ids_from_the_first_day_to_the_last() -> None:
    days = [CATALOGUE.image(number).added for number in range(1, SIZE + 1)]
    assert days == sorted(days)
    assert days[0] == FIRST_DAY
    assert LAST_DAY - days[-1] < timedelta(days=3)


@pytest.mark.parametrize("size", [1, 7, 5_000, 20_000])
def test_images_added_in_a_period_are_those_with_such_a_date(size: int) -> None:
    catalogue = Catalogue(size)
    for start, stop in [
        (date(2015, 3, 1), date(2016, 1, 1)),
        (date.min, date.max),
        (date(2020, 1, 2), date(2020, 1, 2)),
    ]:
        expected = {
            n for n in range(1, size + 1) if catalogue.knows(str(n)) and start <= catalogue.day_of(n) < stop
        }
        assert set(members(catalogue.added(start, stop))) == expected


def test_ids_that_begin_with_404_are_unknown() -> None:
    assert not {404, 4040, 4049} & set(members(CATALOGUE.everything))
    assert {403, 405, 4039, 4050} <= set(members(CATALOGUE.everything))
    assert [CATALOGUE.knows(text) for text in ("404", "40412", "0", "", "12a", "-1", "٣", "1" * 19)] == [
        False
    ] * 8


def test_a_catalogue_has_images() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Catalogue(0)


def test_categories_models_and_people() -> None:
    for name in ("Nature", "nature", "12"):
        expected = {number for number, image in IMAGES.items() if "Nature" in image.categories}
        assert set(members(CATALOGUE.category(name))) == expected
    model = next(image.models[-1] for image in IMAGES.values() if len(image.models) > 2)
    expected = {number for number, image in IMAGES.items() if model in image.models}
    assert set(members(CATALOGUE.with_model(model))) == expected
    assert CATALOGUE.with_model("nobody") == 0
    assert CATALOGUE.category("no such category") == 0


@given(st.integers(1, 400), st.integers(0, 10_000), st.integers(0, 10_000))
def test_an_order_visits_every_image_once_and_knows_its_ranks(size: int, step: int, start: int) -> None:
    order = Order(size, step, start)
    numbers = list(order)
    assert sorted(numbers) == list(range(1, size + 1))
    assert [order.rank(number) for number in numbers] == list(range(size))


@given(st.sets(st.integers(1, 500)))
def test_few_members_and_many_come_in_the_same_order(numbers: set[int]) -> None:
    bits = sum(1 << number for number in numbers)
    order = Order(500, 309, 17)
    assert list(members(bits)) == sorted(numbers)
    assert list(in_order(bits, order)) == sorted(numbers, key=order.rank)


@given(st.sets(st.integers(0, 12)), st.integers(1, 100))
def test_repeat(positions: set[int], size: int) -> None:
    assert set(members(repeat(positions, 13, size))) == {n for n in range(size) if n % 13 in positions}


def test_span_and_pages() -> None:
    assert list(members(span(3, 6))) == [3, 4, 5]
    assert span(6, 3) == 0
    results = Results(5, iter([9, 8, 7, 6, 5]))
    assert [results.page(page, 2) for page in (2, 1, 3, 4, 10**30)] == [[7, 6], [9, 8], [5], [], []]
