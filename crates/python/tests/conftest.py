"""What several test files use."""

import signal
import subprocess
import sys
import time

import pytest

# Whoever starts the tests in the background may have them ignore Ctrl-C.
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
{setup}
print("ready", flush=True)
try:
    {call}
    print("done", flush=True)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.fixture
def ctrl_c_ends():
    """Asserts that Ctrl-C, half a second after its start, ends a call in a Python of its own, which then goes on."""
    if sys.platform == "win32":
        pytest.skip("signals")

    def check(setup, call):
        program = PROGRAM.format(setup=setup, call=call)
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as running:
            try:
                assert running.stdout.readline() == "ready\n"
                time.sleep(0.5)
                running.send_signal(signal.SIGINT)
                out, _ = running.communicate(timeout=60)
            finally:
                running.kill()
        assert out == "interrupted\n"
        assert running.returncode == 0

    return check


@pytest.fixture(scope="session", params=[1, 2, 4])
def client(request):
    """Clusters of so many workers, one after the other for all tests."""
    clusters = pytest.importorskip("clusters")
    with clusters.start(request.param, 1) as client:
        yield client
