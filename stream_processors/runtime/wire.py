"""Topics under their names on the wire: the namespace in front, and the way back."""

from collections.abc import Iterable

from schemas.topics import Topic


class Wire:
    """The names of these topics in one namespace."""

    def __init__(self, namespace: str, topics: Iterable[Topic]) -> None:
        self.namespace = namespace
        self._by_name = {self.name(topic): topic for topic in topics}

    def name(self, topic: Topic) -> str:
        """The wire name of a topic."""
        return self.namespace + topic.name

    def topic(self, name: str) -> Topic:
        """The topic behind a wire name. Raises KeyError for a topic that is not declared."""
        return self._by_name[name]

    def group(self, step: str) -> str:
        """The consumer group of a step or sink."""
        return f"{self.namespace}pso-{step}"
