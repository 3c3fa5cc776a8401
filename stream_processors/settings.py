"""Every setting of the PSO's processes: read once, all faults reported together, printed with origin and without secrets."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas.connection import MECHANISMS, PROTOCOLS, KafkaConnection

ReadFile = Callable[[str], str]
SEED_LENGTH = 32
"""Characters of a secret that nobody guesses: 128 bits in hexadecimal digits."""


class InvalidSettings(Exception):
    """One or more settings are missing or wrong; the message has a line for each, and says what to do."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable. `default` None means: nothing is assumed."""

    name: str
    reason: str
    default: str | None = None
    choices: tuple[str, ...] = ()
    secret: bool = False
    number: tuple[float, float] | None = None


SETTINGS = (
    Setting("PSO_PROFILE", "dev allows replication factor 1 and plaintext", "production", ("dev", "production")),
    Setting("PSO_KAFKA_BOOTSTRAP_SERVERS", "where Kafka is; no default, it decides where data goes"),
    Setting("PSO_KAFKA_SECURITY_PROTOCOL", "plaintext is for dev only", "SASL_SSL", PROTOCOLS),
    Setting("PSO_KAFKA_SASL_MECHANISM", "how the user is authenticated", "SCRAM-SHA-512", MECHANISMS),
    Setting("PSO_KAFKA_USERNAME", "Kafka principal of this process"),
    Setting("PSO_KAFKA_PASSWORD_FILE", "file that holds its password; never a variable", secret=True),
    Setting("PSO_KAFKA_CA_FILE", "PEM of the certificate authority"),
    Setting("PSO_KAFKA_CERTIFICATE_FILE", "PEM certificate for mutual TLS"),
    Setting("PSO_KAFKA_KEY_FILE", "PEM key for mutual TLS"),
    Setting("PSO_DATABASE_URL", "the warehouse; no default, it decides where data goes", secret=True),
    Setting("PSO_DATABASE_PASSWORD_FILE", "file that holds the database password", secret=True),
    Setting("PSO_ARRANGEMENTS_FILE", "arrangements in effect from the beginning (TOML); others are activated"),
    Setting("PSO_CLASSIFIER_MODEL", "a model of `pso classifier train`, promoted; empty uses the one in the wheel", ""),
    Setting("PSO_SIGNAL_PARAMETERS_FILE", "pinned parameters of signals (JSON); without it only the rule for rare events runs"),
    Setting(
        "PSO_UNIQUENESS_SNAPSHOT",
        "counts of which P2 asks what is rare, by hash; empty tells every event in its most general form, off asks nothing",
        "",
    ),
    Setting("PSO_NAMESPACE", "prefix of all topics and groups: several systems on one Kafka", ""),
    Setting("PSO_PARTITIONS", "partitions of every topic; the most workers a step can use", "12", number=(1, 512)),
    Setting("PSO_REPLICATION_FACTOR", "copies of every record; 1 loses data with a disk", "3", number=(1, 9)),
    Setting("PSO_SCHEMA_REGISTRY_URL", "Confluent-compatible registry; empty uses the bundled ids", ""),
    Setting("PSO_SESSION_TIMEOUT_SECONDS", "a silent worker is replaced after this", "10", number=(1, 300)),
    Setting("PSO_CHUNK_RECORDS", "most records a step takes at once", "500", number=(1, 10_000)),
    Setting("PSO_SINK_BATCH", "most rows a sink writes in one transaction", "2000", number=(1, 100_000)),
    Setting("PSO_HEALTH_HOST", "where /livez, /readyz and /metrics listen", "127.0.0.1"),
    Setting("PSO_HEALTH_PORT", "their port; 0 takes a free one and logs it", "9464", number=(0, 65_535)),
    Setting("PSO_STALL_SECONDS", "work waits and nothing moves: unready, then exit at twice this", "120", number=(2, 3_600)),
    Setting("PSO_UNEXPECTED_CONSECUTIVE", "faults of ours in a row before a worker stops", "20", number=(1, 10_000)),
    Setting("PSO_UNEXPECTED_RATIO", "share of the last 1,000 records that may be faults of ours", "0.1", number=(0, 1)),
    Setting("PSO_RECONCILE_GRACE_SECONDS", "younger records count as in flight, not as missing", "60", number=(0, 86_400)),
    Setting(
        "PSO_CANARY_SEED_FILE",
        "file with the secret that canaries follow from; whoever has it could train on them",
        secret=True,
    ),
    Setting("PSO_LOG_LEVEL", "least important line that is logged", "info", ("debug", "info", "warning", "error")),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. `values` is what was read or assumed; the properties give it types."""

    values: Mapping[str, str]
    given: frozenset[str]
    secrets: Mapping[str, str]

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], needs: Iterable[str] = (), read: ReadFile | None = None) -> "Settings":
        """Read all settings. `needs` names those this command cannot do without. Raises InvalidSettings with all faults."""
        read_file = read or (lambda path: Path(path).read_text(encoding="utf-8"))
        given = {name: environ[name] for name in _BY_NAME if environ.get(name, "") != ""}
        values = {s.name: given.get(s.name, s.default or "") for s in SETTINGS}
        secrets, faults = _secrets(values, read_file)
        faults += [f"{name} is not set: {_BY_NAME[name].reason}" for name in needs if not values[name]]
        faults += [fault for setting in SETTINGS for fault in _fault(setting, values[setting.name])]
        faults += _unknown(environ) + _unsafe(values, given)
        if faults:
            raise InvalidSettings(faults)
        return cls(values, frozenset(given), secrets)

    @property
    def connection(self) -> KafkaConnection:
        """How to reach Kafka."""
        return KafkaConnection(
            bootstrap_servers=self.values["PSO_KAFKA_BOOTSTRAP_SERVERS"],
            security_protocol=self.values["PSO_KAFKA_SECURITY_PROTOCOL"],
            sasl_mechanism=self.values["PSO_KAFKA_SASL_MECHANISM"],
            username=self.values["PSO_KAFKA_USERNAME"] or None,
            password=self.secrets.get("PSO_KAFKA_PASSWORD_FILE"),
            ca_file=self.values["PSO_KAFKA_CA_FILE"] or None,
            certificate_file=self.values["PSO_KAFKA_CERTIFICATE_FILE"] or None,
            key_file=self.values["PSO_KAFKA_KEY_FILE"] or None,
        )

    @property
    def database_password(self) -> str | None:
        """The database password, where it came from a file."""
        return self.secrets.get("PSO_DATABASE_PASSWORD_FILE")

    @property
    def canary_seed(self) -> bytes:
        """The secret of the canaries. Empty where no file was named."""
        return self.secrets.get("PSO_CANARY_SEED_FILE", "").encode()

    def text(self, name: str) -> str:
        """The value of a setting."""
        return self.values[name]

    def whole(self, name: str) -> int:
        """The value of a setting that is a whole number."""
        return int(self.values[name])

    def real(self, name: str) -> float:
        """The value of a setting that is a number."""
        return float(self.values[name])

    def described(self) -> list[dict[str, str]]:
        """Every setting with its value, its origin and its reason; secrets masked."""
        return [
            {
                "name": s.name,
                "value": "***" if s.secret and self.values[s.name] else self.values[s.name],
                "origin": "environment" if s.name in self.given else "default",
                "reason": s.reason,
            }
            for s in SETTINGS
        ]


def _secrets(values: Mapping[str, str], read_file: ReadFile) -> tuple[dict[str, str], list[str]]:
    secrets: dict[str, str] = {}
    faults: list[str] = []
    for name in ("PSO_KAFKA_PASSWORD_FILE", "PSO_DATABASE_PASSWORD_FILE", "PSO_CANARY_SEED_FILE"):
        if values[name]:
            try:
                secrets[name] = read_file(values[name]).strip()
            except OSError as error:
                faults.append(f"{name} cannot be read ({error.strerror}): name a file that this user may read")
    if len(secrets.get("PSO_CANARY_SEED_FILE", "-" * SEED_LENGTH)) < SEED_LENGTH:
        faults.append(
            f"PSO_CANARY_SEED_FILE holds fewer than {SEED_LENGTH} characters: `openssl rand -hex 32` makes a good one"
        )
    return secrets, faults


def _fault(setting: Setting, value: str) -> list[str]:
    if setting.choices and value not in setting.choices:
        return [f"{setting.name} must be one of {', '.join(setting.choices)}"]
    if setting.number is None:
        return []
    low, high = setting.number
    try:
        number = float(value)
    except ValueError:
        return [f"{setting.name} must be a number from {low:g} to {high:g}"]
    whole = setting.default is not None and "." not in setting.default
    if not low <= number <= high or (whole and not number.is_integer()):
        return [f"{setting.name} must be a {'whole ' if whole else ''}number from {low:g} to {high:g}"]
    return []


def _unknown(environ: Mapping[str, str]) -> list[str]:
    """A misspelt setting would silently leave its default in force."""
    known = set(_BY_NAME) | {"PSO_KAFKA_CLUSTER_ID"}
    strange = sorted(
        n for n in environ if n.startswith("PSO_") and not n.startswith(("PSO_PRODUCE_", "PSO_DEV_")) and n not in known
    )
    return [f"{name} is no setting: see `pso config check`" for name in strange]


def _unsafe(values: Mapping[str, str], given: Mapping[str, str]) -> list[str]:
    if values["PSO_PROFILE"] == "dev":
        return []
    faults = []
    if values["PSO_REPLICATION_FACTOR"] == "1":
        faults.append("PSO_REPLICATION_FACTOR 1 loses data with one disk: use 3, or PSO_PROFILE=dev")
    if "PLAINTEXT" in given.get("PSO_KAFKA_SECURITY_PROTOCOL", ""):
        faults.append("PSO_KAFKA_SECURITY_PROTOCOL without TLS is for PSO_PROFILE=dev only (42 CFR 3.106(b)(4)(ii))")
    return faults
