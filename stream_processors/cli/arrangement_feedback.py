"""`pso arrangement feedback`: what goes back to a provider about its own reports (42 CFR 3.102(b)(2)(i)(G))."""

import hashlib
from typing import Any

import click
import msgspec

from stream_processors.cli import context, exit_codes
from stream_processors.cli.arrangement_duties import contract, session
from stream_processors.domain.contract.document import ArrangementDocument
from stream_processors.domain.contract.duties import FeedbackPeriod, affiliates_of, feedback_period
from stream_processors.runtime.clock import today
from stream_processors.warehouse.dispositions import Dispositions

CAVEAT = "Counts of voluntary reports measure reporting. They are no rates, and compare nobody."


@click.command()
@click.argument("id_", metavar="ARRANGEMENT")
@click.option("--period", "name", required=True, help="Such as 2026-03, 2026-Q1 or 2026, as long as the contract says.")
@click.option("--by", "who", required=True, help="Who gives it: a name or staff number of the PSO's workforce.")
@click.option("--yes", is_flag=True, help="Note that the provider gets it; without it, it is only shown.")
def feedback(id_: str, name: str, who: str, yes: bool) -> int:
    """Print what goes back to the provider of ARRANGEMENT about a period: counts of its own reports, as they are now.

    Affiliates are told beside it only where both contracts name each other. Exit code 5 where the contract has no such
    feedback. The login needs the roles pso_custodian and pso_analyst_protected.
    """
    with session() as warehouse:
        documents = warehouse.documents()
        document = contract(documents, id_)
        period = feedback_period(document, name, today())
        affiliates = affiliates_of(document, list(documents.values()))
        told = _report(warehouse, document, period) | {
            "affiliates": [_totals(warehouse, one, period) for one in affiliates],
            "caveat": CAVEAT,
        }
        if yes:
            digest = hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()
            warehouse.give(id_, period.name, digest, who)
    context.put(told)
    if not yes:
        context.say("shown only; add --yes to note that the provider gets it")
    return exit_codes.OK


def _report(warehouse: Dispositions, document: ArrangementDocument, period: FeedbackPeriod) -> dict[str, Any]:
    rows = warehouse.counts(document, period.first, period.last)
    names = ("report_type", "withdrawn", "category", "harm", "events")
    return _totals(warehouse, document, period) | {
        "period": period.name,
        "permitted_by": "42 CFR 3.206(b)(4)(i)",
        "counts": [dict(zip(names, row, strict=True)) for row in rows],
    }


def _totals(warehouse: Dispositions, document: ArrangementDocument, period: FeedbackPeriod) -> dict[str, Any]:
    events, withdrawn, corrected = warehouse.totals(document, period.first, period.last)
    return {"provider": document.parties.provider, "events": events, "withdrawn": withdrawn, "corrected": corrected}
