"""When the gateway asks a warehouse: where the settings name one, with a driver that is an extra, and not otherwise."""

import builtins
import sys
from pathlib import Path
from typing import Any

import pytest

from producers.commands.extras import of_extra
from producers.failure import Failure
from producers.gateway.settings import GatewaySettings

URL = "postgresql://gateway_receipts@warehouse.example/pso"


def test_without_the_setting_nobody_is_asked() -> None:
    settings = GatewaySettings({})
    assert settings.warehouse() is None
    settings.complete()


def test_the_password_stands_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("k2\n")
    file = str(tmp_path / "password")
    settings = GatewaySettings({"PSO_GATEWAY_DATABASE_URL": URL, "PSO_GATEWAY_DATABASE_PASSWORD_FILE": file})
    assert settings.warehouse() == (URL, "k2")
    assert GatewaySettings({"PSO_GATEWAY_DATABASE_URL": URL}).warehouse() == (URL, None)


def test_a_password_for_no_warehouse_and_a_file_that_is_not_there_are_said(tmp_path: Path) -> None:
    file = str(tmp_path / "password")
    settings = GatewaySettings({"PSO_GATEWAY_DATABASE_PASSWORD_FILE": file})
    settings.warehouse()
    with pytest.raises(Failure) as failed:
        settings.complete()
    assert "there is no text file" in str(failed.value)
    assert "goes with PSO_GATEWAY_DATABASE_URL" in str(failed.value)


def test_without_the_driver_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_psycopg(name: str, *given: Any, **named: Any) -> Any:
        if name == "psycopg":
            raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")
        return real(name, *given, **named)

    monkeypatch.delitem(sys.modules, "producers.gateway.warehouse", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_psycopg)
    with pytest.raises(Failure, match=r"psycopg is not installed: pip install 'pso-stream\[receipts\]'"):
        of_extra("producers.gateway.warehouse", "receipts")
