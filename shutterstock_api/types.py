"""Request bodies as `TypedDict`s: `LicenseImageRequestDict`, `SearchImageDict` and so on.

    from shutterstock_api.types import LicenseImageRequestDict

    body: LicenseImageRequestDict = {"images": [{"image_id": "17", "size": "huge"}]}

Editors complete their keys, and type checkers find wrong ones. The model with the same name, without
`Dict`, documents each key.
"""

from shutterstock_api.models.bodies import *  # noqa: F403  # it states its public names
from shutterstock_api.models.bodies import __all__ as __all__
