"""A download into S3, by s3fs; moto plays the server. In a process of its own: they bring much along."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.scale

PROGRAM = """
import fsspec
from moto.server import ThreadedMotoServer
from shutterstock_api import ApiClient, DownloadError, ImagesApi, download
from shutterstock_api.sandbox import Fault, Sandbox

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
server.start()
address = "http://%s:%s" % server.get_host_and_port()
files = fsspec.filesystem("s3", endpoint_url=address)
files.mkdir("bucket")
with Sandbox() as sandbox, ApiClient(sandbox.configuration()) as client:
    api = ImagesApi(client)
    result = api.license_images({"images": [{"image_id": "465011609"}]}, size="huge").licensed[0]
    picture = download(result, "cat.jpg", api=api).path.read_bytes()

    sandbox.faults.add(Fault(truncate=5000, operation="download"), times=1)
    with fsspec.open("s3://bucket/cut.jpg", "wb", endpoint_url=address) as file:
        download(result, file, api=api)
    assert files.cat_file("bucket/cut.jpg") == picture

    with files.transaction, files.open("bucket/whole.jpg", "wb") as file:
        download(result, file, api=api)
    assert files.cat_file("bucket/whole.jpg") == picture

    sandbox.faults.add(Fault(status=404, operation="download"), times=1)
    try:
        with files.transaction, files.open("bucket/none.jpg", "wb") as file:
            download(result.download, file)
    except DownloadError as error:
        assert error.status == 404
    print(sorted(files.ls("bucket", detail=False, refresh=True)))
server.stop()
"""


def test_files_in_s3(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_DEFAULT_REGION": "us-east-1",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "['bucket/cut.jpg', 'bucket/whole.jpg']"
