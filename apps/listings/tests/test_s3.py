"""Pictures in a bucket, against an S3 server."""

import boto3
import pytest
from django.core.exceptions import ValidationError
from storages.backends.s3 import S3Storage

from apps.listings import photos

from .pictures import picture


@pytest.fixture
def bucket(moto_server, settings):
    access = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    bucket = boto3.resource("s3", endpoint_url=moto_server, **access).create_bucket(Bucket="lootlink")
    options = {
        "bucket_name": "lootlink",
        "access_key": "key",
        "secret_key": "secret",
        "region_name": "us-east-1",
        "endpoint_url": moto_server,
        "default_acl": None,
        "file_overwrite": False,
        "querystring_auth": True,
    }
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}}
    yield bucket
    bucket.objects.delete()
    bucket.delete()


def test_every_size_is_an_object_of_its_type(bucket):
    name = photos.store(picture(), "listings")
    objects = {object.key: object.get() for object in bucket.objects.all()}
    assert set(objects) == {f"{name}-{size}.webp" for size in photos.sizes("listings")}
    assert {answer["ContentType"] for answer in objects.values()} == {"image/webp"}


def test_an_address_is_signed_and_expires(bucket):
    address = photos.url(photos.store(picture(), "listings"), "card")
    assert "Signature=" in address
    assert "Expires=" in address


def test_deleting_empties_the_bucket(bucket):
    name = photos.store(picture(), "listings")
    assert list(bucket.objects.all())
    photos.delete(name)
    assert not list(bucket.objects.all())


def test_a_bucket_that_is_away_is_said_in_words(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": f"{S3Storage.__module__}.{S3Storage.__qualname__}",
            "OPTIONS": {"bucket_name": "gone", "access_key": "k", "secret_key": "s", "endpoint_url": "http://127.0.0.1:9"},
        },
    }
    with pytest.raises(ValidationError) as caught:
        photos.store(picture(64, 64), "listings")
    assert caught.value.code == "storage"
