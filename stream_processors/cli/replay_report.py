"""What `pso deidentify --replay-diff` says: counts by type and verdict; ids and offsets where asked for; never a text."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click
import msgspec

from schemas.records.manifest import Manifest
from stream_processors.cli import context
from stream_processors.cli.text_files import PARTS, Results, described
from stream_processors.domain.deidentification.replay import Comparison, TextDifference, comparison, difference
from stream_processors.domain.deidentification.texts import RedactedText

_COLUMNS = ("same", "moved", "retyped", "only_before", "only_now", "uncovered")


class Replay(msgspec.Struct, frozen=True):
    """Results of two versions, side by side."""

    versions: tuple[Manifest | None, Manifest | None]
    """Before and now."""
    differences: Sequence[TextDifference]
    """Of the texts that both results have."""
    alone: tuple[int, int]
    """Texts that only the results before, or only those of now, have."""

    @property
    def differs(self) -> bool:
        """Whether there is anything to look at before the version goes live."""
        return any(self.alone) or any(one.is_one for one in self.differences)


def replay(before: Results, now: Sequence[RedactedText], manifest: Manifest) -> Replay:
    """The results of now beside those of before, in the order of now."""
    pairs = [(before.by_id[one.id], one) for one in now if one.id in before.by_id]
    alone = (len(before.by_id) - len(pairs), len(now) - len(pairs))
    return Replay((before.made.manifest, manifest), [difference(*pair) for pair in pairs], alone)


def report(found: Replay, *, places: bool, as_json: bool) -> None:
    """Print it on stdout."""
    counts = comparison(found.differences)
    if as_json:
        context.put(_told(found, counts, places))
        return
    for line in (*_heads(found, counts), *_table(counts), *(_places(found) if places else ())):
        click.echo(line)
    click.echo("differences" if found.differs else "no difference")


def _told(found: Replay, counts: Comparison, places: bool) -> Mapping[str, Any]:
    before, now = found.versions
    told: dict[str, Any] = {"before": described(before), "now": described(now), "differs": found.differs}
    told |= {"texts_only_before": found.alone[0], "texts_only_now": found.alone[1], **msgspec.to_builtins(counts)}
    if places:
        told["places"] = [{"id": one.id, **msgspec.to_builtins(place)} for one in found.differences for place in one.places]
        told["verdict_places"] = [
            {"id": one.id, "before": one.verdicts[0], "now": one.verdicts[1]} for one in found.differences if _turned(one)
        ]
    return told


def _heads(found: Replay, counts: Comparison) -> Iterator[str]:
    before, now = found.versions
    assert now is not None, "the engine that is installed has a version"
    changed = [part for part in PARTS[1:] if before and getattr(before, part) != getattr(now, part)]
    yield f"before {before.engine if before else 'a version that says nothing of itself'}, now {now.engine}" + (
        f": {', '.join(changed)} changed" if changed else ""
    )
    yield f"{counts.texts} texts in both, {counts.differing} differ; {found.alone[0]} only before, {found.alone[1]} only now"
    for change, count in counts.verdicts.items():
        yield f"verdict {change}: {count}"
    yield f"other words leave in {counts.other_words} texts that both release"


def _table(counts: Comparison) -> Iterator[str]:
    """Spans by type; the last column counts characters."""
    yield f"{'type':<10}" + "".join(f"{column.replace('_', ' '):>13}" for column in _COLUMNS)
    for kind, of_kind in counts.types.items():
        yield f"{kind:<10}" + "".join(f"{getattr(of_kind, column):>13}" for column in _COLUMNS)
    if lost := sum(of_kind.uncovered for of_kind in counts.types.values()):
        yield f"{lost} characters that were removed before would leave now"


def _places(found: Replay) -> Iterator[str]:
    for one in found.differences:
        if _turned(one):
            yield f"{one.id}  {one.verdicts[0]} -> {one.verdicts[1]}"
        for place in one.places:
            extents = " -> ".join(f"{extent[0]}-{extent[1]}" for extent in (place.before, place.now) if extent)
            yield f"{one.id}  {place.type}  {place.change}  {extents}"


def _turned(one: TextDifference) -> bool:
    return one.verdicts[0] is not one.verdicts[1]
