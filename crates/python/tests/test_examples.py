"""examples/python: each runs in a small size, says what took how long, and writes its picture."""

import importlib
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "examples" / "python"
SMALL = {
    "smoothing": {"samples": 60},
    "spectral": {"runs": 1},
    "correlate": {"seconds": 1.2, "trials": 3},
    "waves": {"finest": 100},
    "neurons": {"duration_ms": 20.0, "runs": 1},
    "density": {"points": 1000, "pixels": 48},
}


@pytest.mark.parametrize("name", SMALL)
def test_example_runs(name, tmp_path, capsys, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.syspath_prepend(FOLDER)
    for module in (name, "shared", "asked"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    importlib.import_module(name).main(tmp_path, **SMALL[name])
    assert "hexad" in capsys.readouterr().out
    assert (tmp_path / f"python_{name}.png").stat().st_size > 1000


def test_every_example_is_run():
    assert {path.stem for path in (FOLDER / "asked").glob("[!_]*.py")} == set(SMALL)
