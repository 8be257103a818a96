from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["gaussian_filter", "set_threads", "smooth", "threads"]

def set_threads(count: int) -> None: ...
def threads() -> int: ...

# smoothing
def gaussian_filter(
    array: NDArray[np.float64], sigma: list[float], order: list[int], mode: str, cval: float, truncate: float
) -> NDArray[np.float64]: ...
def smooth(
    y: NDArray[np.float64],
    x: NDArray[np.float64] | None,
    weights: NDArray[np.float64] | None,
    at: NDArray[np.float64] | None,
    asked: dict[str, Any],
) -> dict[str, Any]: ...
