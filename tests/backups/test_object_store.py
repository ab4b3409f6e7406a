"""Files that lie in an S3-compatible store are backed up from there and restored into another one, over real HTTP."""

import hashlib
import logging
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.backups.places import Place
from tests.services import free_port


@pytest.fixture
def server() -> Iterator[str]:
    """An S3 server of our own; its address."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    moto.start()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    host, port = moto.get_host_and_port()
    yield f"{host}:{port}"
    moto.stop()


def client(server: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=f"http://{server}",
        aws_access_key_id="khoa",
        aws_secret_access_key="mat",
        region_name="us-east-1",
    )


def url(server: str, bucket: str) -> str:
    client(server).create_bucket(Bucket=bucket)
    return f"s3://khoa:mat@{server}/{bucket}?http=1"


def held(server: str, bucket: str) -> dict[str, str]:
    """Name → SHA-256 of what lies in the store."""
    asked = client(server)
    names = [each["Key"] for each in asked.list_objects_v2(Bucket=bucket).get("Contents", [])]
    return {
        name: hashlib.sha256(asked.get_object(Bucket=bucket, Key=name)["Body"].read()).hexdigest() for name in names
    }


def test_from_one_store_into_another(place: Place, wiped: Place, server: str):
    place.settings["STORAGE_URL"] = url(server, "kho-cu")
    for name in place.files():
        client(server).put_object(Bucket="kho-cu", Key=name, Body=(place.media / name).read_bytes())
    code, _, err = place.run("backup")
    wiped.settings["STORAGE_URL"] = url(server, "kho-moi")
    restored, _, said = wiped.run("restore", str(place.backups / place.shown()[0]))

    assert (code, restored) == (0, 0), err + said
    assert held(server, "kho-moi") == place.files()
    assert wiped.files() == {}
    assert wiped.do("read_sealed")["files"] == {
        "bao-cao.txt": "Nội dung báo cáo.\n",
        "danh-sach.txt": "Nội dung danh sách.\n",
    }


def test_a_store_that_does_not_answer_is_named(place: Place):
    place.settings["STORAGE_URL"] = f"s3://khoa:mat@127.0.0.1:{free_port()}/kho-cu?http=1"

    code, out, err = place.run("backup")

    assert (code, out, place.shown(), place.hidden()) == (2, "", [], [])
    assert "kho tệp không trả lời" in err
