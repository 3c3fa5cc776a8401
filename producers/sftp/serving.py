"""The SFTP server as a process: keys opened, port bound, folders worked beside it, and a quiet end on SIGTERM."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import asyncssh

from producers.clock import system_clock
from producers.failure import Failure
from producers.gateway.key_register import KeyRegister
from producers.gateway.ledger import LEDGER, Ledger
from producers.sftp.connection import MOST_CONNECTIONS, Connection, Hall
from producers.sftp.host_key import host_key, public_line
from producers.sftp.public_keys import KINDS
from producers.sftp.settings import Limits, SftpListening
from producers.stopping import asked_to_stop

_LOGIN_SECONDS = 20
_KEEP_ALIVE_SECONDS = 30
_WINDOW_BYTES = 524_288
_LOOK_SECONDS = 0.2
_KEY_EXCHANGES = "mlkem768x25519-sha256", "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256"
_CIPHERS = "chacha20-poly1305@openssh.com", "aes256-gcm@openssh.com", "aes128-gcm@openssh.com", "aes256-ctr", "aes128-ctr"
_MACS = "hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"

Beside = Callable[[threading.Event], None]
"""What runs in a thread of its own until the event is set."""


@dataclass(frozen=True, slots=True)
class SftpServing:
    """What one SFTP process is made of."""

    folder: Path
    listening: SftpListening
    limits: Limits
    say: Callable[[str], None]
    """Takes a line for the log."""

    def run(self, beside: Sequence[Beside]) -> None:
        """Serves until SIGTERM or Ctrl-C; an upload under way then stays a `.part`. Raises Failure when it cannot begin."""
        asked = asked_to_stop()
        key = host_key(self.listening.host_key_file)
        ledger = Ledger(self.folder / LEDGER)
        hall = Hall(self.folder, self.limits, KeyRegister(ledger, system_clock), system_clock, self.say)
        threads = [threading.Thread(target=work, args=(asked,)) for work in beside]
        try:
            asyncio.run(self._serve(hall, key, asked, threads))
        finally:
            asked.set()
            for thread in threads:
                if thread.ident is not None:
                    thread.join()
            ledger.close()

    async def _serve(self, hall: Hall, key: bytes, asked: threading.Event, beside: Sequence[threading.Thread]) -> None:
        acceptor = await bound(hall, key, self.listening.host, self.listening.port)
        for thread in beside:
            thread.start()
        self.say(f"sftp listens on {self.listening.host}:{acceptor.get_port()}")
        self.say(f"host key: {public_line(key, self.listening.host_key_file)}")
        while not asked.is_set():
            hall.end_the_silent()
            await asyncio.sleep(_LOOK_SECONDS)
        acceptor.close()
        for connection in list(hall.connections):
            connection.end()
        await acceptor.wait_closed()


async def bound(hall: Hall, key: bytes, host: str, port: int) -> asyncssh.SSHAcceptor:
    """Listens, with modern algorithms and SFTP alone. Raises Failure where host and port are not to be had."""
    quiet = logging.getLogger("asyncssh")  # what it would say of a session are names of people and files
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    options = asyncssh.SSHServerConnectionOptions(
        server_factory=lambda: Connection(hall),
        server_host_keys=[asyncssh.import_private_key(key)],
        server_version="pso-stream",
        sftp_factory=lambda channel: cast("Connection", channel.get_connection().get_owner()).opened(channel),
        sftp_version=3,
        password_auth=False,
        kbdint_auth=False,
        host_based_auth=False,
        gss_host=None,
        gss_kex=False,
        gss_auth=False,
        x509_trusted_certs=None,
        agent_forwarding=False,
        x11_forwarding=False,
        allow_pty=False,
        line_editor=False,
        kex_algs=_KEY_EXCHANGES,
        encryption_algs=_CIPHERS,
        mac_algs=_MACS,
        signature_algs=KINDS,
        compression_algs=None,
        login_timeout=_LOGIN_SECONDS,
        keepalive_interval=_KEEP_ALIVE_SECONDS,
        window=_WINDOW_BYTES,
    )
    try:
        return await asyncssh.listen(host, port, config=None, options=options, backlog=MOST_CONNECTIONS)
    except OSError as error:
        told = f"{host}:{port}: {os.strerror(error.errno or 0)}: set PSO_SFTP_HOST and PSO_SFTP_PORT"
        raise Failure(told) from None
