"""The Chromium that is at hand, driven by Playwright. On a machine of continuous integration it must be there."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


def at_hand() -> str:
    """The path of a Chromium. Skips the test where there is none, but not in continuous integration."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("no Chromium: .ci/run must install Debian's package `chromium`")
    if found is None:
        pytest.skip("no Chromium on this machine: install Debian's package `chromium` to see the web form tested")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser. Without a sandbox: tests may run as root, which Chromium's sandbox refuses."""
    path = at_hand()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
