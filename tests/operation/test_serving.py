"""The server as a process: it starts, answers, notices a proxy, and ends when told."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tests import template


@pytest.fixture
def served(tmp_path):
    """A function that starts the server with further settings and gives (process, address)."""
    running = []
    template.copy_sqlite(tmp_path / "aftercare.sqlite3")

    def start(**settings):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("AFTERCARE_")}
        environment = {**kept, "AFTERCARE_DATA_DIR": str(tmp_path), "PYTHONUNBUFFERED": "1", **settings}
        environment["DJANGO_SETTINGS_MODULE"] = "aftercare.config.settings"
        command = [sys.executable, "-m", "aftercare", "serve", "--port", "0"]
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        running.append(process)
        return process, process.stdout.readline().split()[0]

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


def _status(address: str, **headers) -> int:
    try:
        return urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=30).status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_answers_and_ends(served, number):
    process, address = served()
    assert _status(address + "health") == 200
    assert _status(address + "metrics") == 200
    assert _status(address + "metrics", **{"X-Forwarded-For": "203.0.113.7"}) == 404
    process.send_signal(number)
    assert process.wait(timeout=60) == 0


@pytest.mark.slow
def test_behind_a_proxy_the_callers_address_counts(served):
    _process, address = served(AFTERCARE_TRUSTED_PROXY="127.0.0.1")
    assert _status(address + "metrics", **{"X-Forwarded-For": "203.0.113.7"}) == 404
    assert _status(address + "health", **{"X-Forwarded-For": "203.0.113.7"}) == 200
