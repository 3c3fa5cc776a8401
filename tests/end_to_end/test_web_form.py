"""A clinic reports with a browser: without JavaScript, by keyboard, in light and dark, on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browsers import chromium
from tests.support.gateway_process import GatewayProcess

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / ".work" / "screenshots"
STORY = "The pump of Zebulon Quartermain was set to the wrong rate."


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GatewayProcess]:
    folder: Path = tmp_path_factory.mktemp("form")
    with GatewayProcess(folder, "--no-publish") as started:
        yield started
        assert "Quartermain" not in started.log()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def shot(page: Page, name: str) -> None:
    """For a person to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def sign_in(page: Page, gateway: GatewayProcess) -> None:
    page.goto(gateway.url)
    page.get_by_label("Your key").fill(gateway.key)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/report")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_report_from_sign_in_to_receipt_without_javascript(browser: Browser, gateway: GatewayProcess, scheme: str) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme=scheme)  # type: ignore[arg-type]
    addresses: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: addresses.append(request.url))
    sign_in(page, gateway)
    shot(page, f"{scheme}-form")
    page.get_by_role("button", name="Send the report").click()
    assert page.title().startswith("Error: ")
    shot(page, f"{scheme}-errors")
    page.get_by_role("link", name="In your own words: this must be answered.").click()
    page.get_by_label("In your own words").fill(STORY)
    page.get_by_label("Incident: it reached a patient").check()
    page.get_by_label("Medication", exact=True).check()
    page.get_by_label("How was the patient harmed?").select_option("Mild harm")
    page.get_by_label("Age in years").fill("54")
    page.get_by_role("button", name="Keep as draft").click()
    assert page.get_by_label("In your own words").input_value() == STORY
    page.get_by_role("button", name="Send the report").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Your report is stored"
    shot(page, f"{scheme}-receipt")
    receipt = page.locator("code").first.inner_text()
    assert receipt.startswith("rcp_")
    assert not any("Quartermain" in address or receipt in address for address in addresses)
    assert all("Quartermain" not in str(cookie.get("value")) for cookie in context.cookies())
    context.close()


def test_the_error_summary_has_the_focus_and_every_control_has_a_name(browser: Browser, gateway: GatewayProcess) -> None:
    page = browser.new_page()
    sign_in(page, gateway)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("alert")).to_be_focused()
    unnamed = """[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
        .filter(one => !one.labels.length || !one.closest('fieldset')).map(one => one.id)"""
    assert page.evaluate(unnamed) == []
    assert page.evaluate("[...document.querySelectorAll('fieldset')].filter(one => !one.querySelector('legend')).length") == 0
    described = """[...document.querySelectorAll('[aria-describedby]')].flatMap(one =>
        one.getAttribute('aria-describedby').split(' ')).filter(ident => !document.getElementById(ident))"""
    assert page.evaluate(described) == []
    page.close()


def test_the_keyboard_follows_the_page(browser: Browser, gateway: GatewayProcess) -> None:
    page = browser.new_page()
    sign_in(page, gateway)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    assert page.evaluate("[...document.querySelectorAll('[tabindex]')].every(one => one.tabIndex < 1)")
    page.get_by_label("Incident: it reached a patient").focus()
    reached = []
    for _ in range(3):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
    assert reached == ["categories-blood", "categories-device", "categories-health_it"]
    page.close()


def test_nothing_is_wider_than_a_phone(browser: Browser, gateway: GatewayProcess) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    sign_in(page, gateway)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    shot(page, "phone")
    page.close()


def test_scripts_and_frames_are_forbidden_by_the_pages_themselves(browser: Browser, gateway: GatewayProcess) -> None:
    page = browser.new_page()
    answer = page.goto(f"{gateway.url}/sign-in")
    assert answer
    assert "default-src 'none'" in str(answer.header_value("content-security-policy"))
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px", "the style sheet itself is allowed"
    page.close()
