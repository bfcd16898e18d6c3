"""Which handler serves which operation."""

from __future__ import annotations

from collections.abc import Iterable

from shutterstock_api.sandbox.contract.contract import Contract

from . import collections, licences, oauth
from .call import Handler
from .media import editorial, images
from .services import users

_USERS: dict[str, Handler] = {
    "get_user": users.get_user,
    "create_user": users.create_user,
    "get_access_token": users.get_access_token,
    "get_user_subsciption_list": users.list_subscriptions,
}
_EDITORIAL_IMAGES: dict[str, Handler] = {
    "search_editorial_images": editorial.search_editorial,
    "get_editorial_image": editorial.get_editorial,
    "list_editorial_images": editorial.list_editorial,
    "list_editorial_image_categories": editorial.list_categories,
    "get_updated_editorial_images": editorial.list_changed,
    "get_editorial_image_livefeed_list": editorial.list_livefeeds,
    "get_editorial_image_livefeed": editorial.show_livefeed,
    "get_editorial_image_livefeed_items": editorial.list_livefeed_items,
    "license_editorial_images": licences.license_items,
    "get_editorial_image_license_list": licences.license_history,
}
#: The older operations: the same under other paths.
_EDITORIAL: dict[str, Handler] = {
    "search_editorial": editorial.search_editorial,
    "EditorialApi.get_editorial_image": editorial.get_editorial,
    "get_editorial_categories": editorial.list_categories,
    "get_updated_editorial_image": editorial.list_changed,
    "get_editorial_livefeed_list": editorial.list_livefeeds,
    "get_editorial_livefeed": editorial.show_livefeed,
    "get_editorial_livefeed_items": editorial.list_livefeed_items,
    "license_editorial_image": licences.license_items,
}
_EDITORIAL_VIDEO: dict[str, Handler] = {
    "search_editorial_videos": editorial.search_editorial,
    "get_editorial_video": editorial.get_editorial,
    "list_editorial_videos": editorial.list_editorial,
    "list_editorial_video_categories": editorial.list_categories,
    "license_editorial_video": licences.license_items,
    "get_editorial_video_license_list": licences.license_history,
}
#: Operations, by their operationId.
HANDLERS: dict[str, Handler] = {
    "get_image": images.get_image,
    "get_image_list": images.get_image_list,
    "get_image_categories": images.get_image_categories,
    "search_images": images.search_images,
    "bulk_search_images": images.bulk_search_images,
    "get_similar_images": images.get_similar_images,
    "get_image_recommendations": images.get_image_recommendations,
    "get_updated_images": images.get_updated_images,
    "get_image_suggestions": images.get_image_suggestions,
    "get_image_keyword_suggestions": images.get_image_keyword_suggestions,
    "upload_ephemeral_image": images.upload_ephemeral_image,
    "get_lightbox_list": collections.list_collections,
    "create_lightbox": collections.create_collection,
    "get_lightbox": collections.show_collection,
    "rename_lightbox": collections.rename_collection,
    "delete_lightbox": collections.delete_collection,
    "get_lightbox_items": collections.list_items,
    "add_lightbox_items": collections.add_items,
    "delete_lightbox_items": collections.delete_items,
    "get_featured_lightbox_list": collections.list_featured,
    "get_featured_lightbox": collections.show_featured,
    "get_featured_lightbox_items": collections.list_featured_items,
    "license_images": licences.license_items,
    "download_image": licences.download_again,
    "get_image_license_list": licences.license_history,
    "authorize": oauth.authorize,
    "create_access_token": oauth.create_access_token,
    **_EDITORIAL_IMAGES,
    **_EDITORIAL,
    **_EDITORIAL_VIDEO,
    **_USERS,
}


def check_complete(contract: Contract, handlers: Iterable[str] = HANDLERS) -> None:
    """Every operation of the contract has a handler, and every handler an operation."""
    missing, unknown = set(contract.operations) - set(handlers), set(handlers) - set(contract.operations)
    if missing or unknown:
        raise LookupError(
            f"operations without a handler: {sorted(missing)}; handlers without: {sorted(unknown)}"
        )
