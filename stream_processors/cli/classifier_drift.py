"""`pso classifier drift`: at which providers the classifier answers otherwise than everywhere else."""

import click

from stream_processors.cli import context, exit_codes
from stream_processors.domain.classification.drift import LEAST_EVENTS, LOOK, differences
from stream_processors.warehouse.classifier_answers import windows


@click.command()
@click.option("--look", type=click.FloatRange(min=0), default=LOOK, show_default=True, help="Score from which on it is said.")
def drift(look: float) -> int:
    """Compare silence, disagreement with reporters and categories of each provider and month with all other providers.

    Reads the warehouse and prints JSON that names providers: it is for whoever may read protected.* and goes into no metric
    and no log. Shares of fewer than 30 events are not compared. Exit code 3 where there is something to look at.
    """
    settings = context.settings(context.DATABASE)
    found = windows(settings.text("PSO_DATABASE_URL"), settings.database_password)
    far = differences(found, look)
    context.put(
        [
            {
                "provider": one.window.provider,
                "month": one.window.month,
                "classifier": one.window.classifier,
                "events": one.window.events,
                "figure": one.figure,
                "share": round(one.share, 3),
                "others": round(one.others, 3),
                "score": round(one.score, 1),
            }
            for one in far
        ]
    )
    compared = sum(window.events >= LEAST_EVENTS for window in found)
    context.say(f"{len(far)} differences; {compared} of {len(found)} months of providers had {LEAST_EVENTS} events or more")
    return exit_codes.FOUND if far else exit_codes.OK
