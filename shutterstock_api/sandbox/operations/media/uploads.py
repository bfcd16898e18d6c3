"""Uploaded pictures, which are kept for a day, and items that resemble them."""

from __future__ import annotations

import base64
import binascii
import hashlib

from shutterstock_api.sandbox.account.services import UPLOAD_LIFETIME, Look
from shutterstock_api.sandbox.catalogue.images.recognition import LargePictureError, keywords, recognise
from shutterstock_api.sandbox.catalogue.images.stock import ImageStock
from shutterstock_api.sandbox.catalogue.videos.stock import VideoStock
from shutterstock_api.sandbox.http.messages import Refusal, invalid, not_found
from shutterstock_api.sandbox.operations.call import Answer, Call

from .items import found_page

#: The largest picture that may be uploaded, in bytes.
MAX_UPLOAD = 10_000_000


def keep_upload(call: Call, digits: int) -> str:
    """Accept the picture in the body and return its id of this many digits; the same picture has the same id.

    Raises `UnreadablePictureError` if it is not a picture.
    """
    try:
        data = base64.b64decode(call.body["base64_image"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid("$.body.base64_image", "this is not Base64") from error
    if len(data) > MAX_UPLOAD:
        raise Refusal(413, f"The picture is larger than {MAX_UPLOAD} bytes")
    try:
        seen = recognise(data, call.service.images.catalogue)
    except LargePictureError as error:
        raise Refusal(413, str(error)) from error
    upload_id = f"U{hashlib.sha256(data).hexdigest()[:digits]}"
    look = Look(seen.subject, seen.colour, seen.words)
    call.service.store.add_upload(upload_id, look, call.service.clock())
    return upload_id


def look_of(call: Call, asset_id: str) -> Look:
    """The features of a picture that was uploaded or is in the library; 404 if there is no such picture."""
    images = call.service.images
    if asset_id.startswith("U"):
        look = call.service.store.upload(asset_id, call.service.clock() - UPLOAD_LIFETIME)
    elif images.knows(asset_id):
        image = images.catalogue.image(int(asset_id))
        look = Look(image.subject.text, image.colour.name, tuple(keywords(image)))
    else:
        look = None
    if look is None:
        raise not_found()
    return look


def resembling(call: Call, shelf: ImageStock | VideoStock, asset_id: str) -> Answer:
    """One page of items that look like a picture, without the picture itself."""
    look = look_of(call, asset_id)
    without = int(asset_id) if asset_id.isdigit() and shelf is call.service.images else 0
    found = shelf.searcher.resembling(asset_id, look.subject, look.colour, call.parameters, without)
    return Answer(200, found_page(call, shelf, found, call.parameters))
