"""What requests take, as `TypedDict`s: `LicenseImageRequestDict`, `SearchImageDict` and so on.

    from shutterstock_api.types import LicenseImageRequestDict

    body: LicenseImageRequestDict = {"images": [{"image_id": "17", "size": "huge"}]}

An editor completes their keys, and a type checker finds wrong ones. The model of the same name, without
`Dict`, says what each key means.
"""

from shutterstock_api.models.bodies import *  # noqa: F403  # it states its public names
from shutterstock_api.models.bodies import __all__ as __all__
