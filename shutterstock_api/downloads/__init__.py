"""Files: whole, resumed where they broke off, checked.

* `download`: `download`, `download_many`
* `transfer`: one file on its way
* `part_file`: where it is written until it is whole
* `sources`: what can be downloaded
* `filenames`: its name
* `progress`: how far it is
* `report`: what became of each file
"""

from shutterstock_api.support.lazy import lazy_names

TYPE_CHECKING = False  # type checkers know the name
if TYPE_CHECKING:
    from shutterstock_api.downloads.download import download as download, download_many as download_many
    from shutterstock_api.downloads.progress import Progress as Progress
    from shutterstock_api.downloads.report import (
        DownloadReport as DownloadReport,
        DownloadResult as DownloadResult,
    )
    from shutterstock_api.downloads.sources import Licence as Licence
else:
    _HOMES = {
        "DownloadReport": "report",
        "DownloadResult": "report",
        "Licence": "sources",
        "Progress": "progress",
        "download_many": "download",
    }
    __getattr__, __dir__ = lazy_names(__name__, _HOMES)
    __all__ = list(_HOMES)
