"""Handlers that look at pictures."""

from __future__ import annotations

from shutterstock_api.sandbox.catalogue.images.recognition import UnreadablePictureError
from shutterstock_api.sandbox.http.messages import Refusal
from shutterstock_api.sandbox.operations.call import Answer, Call
from shutterstock_api.sandbox.operations.media.uploads import keep_upload, look_of, resembling


def upload_image(call: Call) -> Answer:
    """Accept a picture; unlike the older upload, this one refuses unreadable pictures with 415."""
    try:
        return Answer(201, {"upload_id": keep_upload(call, 32)})
    except UnreadablePictureError as error:
        raise Refusal(415, str(error)) from error


def get_keywords(call: Call) -> Answer:
    """Keywords for an uploaded picture, or for an image of the library."""
    return Answer(200, {"data": list(look_of(call, call.parameters["asset_id"]).words)})


def list_images_alike(call: Call) -> Answer:
    """Images like another one or like an uploaded picture, under these licences."""
    return resembling(call, call.service.images, call.parameters["asset_id"])


def list_videos_alike(call: Call) -> Answer:
    """Videos like an image or like an uploaded picture, under these licences."""
    return resembling(call, call.service.videos, call.parameters["asset_id"])
