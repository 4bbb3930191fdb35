"""How customers differ: the distributions of their purchase rates and of their dropout probabilities."""

from __future__ import annotations

from collections.abc import Callable
from math import lgamma, log, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: The share of the customers that the picture shows.
SHOWN = 0.99


def plot_transaction_rate_heterogeneity(
    model: Any,
    suptitle: str = "Heterogeneity in Transaction Rate",
    xlabel: str = "Transaction Rate",
    ylabel: str = "Density",
    suptitle_fontsize: float = 14,
    **kwargs: Any,
) -> Axes:
    """The gamma distribution of purchase rates, without the highest hundredth, in a figure of its own.

    Args:
        model: A fitted fitter with `r` and `alpha`.
        suptitle: Title of the figure.
        xlabel: Label across.
        ylabel: Label up.
        suptitle_fontsize: Size of the title.
        **kwargs: For `plot`.
    """
    r, alpha = model._unload_params("r", "alpha")

    def log_density(x: np.ndarray) -> np.ndarray:
        return np.asarray((r - 1) * np.log(x) - alpha * x + r * log(alpha) - lgamma(r))

    # In y = ln(α x) the density is smooth and falls by e^−40 at either end.
    low, high = log(r) - 40 / r - 10 / sqrt(r), log(r + 10 * sqrt(r) + 40)
    limit = np.exp(_quantile(lambda y: r * y - np.exp(y), low, high)) / alpha
    moments = f"mean: {r / alpha:.3f}, var: {r / alpha**2:.3f}"
    return _density(log_density, limit, moments, suptitle, xlabel, ylabel, suptitle_fontsize, kwargs)


def plot_dropout_rate_heterogeneity(
    model: Any,
    suptitle: str = "Heterogeneity in Dropout Probability",
    xlabel: str = "Dropout Probability p",
    ylabel: str = "Density",
    suptitle_fontsize: float = 14,
    **kwargs: Any,
) -> Axes:
    """The beta distribution of dropout probabilities, without the highest hundredth, in a figure of its own.

    Args:
        model: A fitted fitter with `a` and `b`.
        suptitle: Title of the figure.
        xlabel: Label across.
        ylabel: Label up.
        suptitle_fontsize: Size of the title.
        **kwargs: For `plot`.
    """
    a, b = model._unload_params("a", "b")

    def log_density(x: np.ndarray) -> np.ndarray:
        return np.asarray((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b))

    # In y = ln(x/(1−x)) likewise.
    spread = 10 * sqrt(1 / a + 1 / b)
    low, high = log(a / b) - 40 / a - spread, log(a / b) + 40 / b + spread
    limit = 1 / (1 + np.exp(-_quantile(lambda y: a * y - (a + b) * np.logaddexp(0, y), low, high)))
    moments = f"mean: {a / (a + b):.3f}, var: {a * b / (a + b) ** 2 / (a + b + 1):.3f}"
    return _density(log_density, limit, moments, suptitle, xlabel, ylabel, suptitle_fontsize, kwargs)


def _quantile(log_density: Callable[[np.ndarray], np.ndarray], low: float, high: float) -> float:
    """Where the integral of a density reaches the share shown; the density need not be normed."""
    y = np.linspace(low, high, 100_001)
    weights = log_density(y)
    weights = np.exp(weights - weights.max())
    reached = np.cumsum(weights) - weights / 2
    return float(np.interp(SHOWN * weights.sum(), reached, y))


def _density(
    log_density: Callable[[np.ndarray], np.ndarray],
    limit: float,
    moments: str,
    suptitle: str,
    xlabel: str,
    ylabel: str,
    fontsize: float,
    kwargs: dict[str, Any],
) -> Axes:
    from matplotlib import pyplot as plt

    x = np.linspace(0, limit, 100)
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.exp(log_density(x))
    ax: Axes
    figure, ax = plt.subplots(1)
    figure.suptitle(suptitle, fontsize=fontsize, fontweight="bold")
    ax.set(title=moments, xlabel=xlabel, ylabel=ylabel)
    ax.plot(x, y, **kwargs)
    figure.tight_layout(rect=(0, 0.03, 1, 0.95))
    return ax
