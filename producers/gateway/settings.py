"""The settings of the gateway, read from the environment beside those of pso-produce."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from producers.settings import Settings

DEFAULT_FOLDER = "pso-gateway"
_MIB = 1_048_576


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the gateway listens and how far it goes. Without a certificate it speaks plain HTTP."""

    host: str
    port: int
    certificate_file: str | None
    key_file: str | None
    events_per_second: float
    """Of each key; ten seconds' worth may come at once."""
    free_bytes: int
    """Less free space than this on the disk, and nothing more is taken (507)."""

    @property
    def encrypted(self) -> bool:
        return self.certificate_file is not None


class GatewaySettings(Settings):
    """Reads them; `complete()` raises one Failure that names every fault."""

    def folder(self) -> Path:
        """The folder of the ledger and the outboxes."""
        return Path(self._get("PSO_GATEWAY_DIR") or DEFAULT_FOLDER)

    def listening(self) -> Listening:
        """Plain HTTP would show events and keys to the network: only on this machine, or in PSO_PROFILE=dev."""
        found = Listening(
            host=self._get("PSO_GATEWAY_HOST") or "127.0.0.1",
            port=int(self._number("PSO_GATEWAY_PORT", 8600, 0, 65_535)),
            certificate_file=self._file("PSO_GATEWAY_CERTIFICATE_FILE"),
            key_file=self._file("PSO_GATEWAY_KEY_FILE"),
            events_per_second=self._number("PSO_GATEWAY_EVENTS_PER_SECOND", 2_000, 0.001, 1_000_000),
            free_bytes=self.free_bytes(),
        )
        if (found.certificate_file is None) != (found.key_file is None):
            self._faults.append("PSO_GATEWAY_CERTIFICATE_FILE and PSO_GATEWAY_KEY_FILE go together: set both or none")
        if not (found.encrypted or is_loopback(found.host) or self.is_dev()):
            told = "would take events unencrypted: set PSO_GATEWAY_CERTIFICATE_FILE and PSO_GATEWAY_KEY_FILE"
            self._faults.append(f"PSO_GATEWAY_HOST={found.host} {told} (PSO_PROFILE=dev allows it, for tests)")
        return found

    def free_bytes(self) -> int:
        """What must stay free on the disk."""
        return int(self._number("PSO_GATEWAY_FREE_BYTES", 256 * _MIB, 0, 2**60))

    def warehouse(self) -> tuple[str, str | None] | None:
        """The PSO's warehouse and the password there, where the gateway stands beside it; else None."""
        url, file = self._get("PSO_GATEWAY_DATABASE_URL"), "PSO_GATEWAY_DATABASE_PASSWORD_FILE"
        password = self._secret(file) if self._get(file) else None
        if password is not None and url is None:
            self._faults.append(f"{file} goes with PSO_GATEWAY_DATABASE_URL: set both or none")
        return None if url is None else (url, password)

    def _number(self, name: str, default: float, least: float, most: float) -> float:
        text = self._get(name)
        try:
            number = default if text is None else float(text)
        except ValueError:
            number = float("nan")
        if not least <= number <= most:
            self._faults.append(f"{name} must be a number from {least:g} to {most:g}")
            return default
        return number


def is_loopback(host: str) -> bool:
    """True when nothing but this machine can reach the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
