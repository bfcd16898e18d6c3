"""The fields that `fields=` keeps, in Google's syntax for partial answers: `data(id,assets/preview),page`."""

from __future__ import annotations

import re
from typing import Any


def keeps(fields: Any, path: str) -> bool:
    """Tell whether `fields` keeps the value at `path`, such as `data/id`; without `fields` all are kept."""
    if not isinstance(fields, str) or not fields:
        return True
    above, kept, current = [""], set[str](), ""
    for token in re.findall(r"[(),]|[^(),\s]+", fields):
        if token == "(":
            kept.discard(current)  # only the fields inside are kept
            above.append(f"{current}/")
        elif token == ")" and len(above) > 1:
            above.pop()
        elif token != ",":
            current = above[-1] + token
            kept.add(current)
    return any(_covers(one.split("/"), path.split("/")) for one in kept)


def _covers(kept: list[str], wanted: list[str]) -> bool:
    """Tell whether two paths are equal up to the end of the shorter one."""
    return all(one in (other, "*") for one, other in zip(kept, wanted, strict=False))
