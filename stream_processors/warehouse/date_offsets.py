"""How far the dates of each patient are moved in P3: random, made once, kept for ever, derived from nothing."""

import secrets
from collections.abc import Sequence

from stream_processors.domain.deidentification.shifted_dates import OFFSETS
from stream_processors.warehouse.connections import away_is_unavailable, connect

_MAKE = "insert into vault.date_offsets (patient, days) values (%s, %s) on conflict do nothing"
_FIND = "select days from vault.date_offsets where patient = %s"


def date_offset(database_url: str, patient: str, among: Sequence[int] = OFFSETS, password: str | None = None) -> int:
    """The offset of a patient in days, drawn among these where there was none yet. Raises Unavailable."""
    with away_is_unavailable(), connect(database_url, "pso-vault", password) as connection:
        connection.execute(_MAKE, (patient, secrets.choice(among)))  # who asks second finds what the first drew
        row = connection.execute(_FIND, (patient,)).fetchone()
        assert row is not None, "it was just made"
        return int(row[0])
