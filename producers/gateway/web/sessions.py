"""Who is signed in: a random cookie and a random form token, in memory only; a restart or a pause asks for the key again."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

IDLE_SECONDS = 15 * 60
MOST = 1_000
_MOST_RECEIPTS = 20


@dataclass(slots=True)
class Session:
    """One signed-in browser: the key that opened it, the token that its forms must bring, the receipts it was given."""

    key_id: str
    seen: float
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    receipts: list[str] = field(default_factory=list)

    def brings(self, token: str) -> bool:
        """True for the token of this session's own forms: another site's form cannot know it."""
        return hmac.compare_digest(self.token.encode(), token.encode())

    def given(self, receipt: str) -> None:
        """Remembers a receipt, to be shown."""
        if receipt not in self.receipts:
            self.receipts = [receipt, *self.receipts][:_MOST_RECEIPTS]


class Sessions:
    """`seconds` tells a time that never goes back."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._held: dict[str, Session] = {}

    def open(self, key_id: str) -> str:
        """A new session; what its cookie holds."""
        now = self._seconds()
        self._held = {cookie: one for cookie, one in self._held.items() if now - one.seen < IDLE_SECONDS}
        while len(self._held) >= MOST:
            del self._held[min(self._held, key=lambda cookie: self._held[cookie].seen)]
        cookie = secrets.token_urlsafe(32)
        self._held[cookie] = Session(key_id, now)
        return cookie

    def of(self, cookie: str) -> Session | None:
        """The session of a cookie, while it is not idle for too long."""
        found = self._held.get(cookie)
        if found is None or self._seconds() - found.seen >= IDLE_SECONDS:
            self.close(cookie)
            return None
        found.seen = self._seconds()
        return found

    def close(self, cookie: str) -> None:
        self._held.pop(cookie, None)
