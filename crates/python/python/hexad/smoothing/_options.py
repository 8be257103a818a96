"""What can be asked of a smoother, by name."""

from __future__ import annotations

from typing import Literal, TypeAlias, TypedDict

Mode: TypeAlias = Literal[
    "reflect", "mirror", "nearest", "wrap", "constant", "grid-mirror", "grid-wrap", "grid-constant"
]
Boundary: TypeAlias = Literal["renormalize", "reflect", "mirror", "nearest", "wrap", "constant"]
Method: TypeAlias = Literal["auto", "direct", "fft", "recursive", "decimate"]
Fit: TypeAlias = Literal["constant", "linear"]
Missing: TypeAlias = Literal["skip", "propagate", "error"]


class Asked(TypedDict):
    """How to smooth, as the compiled half takes it."""

    sigma: float
    truncate: float | None
    reach: float | None
    boundary: str
    cval: float
    method: str
    tolerance: float
    derivative: int
    fit: str
    nan: str
    min_weight: float
    causal: bool
    statistics: bool


def asked(
    sigma: float,
    truncate: float | None,
    reach: float | None,
    boundary: str,
    cval: float,
    method: str,
    tolerance: float,
    derivative: int,
    fit: str,
    nan: str,
    min_weight: float,
    causal: bool,
    statistics: bool = False,
) -> Asked:
    """These arguments; a reach takes the place of `truncate`."""
    return {
        "sigma": sigma,
        "truncate": truncate if reach is None else None,
        "reach": reach,
        "boundary": boundary,
        "cval": cval,
        "method": method,
        "tolerance": tolerance,
        "derivative": derivative,
        "fit": fit,
        "nan": nan,
        "min_weight": min_weight,
        "causal": causal,
        "statistics": statistics,
    }
