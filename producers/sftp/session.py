"""What a client may ask for: to look, to write uploads, to give them their names, to fetch acks. Everything else is refused."""

import asyncio
import io
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from errno import errorcode
from stat import S_IFDIR, S_IFREG, filemode
from typing import NoReturn, Protocol
from weakref import WeakSet

from asyncssh import (
    FXF_APPEND,
    FXF_CREAT,
    FXF_EXCL,
    FXF_READ,
    FXF_TRUNC,
    FXF_WRITE,
    SFTPAttrs,
    SFTPError,
    SFTPFailure,
    SFTPName,
    SFTPNoSuchFile,
    SFTPOpUnsupported,
    SFTPPermissionDenied,
    SFTPServer,
    SSHServerChannel,
)

from producers.gateway.keys import Scope
from producers.sftp.account import Account, Upload
from producers.sftp.names import Kind, kind_of, name_in, shown_path

_MOST_HANDLES = 16
_MOST_READ = 262_144
_MOST_UNHEARD = 1_048_576
_LISTEN_SECONDS = 0.02
_FOLDER = SFTPAttrs(size=0, permissions=S_IFDIR | 0o700, atime=0, mtime=0)
_FLAGS = {FXF_CREAT: os.O_CREAT, FXF_EXCL: os.O_EXCL, FXF_TRUNC: os.O_TRUNC}


class Holder(Protocol):
    """The connection of a session."""

    def allow(self, scope: Scope | None = None) -> None:
        """Called before every act: raises SFTPError where the key is not for it, or no longer in force."""
        ...

    def dropped(self, octets: int) -> None:
        """A file is whole."""
        ...

    def refused(self, code: str) -> None:
        """Something was asked for that is not done."""
        ...

    def unsent(self) -> int:
        """Bytes that the client's window had room for and the network not yet."""
        ...

    def closed(self) -> None:
        """The session has ended."""
        ...


class DropSession(SFTPServer):
    """One session in one folder. Whatever is not written here ends in `map_path`, which no path passes."""

    def __init__(self, channel: SSHServerChannel[bytes], account: Account, holder: Holder) -> None:
        super().__init__(channel)
        self._account = account
        self._holder = holder
        self._handles: WeakSet[object] = WeakSet()

    def map_path(self, _path: bytes) -> NoReturn:
        """Refuses what asyncssh would do with a path by itself: folders, links, and whatever it learns in later versions."""
        self._holder.refused("unsupported")
        raise SFTPPermissionDenied("this server takes files and gives acks, and does nothing else")

    async def open(self, path: bytes, pflags: int, _attrs: SFTPAttrs) -> object:
        async with self._asked(Scope.SEND if pflags & FXF_WRITE else Scope.FOLLOW):
            name, kind = self._named(path)
            self._refuse_many_handles()
            handle = self._begun(name, kind, pflags) if pflags & FXF_WRITE else self._ack(name, kind)
        self._handles.add(handle)
        return handle

    def close(self, file_obj: object) -> None:
        self._handles.discard(file_obj)
        if isinstance(file_obj, Upload | io.FileIO):
            file_obj.close()

    async def read(self, file_obj: object, offset: int, size: int) -> bytes:
        async with self._asked(Scope.FOLLOW):
            if not isinstance(file_obj, io.FileIO):
                raise SFTPPermissionDenied("only acks can be read")
            return os.pread(file_obj.fileno(), min(size, _MOST_READ), offset)

    async def write(self, file_obj: object, offset: int, data: bytes) -> int:
        async with self._asked(Scope.SEND):
            if not isinstance(file_obj, Upload):
                raise SFTPPermissionDenied("acks are not written")
            await file_obj.write(offset, data)
        return len(data)

    async def lstat(self, path: bytes) -> SFTPAttrs:
        async with self._asked():
            name = name_in(path)
            return _FOLDER if name == "" else _told_of(self._status(name))

    stat = lstat

    async def fstat(self, file_obj: object) -> SFTPAttrs:
        async with self._asked():
            return _told_of(file_obj.status() if isinstance(file_obj, Upload) else os.fstat(_file(file_obj)))

    async def setstat(self, path: bytes, attrs: SFTPAttrs) -> None:
        """Many clients set times and rights after an upload: they are left as they are, without a word."""
        async with self._asked():
            self._status(self._named(path)[0])
            _refuse_size(attrs)

    lsetstat = setstat

    async def fsetstat(self, _file_obj: object, attrs: SFTPAttrs) -> None:
        async with self._asked():
            _refuse_size(attrs)

    def scandir(self, path: bytes) -> AsyncIterator[SFTPName]:
        with self._told_if_refused():
            self._holder.allow()
            if name_in(path) != "":
                raise SFTPNoSuchFile("there is one folder")
            self._refuse_many_handles()
        listing = self._listing()
        self._handles.add(listing)
        return listing

    async def _listing(self) -> AsyncIterator[SFTPName]:
        for inner in (b".", b".."):
            yield SFTPName(inner, attrs=_FOLDER)
        for name, status in sorted(self._account.entries()):
            await self._heard()
            yield SFTPName(name.encode(), attrs=_told_of(status))

    async def remove(self, path: bytes) -> None:
        """Uploads that came to nothing, and acks that were read. What is whole is not taken back here."""
        kind = kind_of(name_in(path) or "")
        async with self._asked(Scope.FOLLOW if kind is Kind.ACK else Scope.SEND):
            name, kind = self._named(path)
            if kind is Kind.WAITING:
                raise SFTPPermissionDenied("the file is whole and will be taken: it is not removed")
            self._account.refuse_busy(name)
            self._status(name)
            (self._account.folder / name).unlink()

    async def rename(self, oldpath: bytes, newpath: bytes) -> None:
        """NAME.part -> NAME: from here on the file is whole. Nothing is ever replaced."""
        async with self._asked(Scope.SEND):
            (old, old_kind), (new, new_kind) = self._named(oldpath), self._named(newpath)
            if old_kind is not Kind.UPLOAD or new_kind is not Kind.WAITING:
                raise SFTPPermissionDenied("NAME.part is renamed to NAME, and nothing else")
            self._holder.dropped(await self._account.finish(old, new))

    posix_rename = rename

    async def realpath(self, path: bytes) -> bytes:
        async with self._asked():
            return shown_path(path)

    def fstatvfs(self, _file_obj: object) -> NoReturn:
        raise SFTPOpUnsupported("how large the disk is is not told")

    def fsync(self, file_obj: object) -> None:
        """Every file is on disk when it has its name."""

    def format_longname(self, name: SFTPName) -> None:
        """A line as `ls -l` writes it, without users of the server's machine: clients show it."""
        permissions, size = name.attrs.permissions or 0, name.attrs.size or 0
        name.longname = f"{filemode(permissions)} 1 pso pso {size:>12} ".encode() + os.fsencode(name.filename)

    def exit(self) -> None:
        self._holder.closed()

    def _begun(self, name: str, kind: Kind, pflags: int) -> Upload:
        if kind is not Kind.UPLOAD or pflags & FXF_READ:
            raise SFTPPermissionDenied("write to NAME.part, then rename it to NAME")
        flags = sum(here for asked, here in _FLAGS.items() if pflags & asked)
        return self._account.begin(name, flags, append=bool(pflags & FXF_APPEND))

    def _ack(self, name: str, kind: Kind) -> io.FileIO:
        if kind is not Kind.ACK:
            raise SFTPPermissionDenied("only acks can be read")
        self._status(name)
        return io.FileIO(os.open(self._account.folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC))

    @asynccontextmanager
    async def _asked(self, scope: Scope | None = None) -> AsyncIterator[None]:
        await self._heard()
        with self._told_if_refused():
            self._holder.allow(scope)
            yield

    async def _heard(self) -> None:
        """Returns when the client has taken most answers: one that asks and never listens must not fill the memory."""
        while self.channel.get_write_buffer_size() + self._holder.unsent() > _MOST_UNHEARD and not self.channel.is_closing():
            await asyncio.sleep(_LISTEN_SECONDS)

    @contextmanager
    def _told_if_refused(self) -> Iterator[None]:
        """The words of an unexpected error stay here: asyncssh would send them to the client."""
        try:
            yield
        except SFTPNoSuchFile:
            raise
        except SFTPError as error:
            self._holder.refused(type(error).__name__)
            raise
        except OSError as error:
            self._holder.refused(errorcode.get(error.errno or 0, "EIO"))
            raise
        except Exception as error:
            self._holder.refused(type(error).__name__)
            raise SFTPFailure("the server cannot do this now: try again later") from None

    def _named(self, path: bytes) -> tuple[str, Kind]:
        name = name_in(path)
        kind = kind_of(name) if name else None
        if name is None or kind is None:
            raise SFTPPermissionDenied("names are letters, digits, '.', '_' and '-'; there are no folders")
        return name, kind

    def _status(self, name: str | None) -> os.stat_result:
        status = self._account.status(name) if name else None
        if status is None:
            raise SFTPNoSuchFile("there is no such file")
        return status

    def _refuse_many_handles(self) -> None:
        if len(self._handles) >= _MOST_HANDLES:
            raise SFTPFailure("too many open files: close some")


def _file(handle: object) -> int:
    if not isinstance(handle, io.FileIO):
        raise SFTPFailure("there is no such handle")
    return handle.fileno()


def _told_of(status: os.stat_result) -> SFTPAttrs:
    moment = int(status.st_mtime)
    return SFTPAttrs(size=status.st_size, permissions=S_IFREG | 0o600, atime=moment, mtime=moment)


def _refuse_size(attrs: SFTPAttrs) -> None:
    if attrs.size is not None:
        raise SFTPPermissionDenied("a file is as long as what was written")
