"""Downloads: complete, resumed after an interruption, checked.

* `fetching`: `download`, `download_many`
* `batch`: many files by several threads, for `download_many` and licence jobs
* `transfer`: the download of one file
* `verification`: checks that an answer is the file, and all of it
* `part_file`: the `.part` to which a file is written until it is complete
* `sources`: what can be downloaded
* `filenames`: file names
* `progress`: progress bars
* `report`: the result for each file
* `errors`: the errors of a download
"""

from shutterstock_api.support.lazy import lazy_names

TYPE_CHECKING = False  # type checkers know the name
if TYPE_CHECKING:
    from shutterstock_api.downloads.fetching import download as download, download_many as download_many
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
        "download": "fetching",
        "download_many": "fetching",
    }
    __getattr__, __dir__ = lazy_names(__name__, _HOMES)
    __all__ = list(_HOMES)
