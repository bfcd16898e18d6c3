"""Handlers that look up and search images."""

from __future__ import annotations

import uuid
from typing import Any

from shutterstock_api.sandbox.catalogue.images.recognition import UnreadablePictureError
from shutterstock_api.sandbox.catalogue.terms import keywords_of
from shutterstock_api.sandbox.contract.fields import FieldsError, parse_fields, select_fields
from shutterstock_api.sandbox.http.messages import invalid
from shutterstock_api.sandbox.operations.call import Answer, Call

from .items import searched
from .uploads import keep_upload, resembling


def search_images(call: Call) -> Answer:
    """One search."""
    parameters = call.parameters
    if parameters.get("ai_search") and not ("ai_industry" in parameters and "ai_objective" in parameters):
        raise invalid("$.query.ai_search", "ai_search needs ai_industry and ai_objective")
    body = searched(call, call.service.images, parameters, "$.query")
    if parameters.get("ai_search"):
        body["insights"] = {"label_performance": _labels(call, parameters.get("ai_labels_limit", 20))}
    return Answer(200, body)


def _labels(call: Call, limit: int) -> list[dict[str, Any]]:
    words = keywords_of(call.parameters.get("query", "") or "image", limit)
    return [{"name": word, "percentile_performance": 99.0 - 3 * rank} for rank, word in enumerate(words)]


def bulk_search_images(call: Call) -> Answer:
    """Several searches; the parameters of a search win over those of the query."""
    results, partial = [], False
    common = {name: value for name, value in call.parameters.items() if name != "fields"}
    for number, own in enumerate(call.body):
        result = searched(call, call.service.images, {**common, **own}, f"$.body[{number}]")
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
    return resembling(call, call.service.images, call.parameters["id"])


def get_image_recommendations(call: Call) -> Answer:
    """Ids of images that go with the given ones."""
    known = [image_id for image_id in call.parameters["id"] if call.service.images.catalogue.knows(image_id)]
    images = [call.service.images.catalogue.image(int(image_id)) for image_id in known]
    limit, safe = call.parameters["max_items"], call.parameters["safe"]
    ids = call.service.images.searcher.recommended(images, limit, safe=safe)
    return Answer(200, {"data": [{"id": str(image_id)} for image_id in ids]})


def get_image_keyword_suggestions(call: Call) -> Answer:
    """The keywords of a text."""
    return Answer(200, {"keywords": keywords_of(call.body["text"])})


def upload_ephemeral_image(call: Call) -> Answer:
    """Accept a picture to search with; the same picture gets the same id."""
    try:
        return Answer(201, {"id": keep_upload(call, 24)})
    except UnreadablePictureError as error:
        raise invalid("$.body.base64_image", str(error)) from error
