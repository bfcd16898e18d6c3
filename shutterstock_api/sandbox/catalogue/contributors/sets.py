"""The sets that contributors show of their images, worked out from their ids."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, islice

from shutterstock_api.sandbox.catalogue.images.images import Catalogue
from shutterstock_api.sandbox.catalogue.vocabulary import ADJECTIVES, SUBJECTS

#: A contributor has up to nine sets with consecutive ids; the first ones come after this number.
_FIRST, _FIRST_CONTRIBUTOR = 138_351_026, 800_506
_MOST = 60
_HOUR = 3600
_BEGIN = datetime(2015, 1, 1, 12, tzinfo=UTC).timestamp()


@dataclass(frozen=True)
class ContributorSet:
    """A set: its name, its images in the order in which they were added, an hour apart, and its times."""

    id: str
    name: str
    images: tuple[str, ...]
    created: float
    updated: float

    def added(self, position: int) -> float:
        """When the image at this position was added."""
        return self.created + _HOUR * position

    @property
    def items_updated(self) -> float:
        """When the last image was added."""
        return self.added(max(0, len(self.images) - 1))


def sets_of(catalogue: Catalogue, contributor_id: str) -> list[ContributorSet]:
    """All sets of a contributor, up to five of them, oldest first."""
    chance = random.Random(f"sets {contributor_id}")  # nosec B311 # the same sets every time
    before = _FIRST + 10 * (int(contributor_id) - _FIRST_CONTRIBUTOR)
    images = _images_by(catalogue, contributor_id)
    found, created = [], _BEGIN
    for number in range(1, 1 + chance.choice((2, 3, 0, 4, 1, 5))):
        created += chance.randint(20, 400) * 24 * _HOUR
        name = f"{chance.choice(ADJECTIVES).text} {chance.choice(SUBJECTS).text}"
        shown = tuple(map(str, islice(images, chance.choice((3, 12, 25, 40, _MOST, 0)))))
        updated = created + chance.randint(1, 20 * 24) * _HOUR
        found.append(ContributorSet(str(before + number), name, shown, created, updated))
    return found


def _images_by(catalogue: Catalogue, contributor_id: str) -> Iterator[int]:
    """The images of a contributor, repeated endlessly; those of others if the contributor made none."""
    makers = catalogue.contributor.values
    positions = [position for position, who in enumerate(makers) if who.id == contributor_id]
    for start in count(len(makers), len(makers)):
        for position in positions or [int(contributor_id) % len(makers)]:
            if catalogue.knows(str(start + position)):
                yield start + position
