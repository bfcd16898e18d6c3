"""Handlers for music that is composed to order."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from shutterstock_api.sandbox.catalogue.music import ensemble, score
from shutterstock_api.sandbox.catalogue.music.ensemble import Descriptor, Instrument
from shutterstock_api.sandbox.catalogue.music.timeline import TimelineError, check_timeline
from shutterstock_api.sandbox.http.files import file_response, only_reading
from shutterstock_api.sandbox.http.messages import Request, Response, invalid, not_found
from shutterstock_api.sandbox.operations.call import Answer, Call, Service, part_of

from .renders import content, files_of, render_id, shown_render

_FILE = re.compile(r"/renders/(?P<id>[A-Za-z0-9]{28})/(?P<position>\d{1,3})")
_PREVIEW = re.compile(r"/previews/music/(?P<id>[a-z0-9_]+)\.mp3")
_PREVIEW_SECONDS = 10
_FILENAME = re.compile(r'[^/\\"\x00-\x1f\x7f]{1,200}')

#: Parameter -> the descriptors that pass it.
_FILTERS: dict[str, Callable[[Descriptor, Any], bool]] = {
    "id": lambda one, ids: one.id in ids,
    "name": lambda one, name: one.name == name,
    "tag": lambda one, tag: tag in one.tags,
    "band_id": lambda one, id_: any(band.id == id_ for band in one.bands),
    "band_name": lambda one, name: any(band.name == name for band in one.bands),
    "instrument_id": lambda one, id_: any(instrument.id == id_ for instrument in one.instruments),
    "instrument_name": lambda one, name: any(instrument.name == name for instrument in one.instruments),
    "render_speed_over": lambda one, speed: one.average_render_speed >= speed,
    "tempo": lambda one, tempo: one.min_tempo <= tempo <= one.max_tempo,
    "tempo_from": lambda one, tempo: one.max_tempo >= tempo,
    "tempo_to": lambda one, tempo: one.min_tempo <= tempo,
}


def list_custom_descriptors(call: Call) -> Answer:
    """The descriptors that pass all filters."""
    given = {name: value for name, value in call.parameters.items() if name in _FILTERS}
    found = [
        one
        for one in ensemble.DESCRIPTORS
        if all(_FILTERS[name](one, value) for name, value in given.items())
    ]
    return _page_without_total(call, [_shown_descriptor(call, one) for one in found])


def list_custom_instruments(call: Call) -> Answer:
    """The instruments that pass all filters."""
    ids, name, tag = (call.parameters.get(filter_) for filter_ in ("id", "name", "tag"))
    found = [
        one
        for one in ensemble.INSTRUMENTS
        if (not ids or one.id in ids) and name in (None, one.name) and (tag is None or tag in one.tags)
    ]
    return _page_without_total(
        call, [{**_named(one), "tags": one.tags, **_sound_previews(call, one)} for one in found]
    )


def create_audio_renders(call: Call) -> Answer:
    """Start renders; each takes four seconds, and they run at the same time."""
    requests = call.body["audio_renders"]
    if not requests:
        raise invalid("$.body.audio_renders", "expected 1 or more", "VALIDATION_OUT_OF_RANGE")
    for number, request in enumerate(requests):
        place = f"$.body.audio_renders[{number}]"
        if not _FILENAME.fullmatch(request["filename"]):
            raise invalid(f"{place}.filename", "expected the name of a file", data=request["filename"])
        try:
            check_timeline(request["timeline"])
        except TimelineError as error:
            raise invalid(f"{place}.timeline{error.place}", str(error)) from error
    now = call.service.clock()
    numbers = call.service.store.add_renders(requests, now)
    begun = zip(numbers, requests, strict=True)
    return Answer(
        200, {"audio_renders": [shown_render(call.service, number, one, now) for number, one in begun]}
    )


def fetch_renders(call: Call) -> Answer:
    """Renders and their progress; 404 if none of the ids is valid, or still valid."""
    wanted = call.parameters["id"]
    found = [
        shown_render(call.service, number, row["request"], row["created"])
        for number, row in call.service.store.renders(call.service.clock()).items()
        if render_id(number) in wanted
    ]
    if not found:
        raise not_found()
    return Answer(200, {"audio_renders": found})


def render_file(service: Service, request: Request) -> Response:
    """A file of a render, by its link."""
    only_reading(request)
    match = _FILE.fullmatch(request.path)
    if match is None:
        raise not_found()
    service.links.check(request)
    [made] = [
        row["request"] for number, row in service.store.renders(0).items() if render_id(number) == match["id"]
    ]
    file = files_of(made)[int(match["position"])]
    return file_response(request, *content(made, file), file.filename)


def music_preview(service: Service, request: Request) -> Response:
    """A free preview of a descriptor or an instrument."""
    only_reading(request)
    match = _PREVIEW.fullmatch(request.path)
    if match is None or match["id"] not in {*ensemble.BY_ID, *ensemble.INSTRUMENT_IDS}:
        raise not_found()
    return file_response(request, score.sound(match["id"], _PREVIEW_SECONDS, "mp3"), "audio/mp3")


def _page_without_total(call: Call, rows: list[Any]) -> Answer:
    """One page; like the service, without a total."""
    page, per_page = call.parameters["page"], call.parameters["per_page"]
    return Answer(200, {"data": part_of(call, rows), "page": page, "per_page": per_page})


def _shown_descriptor(call: Call, one: Descriptor) -> dict[str, Any]:
    return {
        **_named(one),
        "tags": one.tags,
        "bands": [_named(band) for band in one.bands],
        "instruments": [_named(instrument) for instrument in one.instruments],
        "min_tempo": one.min_tempo,
        "max_tempo": one.max_tempo,
        "average_render_speed": one.average_render_speed,
        **_sound_previews(call, one),
    }


def _named(one: Descriptor | Instrument | ensemble.Band) -> dict[str, Any]:
    return {"id": one.id, "name": one.name}


def _sound_previews(call: Call, one: Descriptor | Instrument) -> dict[str, Any]:
    url = f"{call.service.base_url}/previews/music/{one.id}.mp3"
    return {"previews": [{"url": url, "content_type": "audio/mp3"}]}
