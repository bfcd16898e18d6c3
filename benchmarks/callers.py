"""A thread of the soak: it makes random calls, and compares each answer with the expected one."""

from __future__ import annotations

import logging
import threading
import traceback
from collections import Counter
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from benchmarks.sandbox import CALL
from shutterstock_api import ApiException, ImagesApi, LicenseOutcomeUnknown
from shutterstock_api.types import LicenseImageRequestDict

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

T = TypeVar("T")

IMPATIENT: tuple[dict[str, Any], ...] = ({"_request_timeout": (5.0, 0.05)}, {"_retries": 0})
"""Options of calls that wait neither for a late answer nor for a retry."""


MARKER = "soak_marker"
"""`Configuration.license_marker` for half of the calls."""


class Question(NamedTuple):
    """A search."""

    query: str
    page: int
    per_page: int


class Truth(NamedTuple):
    """The answers of the sandbox when it does not misbehave."""

    pages: dict[Question, list[str]]
    """Ids of the images that a search finds."""
    descriptions: dict[str, str]
    """Descriptions of some images."""


class Row:
    """The outcomes of the calls of one operation."""

    def __init__(self) -> None:
        self.calls = 0
        self.good = 0
        self.resends = 0
        self.errors: Counter[str] = Counter()


class Book:
    """The client's records at the end of a round. All threads write to them."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.violations: list[str] = []
        self.arriving: dict[str, int] = {}
        """Call -> the most requests that may have arrived for it."""
        self.arrived = 0
        self.asked: dict[str, dict[str, Any]] = {}
        """Image -> the metadata of its licence request."""
        self.licensed: dict[str, str] = {}
        """Image -> its licence."""
        self.refused: list[str] = []
        self.doubts: list[LicenseOutcomeUnknown] = []
        self.found: list[str] = []
        """Images in doubt whose licence is in the history."""
        self.unknown: list[str] = []
        """Images in doubt that the history cannot decide."""
        self.collections: dict[str, list[str] | None] = {}
        """Name -> the images that a collection must have; `None` if that is uncertain."""
        self.deleted: set[str] = set()
        self.lock = threading.Lock()

    def check(self, right: object, words: str) -> None:
        """Record a violation, unless everything is right."""
        if not right:
            self.violations.append(words)


class Resends(logging.Handler):
    """Counts the retries that the client reports, for each thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._of_thread = threading.local()

    def emit(self, record: logging.LogRecord) -> None:
        if "sent again" in record.msg and isinstance(record.args, tuple):
            self.outcomes.append(str(record.args[-1]))

    @property
    def outcomes(self) -> list[str]:
        """Why requests of this thread were sent again: a status, or the class of an error."""
        outcomes: list[str] = self._of_thread.__dict__.setdefault("outcomes", [])
        return outcomes


class Caller:
    """Makes calls until none are left in `left`."""

    def __init__(
        self,
        api: ImagesApi,
        book: Book,
        truth: Truth,
        dice: Random,
        numbers: count[int],
        resends: Resends,
        late: bool = False,
    ) -> None:
        self.left = 0
        self._api = api
        self._book = book
        self._truth = truth
        self._dice = dice
        self._numbers = numbers
        self._resends = resends
        self._late = late
        """Whether the licence history may be incomplete."""
        self._collections: dict[str, tuple[str, list[str]]] = {}
        """Name -> id and images of the collections that this thread is sure of."""
        self._own: list[tuple[str, str]] = []
        """Images that this thread has licensed, and their licences."""
        chances = {
            self._search: 20,
            self._get: 20,
            self._list: 10,
            self._bulk_search: 5,
            self._create_collection: 6,
            self._add_item: 8,
            self._get_items: 6,
            self._delete_collection: 4,
            self._license: 12,
            self._redownload: 4,
            self._history: 5,
        }
        self._choices = list(chances), list(chances.values())

    def work(self, calls: int) -> None:
        """Make this many calls."""
        self.left = calls
        while self.left > 0:
            try:
                self._dice.choices(*self._choices)[0]()
            except Exception:  # noqa: BLE001 - whatever it is, a call must not raise it
                self._book.violations.append(traceback.format_exc())

    def _call(
        self,
        method: Callable[..., T],
        *arguments: Any,
        right: Callable[[T], object] = lambda _: True,
        patience: float = 0.9,
        **options: Any,
    ) -> tuple[T, None] | tuple[None, ApiException]:
        """Call a method, and check whether its answer is `right`; return the answer or the error."""
        self.left -= 1
        number = str(next(self._numbers))
        if self._dice.random() > patience:
            options |= self._dice.choice(IMPATIENT)
        self._resends.outcomes.clear()
        try:
            answer = method(*arguments, **options, _headers={CALL: number})
        except ApiException as error:
            self._note(method.__name__, number, error)
            return None, error.with_traceback(None)
        self._note(method.__name__, number)
        if not right(answer):
            self._book.violations.append(f"{method.__name__}: {arguments} {options} gave {answer!r:.500}")
        return answer, None

    def _note(self, name: str, number: str, error: ApiException | None = None) -> None:
        outcomes = self._resends.outcomes
        with self._book.lock:
            row = self._book.rows.setdefault(name, Row())
            row.calls += 1
            row.resends += len(outcomes)
            if error is None:
                row.good += 1
            else:
                row.errors[type(error).__name__] += 1
        # Only a 429 shows that nothing was done, so a write is sent again only after a 429.
        reads = name.startswith(("get_", "search_"))
        self._book.arriving[number] = 1 + (len(outcomes) if reads else outcomes.count("429"))
        if error is not None:
            self._book.check(
                error.attempts == 1 + len(outcomes),
                f"{name}: tells {error.attempts} attempts after {outcomes}",
            )

    # Reading.

    def _search(self) -> None:
        question, ids = self._dice.choice(list(self._truth.pages.items()))
        self._call(
            self._api.search_images,
            right=lambda found: _ids(found) == ids and found.page == question.page,
            **question._asdict(),
        )

    def _get(self) -> None:
        id, description = self._dice.choice(list(self._truth.descriptions.items()))
        if self._dice.random() < 0.5:
            some = {"id": id, "description": description}
            self._call(
                self._api.get_image,
                id,
                right=lambda image: _given(image.to_dict()) == some,
                fields="id,description",
            )
        else:
            self._call(
                self._api.get_image,
                id,
                right=lambda image: (image.id, image.description) == (id, description),
            )

    def _list(self) -> None:
        ids = self._dice.sample(list(self._truth.descriptions), self._dice.randint(1, 10))
        self._call(self._api.get_image_list, ids, right=lambda found: _ids(found) == ids)

    def _bulk_search(self) -> None:
        questions = self._dice.sample([one for one in self._truth.pages if one.page == 1], 3)
        expected = [self._truth.pages[one] for one in questions]
        self._call(
            self._api.bulk_search_images,
            [{"query": one.query} for one in questions],
            right=lambda found: [_ids(page) for page in found.results or ()] == expected,
            per_page=questions[0].per_page,
        )

    # Collections. A write that failed may have been done, so its collection is not used any more.

    def _create_collection(self) -> None:
        name = f"soak {next(self._numbers)}"
        self._book.collections[name] = None
        created, _ = self._call(self._api.create_lightbox, {"name": name})
        if created and created.id:
            self._collections[name] = created.id, []
            self._book.collections[name] = self._collections[name][1]

    def _add_item(self) -> None:
        name, collection, images = self._some_collection()
        image = self._new_image()
        _, error = self._call(self._api.add_lightbox_items, collection, {"items": [{"id": image}]})
        if error:
            self._leave(name)
        else:
            images.append(image)

    def _get_items(self) -> None:
        _, collection, images = self._some_collection()
        self._call(self._api.get_lightbox_items, collection, right=lambda found: _ids(found) == images)

    def _delete_collection(self) -> None:
        name, collection, _ = self._some_collection()
        self._leave(name)
        _, error = self._call(self._api.delete_lightbox, collection)
        if error is None:
            self._book.deleted.add(name)

    def _some_collection(self) -> tuple[str, str, list[str]]:
        while not self._collections:
            self._create_collection()
        name, (collection, images) = self._dice.choice(list(self._collections.items()))
        return name, collection, images

    def _leave(self, name: str) -> None:
        del self._collections[name]
        self._book.collections[name] = None

    # Licences.

    def _license(self) -> None:
        images = [self._new_image() for _ in range(self._dice.randint(1, 3))]
        metadata = {"customer_id": f"soak {images[0]}"} if self._dice.random() < 0.5 else None
        self._book.asked.update(dict.fromkeys(images, metadata or {}))
        result, error = self._call(
            self._api.license_images,
            licence_request(images, metadata),
            right=lambda result: [entry.image_id for entry in result.data or ()] == images,
            patience=0.5,
        )
        if isinstance(error, LicenseOutcomeUnknown):
            self._doubt(images, error)
        elif error:
            self._book.refused += images
        elif result:
            licences = {str(entry.image_id): str(entry.license_id) for entry in result.data or ()}
            self._own += licences.items()
            self._book.licensed.update(licences)

    def _doubt(self, images: list[str], error: LicenseOutcomeUnknown) -> None:
        self._book.doubts.append(error)
        self._book.check(list(error.image_ids) == images, f"{images} asked for, {error.image_ids} in doubt")
        if self._dice.random() < 0.5:  # now, while the sandbox still misbehaves
            with suppress(ApiException):
                found = error.reconcile()
                self._book.check(not found.not_licensed, f"{images}: ruled out while that is too early")

    def _redownload(self) -> None:
        image, licence = self._some_licence()
        self._call(
            self._api.download_image,
            licence,
            {"size": "small"},
            right=lambda link: f"/download/{licence}/small/{image}.jpg?" in str(link.url),
        )

    def _history(self) -> None:
        image, licence = self._some_licence()
        expected = [(licence, image, self._book.asked[image])]
        self._call(
            self._api.get_image_license_list,
            image_id=image,
            right=lambda found: _sold(found) == expected or (self._late and not found.data),
        )

    def _some_licence(self) -> tuple[str, str]:
        while not self._own:
            self._license()
        return self._dice.choice(self._own)

    def _new_image(self) -> str:
        return str(5_000_000 + next(self._numbers))


def licence_request(images: list[str], metadata: dict[str, Any] | None = None) -> LicenseImageRequestDict:
    """Return the body that asks for licences of these images."""
    return {
        "images": [
            {"image_id": image, "editorial_acknowledgement": True, "metadata": metadata} for image in images
        ]
    }


def _ids(page: Any) -> list[str]:
    return [one.id for one in page.data]


def _sold(history: Any) -> list[tuple[str, str, dict[str, Any]]]:
    return [(entry.id, entry.image.id, _unmarked(entry.metadata or {})) for entry in history.data]


def _unmarked(metadata: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in metadata.items() if name != MARKER}


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
