"""What a topology is: the topics, what reads and writes them, and where records enter."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.topics import Topic
from stream_processors.shapes import Sink, Step


@dataclass(frozen=True, slots=True)
class Topology:
    """Every topic, step and sink of one PSO. `entries` are the topics that providers write."""

    topics: tuple[Topic, ...]
    steps: tuple[Step, ...]
    sinks: tuple[Sink, ...]
    entries: tuple[Topic, ...]

    def live(self) -> Iterator[Topic]:
        """The topics that are no dead letters."""
        return (topic for topic in self.topics if not topic.dead)

    def writers(self, topic: Topic) -> list[Step]:
        """The steps that write a topic."""
        return [step for step in self.steps if step.writes.name == topic.name]

    def readers(self, topic: Topic) -> list[Step | Sink]:
        """The steps and sinks that read a topic."""
        everybody: list[Step | Sink] = [*self.steps, *self.sinks]
        return [reader for reader in everybody if any(read.name == topic.name for read in reader.reads)]
