"""The options by which a policy is given, the same for every command that hides cells."""

from collections.abc import Callable
from typing import Any

import click

from stream_processors.domain.publication.policy import Attacker, Policy, Zeros

_OPTIONS = (
    click.option(
        "--threshold", type=click.IntRange(min=1), default=10, show_default=True, help="Counts from 1 to this are hidden."
    ),
    click.option(
        "--protection",
        type=click.IntRange(min=1),
        default=5,
        show_default=True,
        help="Nobody can narrow a hidden count to less than this width.",
    ),
    click.option(
        "--zeros",
        type=click.Choice([str(kind) for kind in Zeros]),
        default=str(Zeros.SHOWN),
        show_default=True,
        help="Shown, shown unless hiding one protects another cell (spare), or hidden.",
    ),
    click.option(
        "--attacker",
        type=click.Choice([str(kind) for kind in Attacker]),
        default=None,
        help="Against somebody who knows this rule, or who knows the sums alone. Left out: the first, where that hides at most "
        "a quarter more cells than the second needs.",
    ),
)


def policy_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options of a policy."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def policy_of(given: dict[str, Any]) -> Policy:
    """The policy that the options say. Raises click.UsageError where it cannot hold."""
    try:
        return Policy(
            threshold=given["threshold"],
            protection=given["protection"],
            zeros=Zeros(given["zeros"]),
            attacker=Attacker(given["attacker"] or Attacker.INFORMED),
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
