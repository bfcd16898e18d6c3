"""What contributors tell about themselves, worked out from their ids."""

from __future__ import annotations

import random
from typing import Any

from shutterstock_api.sandbox.catalogue.library import Library
from shutterstock_api.sandbox.catalogue.vocabulary import CONTRIBUTORS, SUBJECTS, Contributor

_TYPES = ("photographer", "illustrator", "videographer", "vector artist")
_EQUIPMENT = (
    "Full-frame camera",
    "85 mm lens",
    "Macro lens",
    "Drone",
    "Tripod",
    "Studio lights",
    "Graphics tablet",
)
_STYLES = ("lifestyle", "still life", "documentary", "minimal", "aerial", "macro", "vintage", "portrait")
_NETWORKS = {
    "facebook": "https://www.facebook.com/{}",
    "linkedin": "https://www.linkedin.com/in/{}",
    "pinterest": "/{}",
    "tumblr": "https://{}.tumblr.com",
    "twitter": "/{}",
}
_KNOWN = {contributor.id: contributor for contributor in CONTRIBUTORS}


def knows(contributor_id: str) -> bool:
    """Whether there is a contributor with this id."""
    return Library.knows(contributor_id) and len(contributor_id) <= 12


def whoever_is(contributor_id: str) -> Contributor:
    """The contributor: one who made images of the catalogue, or one who made none."""
    if contributor_id in _KNOWN:
        return _KNOWN[contributor_id]
    alike = CONTRIBUTORS[int(contributor_id) % len(CONTRIBUTORS)]
    return Contributor(contributor_id, alike.name, alike.country)


def profile(contributor_id: str, base_url: str) -> dict[str, Any]:
    """The answer about a contributor, without empty fields."""
    who = whoever_is(contributor_id)
    chance = random.Random(f"profile {who.id}")  # nosec B311 # the same profile every time
    subjects = [phrase.text for phrase in chance.sample(SUBJECTS, 3)]
    slug = who.name.lower().replace(" ", "")
    told: dict[str, Any] = {
        "id": who.id,
        "display_name": who.name,
        "about": f"I like to show {subjects[0]} and {subjects[1]} as nobody has seen them before.",
        "location": who.country.lower(),
        "website": f"https://{slug}.example",
        "portfolio_url": f"{base_url}/g/{slug}",
        "contributor_type": _some(chance, _TYPES, 1, 2),
        "equipment": _some(chance, _EQUIPMENT, 0, 3),
        "styles": _some(chance, _STYLES, 0, 3),
        "subjects": subjects,
        "social_media": {
            name: _NETWORKS[name].format(slug) for name in _some(chance, tuple(_NETWORKS), 0, 3)
        },
    }
    hidden = _some(chance, ("about", "website"), 0, 2)
    return {name: value for name, value in told.items() if value and name not in hidden}


def _some(chance: random.Random, values: tuple[str, ...], least: int, most: int) -> list[str]:
    """Some of the values, in their order."""
    chosen = chance.sample(values, chance.randint(least, most))
    return [value for value in values if value in chosen]
