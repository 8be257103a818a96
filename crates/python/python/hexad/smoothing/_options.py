"""What can be asked of a smoother, by name."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, TypeAlias

from hexad import _hexad

Mode: TypeAlias = Literal[
    "reflect", "mirror", "nearest", "wrap", "constant", "grid-mirror", "grid-wrap", "grid-constant"
]
Boundary: TypeAlias = Literal["renormalize", "reflect", "mirror", "nearest", "wrap", "constant"]
Method: TypeAlias = Literal["auto", "direct", "fft", "recursive", "decimate"]
Fit: TypeAlias = Literal["constant", "linear"]
Missing: TypeAlias = Literal["skip", "propagate", "error"]


settings = lru_cache(maxsize=64)(_hexad.SmoothSettings)
"""How to smooth, as the compiled half takes it; kept, for many calls ask for the same."""
