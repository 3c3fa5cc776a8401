"""A topology as a picture: for a terminal, and in Mermaid for the documentation. Drawn from the declarations alone."""

from collections.abc import Iterator

from schemas.topics import Topic, submitted
from stream_processors.shapes import Accumulator, Disclosure, Sink, Step
from stream_processors.wiring import Topology


def render_text(topology: Topology) -> str:
    """One line per step and sink, in the order of the flow, with the grades and the paragraph of every disclosure."""
    rows = [_row(step) for step in topology.steps]
    rows += [(sink.name, _names(sink.reads), f"{sink.relation} [{sink.grade}]", "sink") for sink in topology.sinks]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = ["  ".join([*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[3]]) for row in rows]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _row(step: Step) -> tuple[str, str, str, str]:
    return step.name, _names(step.reads), f"{step.writes.name} [{step.writes.grade}]", _kind(step)


def _kind(step: Step) -> str:
    if isinstance(step, Disclosure):
        return f"disclosure, {step.permitted_by}"
    return "accumulator" if isinstance(step, Accumulator) else "processor"


def _names(topics: tuple[Topic, ...]) -> str:
    """The first topic and how many more: there may be hundreds of entries."""
    more = f" + {len(topics) - 1} more" if len(topics) > 1 else ""
    return f"{topics[0].name} [{topics[0].grade}]{more}" if topics else "-"


def render_mermaid(topology: Topology) -> str:
    """A Mermaid flowchart. Entry topics are one node, and dead letters are left out: every topic has its own."""
    entries = {topic.name for topic in topology.entries}
    lines = ["flowchart LR", *_nodes(topology, entries)]
    for step in topology.steps:
        lines += _edges(step, _arrow(step), _node(step.writes.name), entries)
    for sink in topology.sinks:
        if not all(topic.dead for topic in sink.reads):
            lines.append(f"    table_{_node(sink.name)}[({sink.relation})]")
            lines += _edges(sink, "-->", f"table_{_node(sink.name)}", entries)
    return "\n".join(lines) + "\n"


def _nodes(topology: Topology, entries: set[str]) -> Iterator[str]:
    yield f'    entry(["{submitted("...").name} P0"])'
    for topic in topology.live():
        if topic.name not in entries:
            yield f'    {_node(topic.name)}(["{topic.name} {topic.grade}"])'


def _node(name: str) -> str:
    return name.replace("-", "_")  # Mermaid draws its arrows with hyphens


def _arrow(step: Step) -> str:
    if isinstance(step, Disclosure):
        return f'== "{step.name}<br/>{step.permitted_by}" ==>'
    return f'-- "{step.name}" -->'


def _edges(reader: Step | Sink, arrow: str, target: str, entries: set[str]) -> list[str]:
    sources = dict.fromkeys("entry" if topic.name in entries else _node(topic.name) for topic in reader.reads)
    return [f"    {source} {arrow} {target}" for source in sources]
