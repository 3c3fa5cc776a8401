"""`pso worker` as somebody would run it whose engine lost a layer: what the canaries are there to notice."""

from stream_processors.cli import context
from stream_processors.cli.program import main
from stream_processors.domain.deidentification.engine import PATTERNS_ONLY

if __name__ == "__main__":
    vars(context)["full_engine"] = lambda: PATTERNS_ONLY
    main(["worker"])
