"""Which handler serves which operation."""

from __future__ import annotations

from collections.abc import Iterable

from shutterstock_api.sandbox.contract.contract import Contract

from . import collections, licences, oauth
from .call import Handler
from .media import audio, editorial, images, items
from .services import catalog, computer_vision, contributors, custom_music, trials, users

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
    "list_editorial_image_categories": editorial.list_editorial_categories,
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
    "get_editorial_categories": editorial.list_editorial_categories,
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
    "list_editorial_video_categories": editorial.list_editorial_categories,
    "license_editorial_video": licences.license_items,
    "get_editorial_video_license_list": licences.license_history,
}
_VIDEOS: dict[str, Handler] = {
    "get_video": items.show_item,
    "get_video_list": items.show_items,
    "get_video_categories": items.list_categories,
    "search_videos": items.search_items,
    "get_video_suggestions": items.list_suggestions,
    "get_similar_videos": items.list_similar,
    "get_updated_videos": items.list_changes,
    "get_clipbox_list": collections.list_collections,
    "create_clipbox": collections.create_collection,
    "get_clipbox": collections.show_collection,
    "rename_clipbox": collections.rename_collection,
    "delete_clipbox": collections.delete_collection,
    "get_clipbox_items": collections.list_items,
    "add_clipbox_items": collections.add_items,
    "delete_clipbox_items": collections.delete_items,
    "get_featured_video_collection_list": collections.list_featured,
    "get_featured_video_collection": collections.show_featured,
    "get_featured_video_collection_items": collections.list_featured_items,
    "license_videos": licences.license_items,
    "download_videos": licences.download_again,
    "get_video_license_list": licences.license_history,
}
_AUDIO: dict[str, Handler] = {
    "get_track": items.show_item,
    "get_track_list": items.show_items,
    "search_audio": items.search_items,
    "get_genres": audio.get_genres,
    "get_moods": audio.get_moods,
    "get_instruments": audio.get_instruments,
    "get_soundbox_list": collections.list_collections,
    "create_soundbox": collections.create_collection,
    "get_soundbox": collections.show_collection,
    "rename_soundbox": collections.rename_collection,
    "delete_soundbox": collections.delete_collection,
    "get_soundbox_items": collections.list_items,
    "add_soundbox_items": collections.add_items,
    "delete_soundbox_items": collections.delete_items,
    "license_track": licences.license_items,
    "download_tracks": licences.download_again,
    "get_audio_license_list": licences.license_history,
}
_SOUND_EFFECTS: dict[str, Handler] = {
    "get_sfx_details": items.show_item,
    "get_sfx_list_details": items.show_items,
    "search_sfx": items.search_items,
    "license_sfx": licences.license_items,
    "download_sfx": licences.download_again,
    "get_sfx_license_list": licences.license_history,
}
_CONTRIBUTORS: dict[str, Handler] = {
    "get_contributor": contributors.get_contributor,
    "get_contributor_list": contributors.get_contributor_list,
    "get_contributor_collections_list": contributors.list_sets,
    "get_contributor_collections": contributors.show_set,
    "get_contributor_collection_items": contributors.list_set_items,
}
_CATALOG: dict[str, Handler] = {
    "get_collections": catalog.get_collections,
    "create_collection": catalog.create_shared,
    "update_collection": catalog.update_shared,
    "delete_collection": catalog.delete_shared,
    "add_to_collection": catalog.add_to_shared,
    "delete_from_collection": catalog.delete_from_shared,
    "search_catalog": catalog.search_catalog,
}
_COMPUTER_VISION: dict[str, Handler] = {
    "upload_image": computer_vision.upload_image,
    "get_keywords": computer_vision.get_keywords,
    "ComputerVisionApi.get_similar_images": computer_vision.list_images_alike,
    "ComputerVisionApi.get_similar_videos": computer_vision.list_videos_alike,
}
_CUSTOM_MUSIC: dict[str, Handler] = {
    "list_custom_descriptors": custom_music.list_custom_descriptors,
    "list_custom_instruments": custom_music.list_custom_instruments,
    "create_audio_renders": custom_music.create_audio_renders,
    "fetch_renders": custom_music.fetch_renders,
}
_TEST: dict[str, Handler] = {"echo": trials.echo, "validate": trials.validate}
#: Operations, by their operationId.
HANDLERS: dict[str, Handler] = {
    "get_image": items.show_item,
    "get_image_list": items.show_items,
    "get_image_categories": items.list_categories,
    "search_images": images.search_images,
    "bulk_search_images": images.bulk_search_images,
    "get_similar_images": images.get_similar_images,
    "get_image_recommendations": images.get_image_recommendations,
    "get_updated_images": items.list_changes,
    "get_image_suggestions": items.list_suggestions,
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
    **_VIDEOS,
    **_AUDIO,
    **_SOUND_EFFECTS,
    **_USERS,
    **_CONTRIBUTORS,
    **_CATALOG,
    **_COMPUTER_VISION,
    **_CUSTOM_MUSIC,
    **_TEST,
}


def check_complete(contract: Contract, handlers: Iterable[str] = HANDLERS) -> None:
    """Every operation of the contract has a handler, and every handler an operation."""
    missing, unknown = set(contract.operations) - set(handlers), set(handlers) - set(contract.operations)
    if missing or unknown:
        raise LookupError(
            f"operations without a handler: {sorted(missing)}; handlers without: {sorted(unknown)}"
        )
