"""The names of groups and commands: those of classes and methods, and short names for the common ones."""

from __future__ import annotations

import re
from collections.abc import Mapping

from shutterstock_api import api

_inner_capital = re.compile(r"(?<!^)(?=[A-Z])").sub


def group_of(class_name: str) -> str:
    """Return the name of the group for an API class: `computer-vision` for `ComputerVisionApi`."""
    return _inner_capital("-", class_name.removesuffix("Api")).lower()


def command_of(method: str) -> str:
    """Return the name of the command for a method: `get-image` for `get_image`."""
    return method.replace("_", "-")


def flag_of(name: str) -> str:
    """Return the name of the option for an argument or a field: `--per-page` for `per_page`."""
    return f"--{command_of(name.strip('_'))}"


GROUPS: Mapping[str, str] = {group_of(name): name for name in api.__all__}
"""Groups of commands, and their API classes."""

SHORT_NAMES: Mapping[str, Mapping[str, str]] = {
    "AudioApi": {
        "search": "search_audio",
        "get": "get_track",
        "list": "get_track_list",
        "licenses": "get_audio_license_list",
        "collections": "get_soundbox_list",
        "genres": "get_genres",
        "moods": "get_moods",
        "instruments": "get_instruments",
    },
    "CatalogApi": {"search": "search_catalog", "collections": "get_collections"},
    "ComputerVisionApi": {
        "keywords": "get_keywords",
        "similar-images": "get_similar_images",
        "similar-videos": "get_similar_videos",
        "upload": "upload_image",
    },
    "ContributorsApi": {"get": "get_contributor", "list": "get_contributor_list"},
    "CustomMusicApi": {
        "create": "create_audio_renders",
        "get": "fetch_renders",
        "descriptors": "list_custom_descriptors",
        "instruments": "list_custom_instruments",
    },
    "EditorialApi": {
        "search": "search_editorial",
        "get": "get_editorial_image",
        "categories": "get_editorial_categories",
    },
    "EditorialImagesApi": {
        "search": "search_editorial_images",
        "get": "get_editorial_image",
        "list": "list_editorial_images",
        "licenses": "get_editorial_image_license_list",
        "categories": "list_editorial_image_categories",
    },
    "EditorialVideoApi": {
        "search": "search_editorial_videos",
        "get": "get_editorial_video",
        "list": "list_editorial_videos",
        "licenses": "get_editorial_video_license_list",
        "categories": "list_editorial_video_categories",
    },
    "ImagesApi": {
        "search": "search_images",
        "get": "get_image",
        "list": "get_image_list",
        "similar": "get_similar_images",
        "licenses": "get_image_license_list",
        "collections": "get_lightbox_list",
        "collection": "get_lightbox",
        "collection-items": "get_lightbox_items",
        "categories": "get_image_categories",
        "suggestions": "get_image_suggestions",
        "updated": "get_updated_images",
    },
    "SoundEffectsApi": {
        "search": "search_sfx",
        "get": "get_sfx_details",
        "list": "get_sfx_list_details",
        "licenses": "get_sfx_license_list",
    },
    "UsersApi": {
        "me": "get_user",
        "token": "get_access_token",
        "subscriptions": "get_user_subsciption_list",
    },
    "VideosApi": {
        "search": "search_videos",
        "get": "get_video",
        "list": "get_video_list",
        "similar": "get_similar_videos",
        "licenses": "get_video_license_list",
        "collections": "get_clipbox_list",
        "collection": "get_clipbox",
        "collection-items": "get_clipbox_items",
        "categories": "get_video_categories",
        "suggestions": "get_video_suggestions",
        "updated": "get_updated_videos",
    },
}
"""For each API class the short names of its common commands, and their methods."""
