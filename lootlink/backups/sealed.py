"""A tar within an age file: authenticated to its end, made with a public key, opened with the private one.

Both ways it is a stream: nothing of it lies unencrypted on a disk.
"""

import io
import os
import tarfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage

from . import Unusable

Part = tuple[str, bytes]  # name, content


def seal(path: Path, recipient: str, parts: Iterable[Part]) -> None:
    """The file has its name only once it is whole and on the disk. Raises Unusable."""
    try:
        key = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise Unusable("BACKUP_RECIPIENT is no public key: `manage.py backup_key FILE` makes a pair.") from error
    unfinished, source = path.with_name(f"{path.name}.part"), _Source(parts)
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            pyrage.encrypt_io(source, file, [key])
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
    except pyrage.EncryptError as error:
        raise source.failure or Unusable(str(error)) from error
    finally:
        unfinished.unlink(missing_ok=True)


class _Source:
    """The tar of the parts as a file to read from; `failure` is what broke it, which the cipher tells only in words."""

    def __init__(self, parts: Iterable[Part]):
        self._blocks = _tar(parts)
        self._block = io.BytesIO()
        self.failure: Unusable | None = None

    def read(self, size: int) -> bytes:
        while not (content := self._block.read(size)):
            try:
                self._block = io.BytesIO(next(self._blocks))
            except StopIteration:
                return b""
            except (Unusable, OSError) as error:
                self.failure = error if isinstance(error, Unusable) else Unusable(str(error))
                raise
        return content


def _tar(parts: Iterable[Part]) -> Iterator[bytes]:
    for name, content in parts:
        header = tarfile.TarInfo(name)
        header.size = len(content)
        yield header.tobuf()
        yield content + bytes(-len(content) % tarfile.BLOCKSIZE)
    yield bytes(2 * tarfile.BLOCKSIZE)


@contextmanager
def opened(path: Path, identity: str) -> Iterator[Iterator[Part]]:
    """The parts of a file, to be read in order. Raises Unusable, at the latest when all was read."""
    try:
        key = pyrage.x25519.Identity.from_str(identity.strip())
    except pyrage.IdentityError as error:
        raise Unusable("this is no private key.") from error
    read, write = os.pipe()
    failed = []

    def decrypt():
        try:
            with os.fdopen(write, "wb") as target, path.open("rb") as file:
                pyrage.decrypt_io(file, target, [key])
        except (OSError, pyrage.DecryptError) as error:
            failed.append(error)

    thread = threading.Thread(target=decrypt)
    thread.start()
    try:
        with os.fdopen(read, "rb") as pipe:
            yield _parts(pipe)
            while pipe.read(1 << 20):
                pass  # what pads the tar is authenticated too
    except tarfile.ReadError as error:
        failed.append(error)
    finally:
        thread.join()
    if failed:
        raise Unusable(f"{path} is damaged or incomplete, or was made for another key ({failed[0]}).")


def _parts(pipe) -> Iterator[Part]:
    with tarfile.open(fileobj=pipe, mode="r|") as tar:
        for header in tar:
            yield header.name, tar.extractfile(header).read()
