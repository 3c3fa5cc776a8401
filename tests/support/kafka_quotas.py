"""AlterClientQuotas (API key 49, version 0), spoken by hand: neither librdkafka nor the pinned jars can set a quota.

The layouts are those of Kafka's protocol guide: SaslHandshake 17, SaslAuthenticate 36, request header 1.
"""

import socket
import ssl
import struct
from collections.abc import Mapping
from pathlib import Path

_HANDSHAKE, _AUTHENTICATE, _ALTER_QUOTAS = (17, 1), (36, 0), (49, 0)


def set_quota(bootstrap: str, certificate: Path, login: tuple[str, str], user: str, values: Mapping[str, float]) -> None:
    """Sets the quotas of a principal, logged in with name and password (PLAIN over TLS). Fails where the broker refuses."""
    host, _, port = bootstrap.rpartition(":")
    trust = ssl.create_default_context(cafile=str(certificate))
    with socket.create_connection((host, int(port)), 20) as bare, trust.wrap_socket(bare, server_hostname=host) as line:
        _accepted(_asked(line, _HANDSHAKE, _text("PLAIN")))
        secret = f"\0{login[0]}\0{login[1]}".encode()
        _accepted(_asked(line, _AUTHENTICATE, struct.pack(">i", len(secret)) + secret))
        entity = struct.pack(">i", 1) + _text("user") + _text(user)
        ops = struct.pack(">i", len(values)) + b"".join(_text(k) + struct.pack(">d?", v, False) for k, v in values.items())
        answer = _asked(line, _ALTER_QUOTAS, struct.pack(">i", 1) + entity + ops + b"\0")
        _accepted(answer[8:])  # behind the throttle time and the number of entries


def _asked(line: socket.socket, api: tuple[int, int], body: bytes) -> bytes:
    request = struct.pack(">hhi", *api, 1) + _text("tests") + body
    line.sendall(struct.pack(">i", len(request)) + request)
    (length,) = struct.unpack(">i", _exactly(line, 4))
    return _exactly(line, length)[4:]  # behind the correlation id


def _exactly(line: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        part = line.recv(count - len(found))
        assert part, "the broker ended the connection"
        found += part
    return found


def _text(value: str) -> bytes:
    return struct.pack(">h", len(value)) + value.encode()


def _accepted(answer: bytes) -> None:
    (code,) = struct.unpack(">h", answer[:2])
    assert code == 0, f"Kafka's error {code}"
