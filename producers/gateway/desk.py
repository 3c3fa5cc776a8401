"""The one thread that touches the gateway's files, so that the event loop never waits for a disk."""

import asyncio
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from producers.clock import Clock
from producers.failure import Failure
from producers.gateway.answers import ReceiptStatus
from producers.gateway.drafts import Drafts
from producers.gateway.fates import NOT_ASKED, Beyond, Question, not_asked, status_of
from producers.gateway.intake import Intake
from producers.gateway.key_register import KeyRegister
from producers.gateway.keys import Caller
from producers.gateway.ledger import LEDGER, Ledger
from producers.gateway.problems import Kind, Refused

T = TypeVar("T")


class Desk:
    """Hands work to the thread and waits for it without blocking. Opened with `open`, closed with `close`."""

    intake: Intake
    keys: KeyRegister
    drafts: Drafts

    def __init__(
        self, folder: Path, clock: Clock, free_bytes: int, say: Callable[[str], None], beyond: Beyond = not_asked
    ) -> None:
        self.folder = folder
        self._beyond = beyond
        self._say = say
        self._clock = clock
        self._free_bytes = free_bytes
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="gateway-desk")

    def open(self, namespace: str) -> None:
        """Opens ledger and outboxes in the thread. Raises Failure."""
        self._thread.submit(self._open, namespace).result()

    def close(self) -> None:
        """Ends the work under way, then closes the files."""
        self._thread.submit(self.intake.close).result()
        self._thread.shutdown()

    def has_space(self) -> bool:
        """False when the disk is so full that a batch might not be stored whole."""
        return shutil.disk_usage(self.folder).free >= self._free_bytes

    async def ask(self, work: Callable[..., T], *arguments: object) -> T:
        """Does the work in the thread. Raises Refused where the disk does not do its part."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, partial(work, *arguments))
        except Failure as failure:
            self._say(str(failure))
            raise Refused(Kind.BUSY if self.has_space() else Kind.STORAGE_FULL) from None

    async def status(self, caller: Caller, receipt: str) -> ReceiptStatus:
        """How far an event has come. The PSO is asked outside the thread: slow, it keeps no event out. Raises Refused."""
        event, fate = await self.ask(self.intake.fate, caller, receipt)
        place = fate.receipt
        end = await self._beyond(Question(caller.provider, *event, place)) if place else NOT_ASKED
        return status_of(receipt, event, fate, end)

    def _open(self, namespace: str) -> None:
        ledger = Ledger(self.folder / LEDGER)
        self.keys = KeyRegister(ledger, self._clock)
        self.drafts = Drafts(ledger)
        self.intake = Intake(self.folder, ledger, self._clock, namespace)
