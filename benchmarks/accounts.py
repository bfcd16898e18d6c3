"""Accounting for a round of the soak: compares the client's records with those of the sandbox."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import urllib3

from benchmarks.callers import MARKER, licence_request
from benchmarks.sandbox import without_others
from shutterstock_api import ImagesApi

if TYPE_CHECKING:
    from benchmarks.callers import Book
    from benchmarks.sandbox import Remote

SETTLED = 11 * 60
"""Seconds after which the history must show a licence that was bought."""
_BATCH = 50
_PAGE = 150


def settle(book: Book, remote: Remote, api: ImagesApi, bought: int) -> None:
    """Compare the client's records with the ledger; look up what is in doubt; license what was not.

    Args:
        book: What the client believes.
        remote: The sandbox, which no longer misbehaves.
        api: The client.
        bought: How many licences the ledger had before.
    """
    sold = without_others(remote.ledger()[bought:])
    ledger = _by_image(sold)
    book.check(set(ledger) <= set(book.asked), "the ledger has licences that nobody asked for")
    book.check(_differ(sold), "the ledger has one marker more than once")
    for image, licence in book.licensed.items():
        book.check(ledger[image] == [licence], f"{image}: {licence} believed, {ledger[image]} in the ledger")
    for image in book.refused:
        book.check(not ledger[image], f"{image}: believed refused, {ledger[image]} in the ledger")
    remote.clock.sleep(SETTLED)
    again = book.refused + _reconciled(book, ledger)
    for start in range(0, len(again), _BATCH):
        api.license_images(licence_request(again[start : start + _BATCH]))
    ledger = _by_image(without_others(remote.ledger()[bought:]))
    for image in set(book.asked) - set(book.unknown):
        book.check(len(ledger[image]) == 1, f"{image}: in the end licensed as {ledger[image]}")
    _compare_collections(book, remote)
    _compare_requests(book, remote)


def look(book: Book, remote: Remote, bought: int) -> None:
    """Look up what is in doubt while clocks and the licence history cannot be relied on.

    Args:
        book: What the client believes.
        remote: The sandbox.
        bought: How many licences the ledger had before.
    """
    ledger = _by_image(without_others(remote.ledger()[bought:]))
    remote.clock.sleep(SETTLED)
    for doubt in book.doubts:
        found = doubt.reconcile()
        for image, entries in found.licensed.items():
            book.check([entry.id for entry in entries] == ledger[image], f"{image}: another's licence")
        for image in found.not_licensed:
            book.check(not ledger[image], f"{image}: ruled out, {ledger[image]} in the ledger")


def _reconciled(book: Book, ledger: dict[str, list[str]]) -> list[str]:
    """Look up all doubtful licences; return the images that were not licensed."""
    not_licensed = []
    for doubt in book.doubts:
        found = doubt.reconcile()
        for image, entries in found.licensed.items():
            licences = [entry.id for entry in entries]
            book.check(licences == ledger[image], f"{image}: {licences} found, {ledger[image]} in the ledger")
            book.found.append(image)
        for image in found.not_licensed:
            book.check(not ledger[image], f"{image}: not found, {ledger[image]} in the ledger")
        not_licensed += found.not_licensed
        book.unknown += found.unknown
    return not_licensed


def _compare_collections(book: Book, remote: Remote) -> None:
    sizes = defaultdict(list)
    page: list[dict[str, Any]] = [{}] * _PAGE
    number = 0
    while len(page) == _PAGE:
        number += 1
        page = ask(remote, "/v2/images/collections", page=number, per_page=_PAGE)["data"]
        for collection in page:
            sizes[collection["name"]].append(collection["total_item_count"])
    for name, images in book.collections.items():
        there = sizes[name]
        if images is not None:
            book.check(there == [len(images)], f"{name}: {len(images)} images believed, there are {there}")
        else:
            most = 0 if name in book.deleted else 1
            book.check(len(there) <= most, f"{name}: there are {len(there)}, not {most}")


def _compare_requests(book: Book, remote: Remote) -> None:
    arrived = remote.arrived()
    for number, most in book.arriving.items():
        book.arrived += arrived[number]
        book.check(arrived[number] <= most, f"call {number}: {arrived[number]} requests came, not {most}")


def _differ(ledger: list[dict[str, Any]]) -> bool:
    markers = [licence["metadata"][MARKER] for licence in ledger if MARKER in (licence["metadata"] or {})]
    return len(set(markers)) == len(markers)


def _by_image(ledger: list[dict[str, Any]]) -> dict[str, list[str]]:
    licences = defaultdict(list)
    for licence in ledger:
        licences[licence["image_id"]].append(licence["id"])
    return licences


def ask(remote: Remote, path: str, **query: Any) -> Any:
    """Ask the sandbox without the client."""
    headers = {"Authorization": f"Bearer {remote.token}", "User-Agent": "witness"}
    with urllib3.PoolManager(headers=headers) as pool:
        answer = pool.request("GET", f"{remote.url}{path}?{urlencode(query, doseq=True)}")
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {answer.data!r}")
    return json.loads(answer.data)


def licences(book: Book) -> Counter[str]:
    """Count the outcomes of the images that were to be licensed."""
    doubtful = sum(len(doubt.image_ids) for doubt in book.doubts)
    return Counter(
        {
            "asked for": len(book.asked),
            "licensed": len(book.licensed),
            "refused": len(book.refused),
            "in doubt": doubtful,
            "found": len(book.found),
            "not found": doubtful - len(book.found) - len(book.unknown),
            "unknown": len(book.unknown),
        }
    )
