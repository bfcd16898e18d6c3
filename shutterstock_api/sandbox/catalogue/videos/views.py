"""How videos look in an answer."""

from __future__ import annotations

from typing import Any

from shutterstock_api.sandbox.catalogue.vocabulary import CATEGORIES

from .clips import Clip
from .films import STILLS, file_size

_PREVIEWS = {
    "thumb_webm": "webm",
    "thumb_mp4": "mp4",
    "preview_webm": "webm",
    "preview_mp4": "mp4",
    "thumb_jpg": "jpg",
    "preview_jpg": "jpg",
}
_DISPLAY_NAMES = {
    "web": "Low Resolution MPEG",
    "sd": "Standard Definition MPEG",
    "hd": "Original HD",
    "4k": "Original 4K",
}
_FORMATS = {"web": "mov", "sd": "mov"}


def short_video(clip: Clip, base_url: str) -> dict[str, Any]:
    """The short form, which does not say what can be licensed."""
    scene, prefix = clip.scene, f"{base_url}/previews/videos/"
    width, height = clip.shape.sizes["hd"]
    return {
        "id": str(scene.id),
        "media_type": "video",
        "description": scene.description,
        "aspect": round(width / height, 3),
        "aspect_ratio": clip.shape.name,
        "duration": clip.duration,
        "contributor": {"id": scene.contributor.id},
        "has_model_release": scene.has_model_release,
        "assets": {
            kind: {"url": f"{prefix}{kind}/{scene.id}.{extension}"} for kind, extension in _PREVIEWS.items()
        },
    }


def full_video(clip: Clip, base_url: str) -> dict[str, Any]:
    """Everything about a video."""
    scene, body = clip.scene, short_video(clip, base_url)
    stills = [f"{base_url}/previews/videos/still{number}/{scene.id}.jpg" for number in range(1, STILLS + 1)]
    body["assets"]["thumb_jpgs"] = {"urls": stills}
    for size, (width, height) in clip.sizes.items():
        body["assets"][size] = {
            "display_name": _DISPLAY_NAMES[size],
            "file_size": file_size(clip, size),
            "format": _FORMATS.get(size, "avc1"),
            "fps": clip.fps,
            "height": height,
            "is_licensable": True,
            "width": width,
        }
    return body | {
        "added_date": scene.added.isoformat(),
        "asset_collection": "Select" if clip.is_select else "Essentials",
        "categories": [{"id": CATEGORIES[name], "name": name} for name in scene.categories],
        "has_property_release": scene.has_property_release,
        "is_adult": scene.is_adult,
        "is_editorial": scene.is_editorial,
        "is_select": clip.is_select,
        "keywords": scene.keywords,
        "models": [{"id": model} for model in scene.models],
        "original_filename": f"{scene.subject.text.replace(' ', '_')}_{scene.id}.mov",
        "releases": [{"id": f"r{model}"} for model in scene.models],
        "url": f"{base_url}/video/clip-{scene.id}",
    }
