"""The figures by which a classifier is judged on labelled narratives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.taxonomy import Category, Harm, ReportType
from stream_processors.domain.classification.advising import Suggestion
from stream_processors.domain.classification.measuring import by_class, calibration_error, confusion, macro_f1

CEILING = (
    "People agree on the AHRQ Harm Scale with kappa 0.47 (V1.2) to 0.51 (V1.1): "
    "no figure for harm above that of two people says much."
)
ABSTAINED = "(abstained)"


@dataclass(frozen=True, slots=True)
class Judged:
    """A narrative's settled codes beside what was suggested. A code of None was not settled."""

    report_type: ReportType | None
    categories: Sequence[Category] | None
    harm: Harm | None
    ambiguous: bool
    said: Suggestion
    provider: str | None = None


def judgement(answers: Sequence[Judged]) -> dict[str, Any]:
    """Per class recall and precision, coverage, calibration error and confusion; silence counts as a look by a person."""
    clear = [one for one in answers if not one.ambiguous]
    return {
        "narratives": len(answers),
        "report_type": _one_of([(one.report_type, one.said.report_type, one.said.confidence[0]) for one in clear]),
        "harm": {**_one_of([(one.harm, one.said.harm, one.said.confidence[2]) for one in clear]), "ceiling": CEILING},
        "categories": _categories([one for one in clear if one.categories is not None]),
        "abstained": {"clear": _silence(clear), "ambiguous": _silence([one for one in answers if one.ambiguous])},
    }


def by_provider(answers: Sequence[Judged]) -> list[dict[str, Any]]:
    """The same figures in short for each provider, the worst first; providers are not named."""
    groups: dict[str, list[Judged]] = {}
    for one in answers:
        if one.provider:
            groups.setdefault(one.provider, []).append(one)
    found = []
    for group in groups.values():
        whole = judgement(group)
        found.append(
            {
                "narratives": whole["narratives"],
                "report_type_right": whole["report_type"]["right"],
                "harm_right": whole["harm"]["right"],
                "categories_macro_f1": whole["categories"]["macro_f1"],
            }
        )
    return sorted(found, key=lambda row: (row["report_type_right"] or 0.0, row["narratives"]))


def _one_of(answers: Sequence[tuple[ReportType | Harm | None, ReportType | Harm | None, float]]) -> dict[str, Any]:
    known = [(str(truth), said, chance) for truth, said, chance in answers if truth is not None]
    told = [(truth, str(said), chance) for truth, said, chance in known if said is not None]
    counts = by_class(([truth], [] if said is None else [str(said)]) for truth, said, _ in known)
    silent = {code: sum(truth == code and said is None for truth, said, _ in known) for code in counts}
    return {
        "coverage": _share(len(told), len(known)),
        "right": _share(sum(truth == said for truth, said, _ in told), len(told)),
        "calibration_error": _rounded(calibration_error([(chance, truth == said) for truth, said, chance in told])),
        "classes": {
            code: {
                "true": one.true,
                "recall": _rounded(one.recall),
                "recall_with_review": _share(one.hits + silent[code], one.true),
                "precision": _rounded(one.precision),
            }
            for code, one in counts.items()
        },
        "confusion": confusion((truth, ABSTAINED if said is None else str(said)) for truth, said, _ in known),
    }


def _categories(answers: Sequence[Judged]) -> dict[str, Any]:
    counts = by_class((map(str, one.categories or ()), map(str, one.said.categories)) for one in answers)
    told = [one for one in answers if one.said.categories]
    right = [(one.said.confidence[1], set(one.said.categories) == set(one.categories or ())) for one in told]
    return {
        "macro_f1": round(macro_f1(counts), 3),
        "coverage": _share(len(told), len(answers)),
        "calibration_error": _rounded(calibration_error(right)),
        "classes": {
            code: {"true": one.true, "recall": _rounded(one.recall), "precision": _rounded(one.precision)}
            for code, one in counts.items()
        },
    }


def _silence(answers: Sequence[Judged]) -> Mapping[str, float | None]:
    return {
        "narratives": len(answers),
        "report_type": _share(sum(one.said.report_type is None for one in answers), len(answers)),
        "categories": _share(sum(not one.said.categories for one in answers), len(answers)),
        "harm": _share(sum(one.said.harm is None for one in answers), len(answers)),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
