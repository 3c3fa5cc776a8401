"""One unfinished report of the form for each key: on the gateway's disk, so that nothing of it stays in a browser."""

import msgspec

from producers.gateway.ledger import Ledger


class Draft(msgspec.Struct, frozen=True):
    """What was filled in, by the question. `number` makes the event's id: a repeated click reports it once."""

    number: str
    values: dict[str, list[str]]


class Drafts:
    """A draft is overwritten on disk when it is sent or thrown away."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def of(self, key_id: str) -> Draft | None:
        """The draft of a key."""
        rows = self._ledger.rows("SELECT body FROM drafts WHERE key_id = ?", key_id)
        return msgspec.json.decode(bytes(rows[0][0]), type=Draft) if rows and isinstance(rows[0][0], bytes) else None

    def keep(self, key_id: str, draft: Draft) -> None:
        """On disk when it returns."""
        with self._ledger.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO drafts VALUES (?, ?)", (key_id, msgspec.json.encode(draft)))

    def drop(self, key_id: str) -> None:
        """Forgets it."""
        with self._ledger.transaction() as connection:
            connection.execute("DELETE FROM drafts WHERE key_id = ?", (key_id,))
