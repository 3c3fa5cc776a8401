"""The gateway as it is run: it publishes beside serving, speaks TLS, and ends quietly with what is under way answered."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.dev.stack import Stack
from producers.failure import ExitCode
from schemas.catalogue import bundled
from schemas.codec import Codec
from schemas.records import SafetyEvent
from schemas.topics import submitted
from tests.support.deadline import eventually
from tests.support.gateway_process import GatewayProcess
from tests.support.kafka import create_plain_topic, read_all

OTHER = ("--provider", "prv-q0z7hh", "--arrangement", "arr-m9d0", "--system", "other")
EVENT = {"event_id": "evt-1", "report_type": "incident"}


@pytest.fixture
def publishing(stack: Stack, namespace: str, tmp_path: Path) -> Iterator[GatewayProcess]:
    """A gateway that sends; the topic of arr-7k2q is there, the one of arr-m9d0 is not."""
    create_plain_topic(stack.bootstrap, namespace + submitted("arr-7k2q").name)
    environment = {**stack.environment(), "PSO_NAMESPACE": namespace}
    with GatewayProcess(tmp_path, "--every", "0.2", "--timeout", "2", **environment) as started:
        yield started


def test_what_is_taken_is_sent_also_when_the_topic_of_another_arrangement_is_missing(
    publishing: GatewayProcess, stack: Stack, namespace: str
) -> None:
    other = publishing.produce("gateway", "keys", "new", *OTHER).stdout.strip()
    stuck = httpx.post(f"{publishing.url}/v1/events", json=EVENT, headers={"Authorization": f"Bearer {other}"})
    answer = httpx.post(f"{publishing.url}/v1/events", json=EVENT, headers=publishing.headers)
    (result,) = answer.json()["results"]
    url = f"{publishing.url}/v1/receipts/{result['receipt']}"
    eventually(lambda: httpx.get(url, headers=publishing.headers).json()["state"] == "sent")
    said = httpx.get(url, headers=publishing.headers).json()["sent"]
    (message,) = read_all(stack.bootstrap, namespace + submitted("arr-7k2q").name)
    assert (message.topic, message.partition, message.offset) == (said["topic"], said["partition"], said["offset"])
    assert Codec(bundled()).decode(message.value, SafetyEvent).provider == "prv-8f3k2m"
    url = f"{publishing.url}/v1/receipts/{stuck.json()['results'][0]['receipt']}"
    assert httpx.get(url, headers={"Authorization": f"Bearer {other}"}).json()["state"] == "waiting"
    create_plain_topic(stack.bootstrap, namespace + submitted("arr-m9d0").name)
    eventually(lambda: httpx.get(url, headers={"Authorization": f"Bearer {other}"}).json()["state"] == "sent")
    assert publishing.log().count("does not exist or is hidden") == 1, "told once, not with every pass"


def test_sigterm_answers_what_is_under_way_and_ends_well(tmp_path: Path) -> None:
    with GatewayProcess(tmp_path, "--no-publish") as gateway:
        head = f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {gateway.key}\r\n"
        body = b'{"report_type": "incident"}'
        with socket.create_connection(("127.0.0.1", gateway.port)) as line:
            line.sendall(f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body[:9])
            eventually(lambda: "livez" in gateway.log())
            threading.Timer(1.0, line.sendall, (body[9:],)).start()
            ended: list[int] = []
            ending = threading.Thread(target=lambda: ended.append(gateway.terminate()))
            ending.start()
            line.settimeout(20)
            assert line.recv(1000).startswith(b"HTTP/1.1 202 ")
            ending.join()
        assert ended == [ExitCode.OK]
        assert "Traceback" not in gateway.log()


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        gateway = GatewayProcess(tmp_path, "--no-publish")
        gateway.environment["PSO_GATEWAY_PORT"] = str(taken.getsockname()[1])
        ran = gateway.attempt("gateway", "--no-publish")
    assert ran.returncode == ExitCode.FAILED
    assert "Address already in use: set PSO_GATEWAY_HOST and PSO_GATEWAY_PORT" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gateway.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*form))
    return folder / "cert.pem", folder / "key.pem"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_it_speaks_tls_and_nothing_older_than_1_2(tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    files = {"PSO_GATEWAY_CERTIFICATE_FILE": str(certificate), "PSO_GATEWAY_KEY_FILE": str(key)}
    gateway = GatewayProcess(tmp_path, "--no-publish", **files)
    gateway.url = gateway.url.replace("http:", "https:")
    gateway.trust = ssl.create_default_context(cafile=str(certificate))
    with gateway:
        answer = httpx.post(f"{gateway.url}/v1/events", json=EVENT, headers=gateway.headers, verify=gateway.trust)
        assert answer.status_code == 202
        answer = httpx.post(f"{gateway.url}/sign-in", data={"key": gateway.key}, verify=gateway.trust)
        assert answer.headers["set-cookie"].startswith("__Host-pso-session=")
        assert "Secure" in answer.headers["set-cookie"]
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
        old.set_ciphers("DEFAULT@SECLEVEL=0")
        with socket.create_connection(("127.0.0.1", gateway.port)) as line, pytest.raises(ssl.SSLError):
            old.wrap_socket(line)
        with socket.create_connection(("127.0.0.1", gateway.port)) as line:
            line.settimeout(5)
            line.sendall(b"GET /livez HTTP/1.1\r\n\r\n")
            with suppress(ConnectionResetError):
                assert b"200" not in line.recv(100)


def test_a_certificate_that_does_not_fit_is_told_in_one_line(tmp_path: Path) -> None:
    certificate, _ = self_signed(tmp_path)
    files = {"PSO_GATEWAY_CERTIFICATE_FILE": str(certificate), "PSO_GATEWAY_KEY_FILE": str(certificate)}
    ran = GatewayProcess(tmp_path, **files).attempt("gateway", "--no-publish")
    assert "are no PEM pair that fits" in ran.stderr
    assert "Traceback" not in ran.stderr
