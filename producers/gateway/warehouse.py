"""The warehouse beside the gateway of a PSO: how an event ended, asked of one function that tells nothing else.

The only importer of psycopg here, and imported only where PSO_GATEWAY_DATABASE_URL is set. A thread of its own asks, and dies
with the process: a warehouse that has stopped answering holds up neither the events that come in nor the end of the gateway.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import psycopg

from producers.gateway.fates import UNDER_WAY, UNKNOWN, End, Question

SECONDS = 2.0
"""Whoever asks is answered within these, by `unknown` where the warehouse is slower."""
WAITING = 16
"""So many may wait for an answer; further ones are told at once that nobody knows."""

_OPTIONS = "-c statement_timeout=1500 -c default_transaction_read_only=on -c timezone=UTC"
_ASK = "select state, reason, path from receipts.end_of(%s, %s, %s, %s, %s, %s)"


class Warehouse:
    """The port of a gateway whose login holds the role pso_receipts and no other."""

    def __init__(self, database_url: str, password: str | None, say: Callable[[str], None]) -> None:
        """`say` takes a line for the log: once when the warehouse stops answering, once when it answers again."""
        self._url = database_url
        self._secret: dict[str, Any] = {} if password is None else {"password": password}
        self._say = say
        self._connection: psycopg.Connection[tuple[str, str, str]] | None = None
        self._answers = True
        self._asked: queue.Queue[tuple[Question, Future[End]]] = queue.Queue(WAITING)
        threading.Thread(target=self._work, name="gateway-receipts", daemon=True).start()

    async def __call__(self, question: Question) -> End:
        """How the event ended. Never raises, never takes longer than SECONDS."""
        answer: Future[End] = Future()
        try:
            self._asked.put_nowait((question, answer))
            return await asyncio.wait_for(asyncio.wrap_future(answer), SECONDS)
        except (queue.Full, TimeoutError):
            return UNKNOWN

    def _work(self) -> None:
        while True:
            question, answer = self._asked.get()
            if answer.set_running_or_notify_cancel():  # else nobody waits for it any more
                answer.set_result(self._end(question))

    def _end(self, question: Question) -> End:
        try:
            found = self._ask(question)
        except psycopg.Error as error:  # its words may quote a row: only its kind is told
            self._close()
            self._tell(False, f"receipts: the warehouse does not answer ({type(error).__name__} {error.sqlstate or ''})")
            return UNKNOWN
        self._tell(True, "receipts: the warehouse answers again")
        return UNDER_WAY if found is None else End(*found)  # type: ignore[arg-type]  # the function knows no other state

    def _ask(self, question: Question) -> tuple[str, str, str] | None:
        if self._connection is None:
            self._connection = psycopg.connect(
                self._url, autocommit=True, application_name="pso-gateway", connect_timeout=2, options=_OPTIONS, **self._secret
            )
        at = question.place
        event = (question.provider, question.event_id, question.revision)
        return self._connection.execute(_ASK, (*event, at.topic, at.partition, at.offset)).fetchone()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _tell(self, answers: bool, line: str) -> None:
        if answers is not self._answers:
            self._say(line)
        self._answers = answers
