"""What is written into a broker's `server.properties` and its logging configuration."""

from collections.abc import Mapping
from dataclasses import dataclass

MEBIBYTE = 1 << 20

DEVELOPMENT: Mapping[str, object] = {
    "auto.create.topics.enable": "false",  # the product declares its topics; a misspelt name must fail
    "message.max.bytes": 2 * MEBIBYTE,  # a record of 1 MB and its batch header pass
    "replica.fetch.max.bytes": 3 * MEBIBYTE,
    # One replica of Kafka's own topics; the defaults ask for three brokers.
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    # 50 partitions each by default: they make the first consumer and the first transaction slow.
    "offsets.topic.num.partitions": 5,
    "transaction.state.log.num.partitions": 5,
    "share.coordinator.state.topic.num.partitions": 5,
    "group.initial.rebalance.delay.ms": 0,  # 3000 by default: every first join would wait
    "group.min.session.timeout.ms": 1000,  # 6000 by default refuses the short sessions of a test
    "group.consumer.min.session.timeout.ms": 1000,
    "group.consumer.min.heartbeat.interval.ms": 500,
    # How long the controller fences a killed broker before the restarted one is let in.
    "broker.session.timeout.ms": 2000,
    "broker.heartbeat.interval.ms": 500,
    "log.cleaner.dedupe.buffer.size": 4_000_000,  # 128 MB of heap by default
    "log.cleaner.threads": 1,
    "log.retention.check.interval.ms": 30_000,
    "log.segment.bytes": 64 * MEBIBYTE,
    "metadata.log.segment.bytes": 16 * MEBIBYTE,
    "num.network.threads": 2,
    "num.io.threads": 4,
    "num.recovery.threads.per.data.dir": 2,
    "controlled.shutdown.enable": "true",
    "log.dir.failure.timeout.ms": 5000,
}


def replicated(size: int) -> dict[str, object]:
    """What changes with several brokers: everything is replicated and a dead broker is noticed within seconds."""
    return {
        "default.replication.factor": size,
        "min.insync.replicas": size - 1,
        "offsets.topic.replication.factor": size,
        "transaction.state.log.replication.factor": size,
        "transaction.state.log.min.isr": size - 1,
        "share.coordinator.state.topic.replication.factor": size,
        "share.coordinator.state.topic.min.isr": size - 1,
        "unclean.leader.election.enable": "false",
        "replica.lag.time.max.ms": 3000,
        "replica.socket.timeout.ms": 3000,
        "broker.session.timeout.ms": 2500,
        "controller.quorum.election.timeout.ms": 1000,
        "controller.quorum.fetch.timeout.ms": 1500,
        "controller.quorum.election.backoff.max.ms": 500,
    }


@dataclass(frozen=True, slots=True)
class Ports:
    """The two ports of 127.0.0.1 a broker listens on."""

    client: int
    controller: int

    @classmethod
    def parse(cls, text: str) -> "Ports":
        client, controller = text.split()
        return cls(int(client), int(controller))

    def __str__(self) -> str:
        return f"{self.client} {self.controller}"


@dataclass(frozen=True, slots=True)
class Membership:
    """Which node of which cluster a broker is."""

    cluster_id: str
    node: int
    voters: str
    """`controller.quorum.voters`: the static form, the same for one node and for three."""


def listeners(node: int, ports: Ports, voters: str) -> dict[str, object]:
    return {
        "process.roles": "broker,controller",
        "node.id": node,
        "controller.quorum.voters": voters,
        "listeners": f"CLIENT://127.0.0.1:{ports.client},CONTROLLER://127.0.0.1:{ports.controller}",
        "advertised.listeners": f"CLIENT://127.0.0.1:{ports.client}",
        "inter.broker.listener.name": "CLIENT",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    }


def properties_text(values: Mapping[str, object]) -> str:
    """The text of a Java properties file; a backslash would start an escape there."""
    return "".join(f"{name}={str(value).replace(chr(92), chr(92) * 2)}\n" for name, value in values.items())


# shutdownHook="disable": log4j must not close before Kafka has written how it stopped.
LOG4J = """\
<Configuration status="ERROR" shutdownHook="disable">
  <Appenders>
    <RollingFile name="file" fileName="${sys:kafka.log}" filePattern="${sys:kafka.log}.%i">
      <PatternLayout pattern="%d{ISO8601} %p %m (%c)%n%throwable"/>
      <Policies><SizeBasedTriggeringPolicy size="20 MB"/></Policies>
      <DefaultRolloverStrategy max="2"/>
    </RollingFile>
  </Appenders>
  <Loggers><Root level="INFO"><AppenderRef ref="file"/></Root></Loggers>
</Configuration>
"""
