"""The classifier's answers about stored events, counted by provider, month and model; no narrative is read."""

from schemas.taxonomy import Category
from stream_processors.domain.classification.drift import Window
from stream_processors.warehouse.connections import away_is_unavailable, connect

_COUNTS = """
select provider, month, classifier, count(*),
  count(*) filter (where report_type is null),
  count(*) filter (where categories = '{}'),
  count(*) filter (where harm is null and reported_type = 'incident'),
  count(*) filter (where reported_type = 'incident'),
  count(*) filter (where report_type <> reported_type), count(report_type),
  count(*) filter (where harm <> reported_harm),
  count(*) filter (where harm is not null and reported_harm is not null)
from protected.classifier_answers group by 1, 2, 3 order by 1, 2, 3
"""
_CATEGORIES = """
select provider, month, classifier, category, count(*)
from protected.classifier_answers, unnest(categories) as category group by 1, 2, 3, 4
"""


def windows(database_url: str, password: str | None = None) -> list[Window]:
    """One for each provider, month and model, in that order. Raises Unavailable, WarehouseFailed."""
    with away_is_unavailable(), connect(database_url, "pso-classifier-drift", password) as connection:
        counts = connection.execute(_COUNTS).fetchall()
        said = {tuple(key): count for *key, count in connection.execute(_CATEGORIES).fetchall()}
    return [_window(row, {one: said.get((*row[:3], str(one)), 0) for one in Category}) for row in counts]


def _window(row: tuple[str | int, ...], said: dict[Category, int]) -> Window:
    provider, month, classifier = map(str, row[:3])
    events, no_type, no_category, no_harm, incidents, other_type, typed, other_harm, harmed = map(int, row[3:])
    shares = {
        "silent about report type": (no_type, events),
        "silent about categories": (no_category, events),
        "silent about harm": (no_harm, incidents),
        "report type against the reporter's": (other_type, typed),
        "harm against the reporter's": (other_harm, harmed),
    } | {f"category {category}": (count, events) for category, count in said.items()}
    return Window(provider, month, classifier, events, shares)
