"""A provider's folder as all its sessions share it: what is being written, how much may come, and when a file is whole."""

import asyncio
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from asyncssh import SFTPFailure, SFTPFileAlreadyExists, SFTPNoSpaceOnFilesystem, SFTPNoSuchFile, SFTPQuotaExceeded

from producers.drops import MANIFEST, TAKEN
from producers.durable import sync
from producers.gateway.limits import Rates
from producers.sftp.names import kind_of
from producers.sftp.settings import Limits

_MOST_ENTRIES = 1_000


class Account:
    """Used by the one thread of the event loop; what waits for the disk waits in another."""

    def __init__(self, folder: Path, limits: Limits, rates: Rates) -> None:
        self.folder = folder
        self.limits = limits
        self.sessions = 0
        self._rates = rates
        self._busy: set[str] = set()
        self._held_bytes = 0

    def entries(self) -> Iterator[tuple[str, os.stat_result]]:
        """The files that exist for the provider."""
        with os.scandir(self.folder) as found:
            for entry in found:
                if (status := self.status(entry.name)) is not None:
                    yield entry.name, status

    def status(self, name: str) -> os.stat_result | None:
        """Of a plain file with a name that exists; None for everything else, links included."""
        if kind_of(name) is None:
            return None
        try:
            status = (self.folder / name).lstat()
        except FileNotFoundError:
            return None
        return status if stat.S_ISREG(status.st_mode) else None

    def begin(self, name: str, flags: int, *, append: bool) -> "Upload":
        """Opens an upload for writing; `flags` of os.open beside those. Raises SFTPError, OSError."""
        self.refuse_busy(name)
        sizes = [status.st_size for _, status in self.entries()]
        if len(sizes) >= _MOST_ENTRIES:
            raise SFTPQuotaExceeded("too many files in the folder: fetch and remove acks, remove old uploads")
        self._held_bytes = sum(sizes)
        self.refuse_without_room(0)
        flags |= os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        upload = Upload(self, name, os.open(self.folder / name, flags, 0o600), append=append)
        self._busy.add(name)
        return upload

    def refuse_busy(self, name: str) -> None:
        """What is being written is neither written by another session, nor renamed, nor removed. Raises SFTPError."""
        if name in self._busy:
            raise SFTPFailure("the file is being written: close it first")

    def refuse_without_room(self, more: int) -> None:
        """Raises SFTPError where `more` bytes are too many for the folder, or for the disk before it is full."""
        if self._held_bytes + more > self.limits.folder_bytes:
            raise SFTPQuotaExceeded("the folder is full: wait until what lies there was taken, or remove old uploads")
        if shutil.disk_usage(self.folder).free < self.limits.free_bytes + more:
            raise SFTPNoSpaceOnFilesystem("the server's disk is nearly full: nothing is taken")
        self._held_bytes += more

    async def paced(self, octets: int) -> None:
        """Returns when these bytes fit into the rate of the provider."""
        while wait := self._rates.wait(str(self.folder), octets):
            await asyncio.sleep(wait)

    async def finish(self, upload: str, name: str) -> int:
        """Gives a whole upload its name, which nothing may have yet; its size. On disk when it returns. Raises SFTPError."""
        self.refuse_busy(upload)
        status = self.status(upload)
        if status is None:
            raise SFTPNoSuchFile("there is no such upload")
        with self._kept_busy(upload, name):
            await asyncio.to_thread(sync, self.folder / upload)
            taken = self.folder / TAKEN / name.removesuffix(MANIFEST)
            if os.path.lexists(self.folder / name) or taken.exists():
                raise SFTPFileAlreadyExists("a file of this name waits to be taken or is being read: nothing replaces it")
            (self.folder / upload).rename(self.folder / name)
            await asyncio.to_thread(sync, self.folder)
        return status.st_size

    def done(self, name: str) -> None:
        self._busy.discard(name)

    @contextmanager
    def _kept_busy(self, *names: str) -> Iterator[None]:
        self._busy.update(names)
        try:
            yield
        finally:
            self._busy.difference_update(names)


class Upload:
    """A file that is being written, by one session."""

    def __init__(self, account: Account, name: str, descriptor: int, *, append: bool) -> None:
        self.name = name
        self._append = append
        self._account = account
        self._descriptor = descriptor

    def status(self) -> os.stat_result:
        return os.fstat(self._descriptor)

    async def write(self, offset: int, data: bytes) -> None:
        """Raises SFTPError where the file, the folder or the disk would become too full; OSError."""
        size = self.status().st_size
        offset = size if self._append else offset
        end = offset + len(data)
        if end > self._account.limits.file_bytes:
            raise SFTPQuotaExceeded("the file is too large")
        await self._account.paced(len(data))
        self._account.refuse_without_room(max(0, end - size))
        while data:
            written = os.pwrite(self._descriptor, data, offset)
            data, offset = data[written:], offset + written

    def close(self) -> None:
        """Others may go on with it, or give it its name."""
        self._account.done(self.name)
        os.close(self._descriptor)
