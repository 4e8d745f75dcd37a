"""A real browser for pages on the disk: Debian's chromium without a window, driven by selenium."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
MISSING = (
    None if CHROMIUM and DRIVER else "needs chromium and chromium-driver (apt-get install chromium chromium-driver)"
)
"""Why there is no browser; None where there is one."""

_SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


class Page:
    """A page that is open in the browser."""

    def __init__(self, driver: Any):
        self.driver = driver

    def open(self, path: Path) -> None:
        """Loads a file; what was said and asked for before is forgotten."""
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get(path.absolute().as_uri())

    def run(self, script: str, *values: Any) -> Any:
        """What a script of the tests gives back."""
        return self.driver.execute_script(script, *values)

    def one(self, selector: str) -> Any:
        """The first element that answers to a CSS selector."""
        return self.driver.find_element("css selector", selector)

    def all(self, selector: str) -> list[Any]:
        """The elements that answer to a CSS selector."""
        found: list[Any] = self.driver.find_elements("css selector", selector)
        return found

    def complaints(self) -> list[str]:
        """What the console has heard since the page was opened: errors, warnings, refused scripts."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """What pages on the disk asked for since the last one was opened, itself left out; the browser's own start page
        asks for parts of itself."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        asked = [event["params"] for event in events if event["method"] == "Network.requestWillBeSent"]
        of_files = [one for one in asked if one["documentURL"].startswith("file:")]
        return [url for one in of_files if (url := one["request"]["url"]) != one["documentURL"]]

    def resize(self, width: int, height: int) -> None:
        """Gives the page a window of so many pixels, phones' widths too."""
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)

    def prefer(self, scheme: str) -> None:
        """Asks for the `dark` or the `light` colours."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def scripts(self, allowed: bool) -> None:
        """Whether pages that are opened from now on may run scripts."""
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not allowed})


@contextmanager
def browser() -> Iterator[Page]:
    """A browser with a profile of its own, closed at the end."""
    from selenium import webdriver

    with tempfile.TemporaryDirectory(prefix="dlrun-browser-", ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM or ""
        for switch in (*_SWITCHES, f"--user-data-dir={profile}"):
            options.add_argument(switch)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=DRIVER))
        try:
            yield Page(driver)
        finally:
            driver.quit()
