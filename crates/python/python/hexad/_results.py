"""What results have in common: a short `repr`, tables and pictures in notebooks, plots."""

from __future__ import annotations

import base64
import io
from html import escape
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes


R = TypeVar("R", bound="Result")

_new, _set = object.__new__, object.__setattr__


class Result:
    """Base of the results: dataclasses whose fields hold numbers, names and arrays."""

    @classmethod
    def _of(cls: type[R], fields: dict[str, Any]) -> R:
        """The result with these fields, in any order; those left out have their defaults. Set one by one, as frozen
        dataclasses do, they cost more than short work."""
        made = _new(cls)
        _set(made, "__dict__", fields)
        return made

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={_shown(value)}" for name, value in self._fields())
        return f"{type(self).__name__}({fields})"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draws the result with matplotlib, into `ax` or new axes, which are returned."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        """The fields as a table, and the plot where matplotlib is installed."""
        rows = "".join(
            f"<tr><th style='text-align:left'>{name}</th><td>{escape(_shown(value))}</td></tr>"
            for name, value in self._fields()
        )
        return f"<table>{rows}</table>{self._picture()}"

    def _fields(self) -> list[tuple[str, Any]]:
        """Those that are there and meant to be seen."""
        fields = self.__dataclass_fields__  # type: ignore[attr-defined]
        named = [(name, getattr(self, name)) for name in fields if not name.startswith("_")]
        return [(name, value) for name, value in named if value is not None and not _has_lines(value)]

    def _picture(self) -> str:
        if type(self).plot is Result.plot:
            return ""
        try:
            from matplotlib.figure import Figure
        except ImportError:
            return ""
        figure = Figure(figsize=(7, 3), layout="constrained")
        self.plot(figure.add_subplot())
        png = io.BytesIO()
        figure.savefig(png, format="png", dpi=100)
        return f"<img src='data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}'>"


def new_axes() -> Axes:
    """Axes of a new matplotlib figure."""
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise ImportError("plots need matplotlib: pip install matplotlib") from error
    return pyplot.figure(layout="constrained").add_subplot()


def _has_lines(value: Any) -> bool:
    """Whether it is a text for `print`."""
    return isinstance(value, str) and "\n" in value


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray):
        shape = " x ".join(map(str, value.shape))
        return f"<{shape} {value.dtype}>"
    if isinstance(value, tuple):
        names = getattr(value, "_fields", None)
        shown = map(_shown, value)
        if names is None:
            return f"({', '.join(shown)}{',' * (len(value) == 1)})"
        return f"{type(value).__name__}({', '.join(f'{name}={one}' for name, one in zip(names, shown, strict=True))})"
    return f"{value:.6g}" if isinstance(value, float) else repr(value)
