"""The settings of the SFTP server, read from the environment beside those of the gateway, whose folder and keys it shares."""

from dataclasses import dataclass
from pathlib import Path

from producers.gateway.settings import GatewaySettings

DEFAULT_HOST_KEY = "ssh_host_ed25519_key"
_MIB = 1_048_576


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken."""

    file_bytes: int
    """Of one file."""
    folder_bytes: int
    """Of all that lies in one folder and is not taken yet."""
    bytes_per_second: float
    """Into one folder; ten seconds' worth may come at once."""
    sessions: int
    """Connections to one folder at a time."""
    idle_seconds: float
    """Nothing asked for so long, and the connection is ended."""
    free_bytes: int
    """Less free space than this on the disk, and nothing more is taken."""


@dataclass(frozen=True, slots=True)
class SftpListening:
    """Where the server listens, and by which key clients know it."""

    host: str
    port: int
    host_key_file: Path


class SftpSettings(GatewaySettings):
    """Reads them; `complete()` raises one Failure that names every fault."""

    def sftp_listening(self) -> SftpListening:
        """By default on this machine only, as the gateway."""
        return SftpListening(
            host=self._get("PSO_SFTP_HOST") or "127.0.0.1",
            port=int(self._number("PSO_SFTP_PORT", 8022, 0, 65_535)),
            host_key_file=self.host_key_file(),
        )

    def host_key_file(self) -> Path:
        """Made at the first start, in the gateway's folder."""
        return Path(self._get("PSO_SFTP_HOST_KEY_FILE") or self.folder() / DEFAULT_HOST_KEY)

    def limits(self) -> Limits:
        """No rate below a MiB: a client may write 4 MiB at once, and ten seconds' worth must hold them."""
        return Limits(
            file_bytes=int(self._number("PSO_SFTP_FILE_BYTES", 1_024 * _MIB, 1, 2**50)),
            folder_bytes=int(self._number("PSO_SFTP_FOLDER_BYTES", 4_096 * _MIB, 1, 2**50)),
            bytes_per_second=self._number("PSO_SFTP_BYTES_PER_SECOND", 32 * _MIB, _MIB, 2**50),
            sessions=int(self._number("PSO_SFTP_SESSIONS", 4, 1, 64)),
            idle_seconds=self._number("PSO_SFTP_IDLE_SECONDS", 300, 1, 86_400),
            free_bytes=self.free_bytes(),
        )
