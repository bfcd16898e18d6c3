"""Handlers that look images up and search for them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from shutterstock_api.sandbox.catalogue.images import views
from shutterstock_api.sandbox.catalogue.images.images import Image
from shutterstock_api.sandbox.catalogue.images.pictures import main_colour
from shutterstock_api.sandbox.catalogue.images.search import look_of
from shutterstock_api.sandbox.catalogue.images.updates import changes, period
from shutterstock_api.sandbox.catalogue.searching import Found, SearchError
from shutterstock_api.sandbox.catalogue.terms import keywords_of, suggestions
from shutterstock_api.sandbox.catalogue.vocabulary import CATEGORIES
from shutterstock_api.sandbox.contract.fields import FieldsError, parse_fields, select_fields
from shutterstock_api.sandbox.http.messages import Refusal, invalid, not_found
from shutterstock_api.sandbox.http.times import iso
from shutterstock_api.sandbox.operations.call import Answer, Call, page_of, part_of

#: The largest picture that may be uploaded, in bytes.
MAX_UPLOAD = 10_000_000


def _shown(call: Call, image_ids: Iterable[int], view: str) -> list[dict[str, Any]]:
    show = views.full if view == "full" else views.minimal
    return [
        show(call.service.images.catalogue.image(image_id), call.service.base_url) for image_id in image_ids
    ]


def _image_of(call: Call, image_id: str) -> Image:
    if not call.service.images.catalogue.knows(image_id):
        raise not_found()
    return call.service.images.catalogue.image(int(image_id))


def get_image(call: Call) -> Answer:
    """One image."""
    image = _image_of(call, call.parameters["id"])
    return Answer(200, _shown(call, [image.id], call.parameters.get("view", "full"))[0])


def get_image_list(call: Call) -> Answer:
    """Several images; unknown ids are told in `errors`."""
    ids = call.parameters["id"]
    known = [int(image_id) for image_id in ids if call.service.images.catalogue.knows(image_id)]
    body: dict[str, Any] = {"data": _shown(call, known, call.parameters.get("view", "minimal"))}
    unknown = [image_id for image_id in ids if not call.service.images.catalogue.knows(image_id)]
    if unknown:
        body["errors"] = [
            {
                "code": "NOT_FOUND",
                "message": "Image not found",
                "path": "$.query.id",
                "items": [{"id": image_id}],
            }
            for image_id in unknown
        ]
    return Answer(200, body)


def get_image_categories(call: Call) -> Answer:
    """All categories."""
    return Answer(200, {"data": [{"id": id_, "name": name} for name, id_ in CATEGORIES.items()]})


def search_images(call: Call) -> Answer:
    """One search."""
    parameters = call.parameters
    if parameters.get("ai_search") and not ("ai_industry" in parameters and "ai_objective" in parameters):
        raise invalid("$.query.ai_search", "ai_search needs ai_industry and ai_objective")
    body = _search(call, parameters, "$.query")
    if parameters.get("ai_search"):
        body["insights"] = {"label_performance": _labels(call, parameters.get("ai_labels_limit", 20))}
    return Answer(200, body)


def _labels(call: Call, limit: int) -> list[dict[str, Any]]:
    words = keywords_of(call.parameters.get("query", "") or "image", limit)
    return [{"name": word, "percentile_performance": 99.0 - 3 * rank} for rank, word in enumerate(words)]


def _search(call: Call, parameters: Mapping[str, Any], place: str) -> dict[str, Any]:
    try:
        found = call.service.images.searcher.search(parameters)
    except SearchError as error:
        raise invalid(f"{place}.{error.parameter}", str(error)) from error
    return _search_page(call, found, parameters)


def _search_page(call: Call, found: Found, parameters: Mapping[str, Any]) -> dict[str, Any]:
    page, per_page = parameters["page"], parameters["per_page"]
    body = {
        "data": _shown(call, found.results.page(page, per_page), parameters.get("view", "minimal")),
        "page": page,
        "per_page": per_page,
        "search_id": found.search_id,
        "total_count": found.results.total,
    }
    return body if found.spellcheck_info is None else {**body, "spellcheck_info": found.spellcheck_info}


def bulk_search_images(call: Call) -> Answer:
    """Several searches; what a search says itself wins over the query parameters."""
    results, partial = [], False
    common = {name: value for name, value in call.parameters.items() if name != "fields"}
    for number, own in enumerate(call.body):
        result = _search(call, {**common, **own}, f"$.body[{number}]")
        if "fields" in own:
            try:
                result, partial = select_fields(result, parse_fields(own["fields"])), True
            except FieldsError as error:
                raise invalid(f"$.body[{number}].fields", str(error)) from error
        results.append(result)
    seed = " ".join(str(result.get("search_id")) for result in results)
    return Answer(
        200, {"bulk_search_id": str(uuid.uuid5(uuid.NAMESPACE_OID, seed)), "results": results}, partial
    )


def get_similar_images(call: Call) -> Answer:
    """Images like another one or like an uploaded picture."""
    wanted = call.parameters["id"]
    if wanted.startswith("U"):
        look = call.service.store.upload(wanted)
        if look is None:
            raise not_found()
        found = call.service.images.searcher.similar_to(wanted, *look)
    else:
        found = call.service.images.searcher.similar(_image_of(call, wanted))
    return Answer(200, _search_page(call, found, call.parameters))


def get_image_recommendations(call: Call) -> Answer:
    """Ids of images that go with the given ones."""
    known = [image_id for image_id in call.parameters["id"] if call.service.images.catalogue.knows(image_id)]
    images = [call.service.images.catalogue.image(int(image_id)) for image_id in known]
    limit, safe = call.parameters["max_items"], call.parameters["safe"]
    ids = call.service.images.searcher.recommended(images, limit, safe=safe)
    return Answer(200, {"data": [{"id": str(image_id)} for image_id in ids]})


def get_updated_images(call: Call) -> Answer:
    """What changed in a period."""
    now = call.service.clock()
    start, end = period(call.parameters, call.given, now)
    found = changes(
        call.service.images.catalogue, max(start, 0.0), min(end, now), call.parameters.get("type", ())
    )
    if call.parameters["sort"] == "newest":
        found.reverse()
    shown = [
        {"id": change.image_id, "updated_time": iso(change.time), "updates": [change.kind]}
        for change in part_of(call, found)
    ]
    return page_of(call, shown, len(found))


def get_image_suggestions(call: Call) -> Answer:
    """Completions of the beginning of a search term."""
    return Answer(200, {"data": suggestions(call.parameters["query"], call.parameters["limit"])})


def get_image_keyword_suggestions(call: Call) -> Answer:
    """The keywords of a text."""
    return Answer(200, {"keywords": keywords_of(call.body["text"])})


def upload_ephemeral_image(call: Call) -> Answer:
    """Take a picture to search with; the same picture gets the same id."""
    try:
        data = base64.b64decode(call.body["base64_image"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid("$.body.base64_image", "this is not Base64") from error
    if len(data) > MAX_UPLOAD:
        raise Refusal(413, f"The picture is larger than {MAX_UPLOAD} bytes")
    rgb = main_colour(data)
    if rgb is None:
        raise invalid("$.body.base64_image", "this is neither a JPEG nor a PNG picture")
    digest = hashlib.sha256(data).hexdigest()
    upload_id = f"U{digest[:24]}"
    subject, colour = look_of(rgb, int(digest[:8], 16))
    call.service.store.add_upload(upload_id, subject, colour.name)
    return Answer(201, {"id": upload_id})
