"""`make bench-deid`: what this engine and others take out of the same texts in the same run, as text, JSON and a page."""

import argparse
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from tests.benchmarks.deid import contenders, corpora, results
from tests.benchmarks.deid.contenders import Contender, Failed
from tests.benchmarks.deid.corpora import Corpus
from tests.benchmarks.deid.demo_corpus import KnownText
from tests.benchmarks.deid.engine_state import ROOT, EngineChanged, engine_state, unchanged
from tests.benchmarks.deid.environments import NotInstallable
from tests.benchmarks.deid.results import Results, Row, Table
from tests.benchmarks.deid.scoring import score

PAGE = ROOT / "docs" / "deidentification-benchmark.md"


def main() -> None:
    """Measure, print the tables, write the JSON file and, where asked, the page."""
    given = _arguments()
    work = Path(".work/bench").absolute()
    machine = results.machine()
    versions = {"pso-stream": engine_state()}
    tables = [_table(corpus, work, given, versions) for corpus in _corpora(given.corpus, work)]
    try:
        unchanged(versions["pso-stream"], engine_state())
    except EngineChanged as error:
        sys.exit(str(error))
    command = shlex.join(["python", "-m", "tests.benchmarks.deid", *_said(sys.argv[1:])])
    found = Results(command, machine, given.sample, versions, tables)
    given.out.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    block = results.markdown(found)
    if given.write_page:
        PAGE.write_text(results.put_into(PAGE.read_text(), block))
    print(block)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.deid", description=__doc__)
    parser.add_argument("--corpus", action="append", type=Path, default=[], help="a gold file more; may be repeated")
    parser.add_argument("--peers", default="presidio,philter", help="who else is measured (%(default)s; '' for nobody)")
    parser.add_argument("--sample", type=int, default=300, help="texts of each corpus that all get; 0 for all (%(default)s)")
    parser.add_argument("--out", type=Path, default=Path("bench-deid.json"), help="where the results go (%(default)s)")
    parser.add_argument("--write-page", action="store_true", help=f"put the tables into docs/{PAGE.name}")
    return parser.parse_args()


def _said(words: Sequence[str]) -> Iterator[str]:
    """The arguments as they were given, files without the folders of this machine."""
    return (Path(word).name if "/" in word else word for word in words)


def _corpora(files: Sequence[Path], work: Path) -> Iterator[Corpus]:
    yield from map(corpora.given, files)
    try:
        yield corpora.outis_challenge(work)
    except (NotInstallable, subprocess.CalledProcessError) as error:
        print(f"outis_challenge is left out: {error}", file=sys.stderr)
    yield corpora.incidents(sealed=False)
    yield corpora.incidents(sealed=True)
    yield corpora.demo()


def _table(corpus: Corpus, work: Path, given: argparse.Namespace, versions: dict[str, str]) -> Table:
    """Everybody on the sample, then this engine on all texts where the sample is smaller."""
    chosen = [one for one in contenders.by_name(given.peers) if corpus.has_records or one.name != _WITHOUT_RECORDS.name]
    sample = corpus.sample(given.sample)
    rows = [_row(one, corpus, sample, work, versions) for one in chosen]
    if len(sample) < len(corpus.texts):
        rows += [_row(one, corpus, corpus.texts, work, versions) for one in chosen if one.name.startswith("pso-stream")]
    return Table(corpus.name, corpus.about, rows)


_WITHOUT_RECORDS = contenders.this_engine(known=False)


def _row(contender: Contender, corpus: Corpus, texts: Sequence[KnownText], work: Path, versions: dict[str, str]) -> Row:
    folder = work / "deid"
    folder.mkdir(parents=True, exist_ok=True)
    gold = folder / f"{corpus.name}-{len(texts)}.gold.jsonl"
    corpora.write(texts, gold)
    print(f"{corpus.name}: {contender.name} on {len(texts)} texts", file=sys.stderr, flush=True)
    try:
        answer = contenders.asked(contender, work, gold)
    except (Failed, NotInstallable, subprocess.TimeoutExpired) as error:
        return Row(contender.name, contender.uses_records, len(texts), unavailable=_reason(error, work))
    versions.update(answer.versions)
    return results.measured(contender.name, contender.uses_records, answer, score(texts, answer.removed))


def _reason(error: Exception, work: Path) -> str:
    if isinstance(error, subprocess.TimeoutExpired):
        return f"no answer within {error.timeout:.0f} s"
    return f"not measured: {error}".replace(f"{work.parents[1]}/", "")


if __name__ == "__main__":
    main()
