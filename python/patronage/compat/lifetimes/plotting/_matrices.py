"""What the model believes, by frequency and recency, as heat maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_frequency_recency_matrix(
    model: Any,
    T: float = 1,
    max_frequency: int | None = None,
    max_recency: int | None = None,
    title: str | None = None,
    xlabel: str = "Customer's Historical Frequency",
    ylabel: str = "Customer's Recency",
    **kwargs: Any,
) -> Axes:
    """Purchases expected in the next `T` units of time.

    Args:
        model: A fitted fitter.
        T: Time ahead.
        max_frequency: None for the largest of the data.
        max_recency: The largest recency, and the age of all customers; None for the largest age of the data.
        title: Title; None for one that names T.
        xlabel: Label across.
        ylabel: Label down.
        **kwargs: For `imshow`.
    """
    most = int(model.data["frequency"].max()) if max_frequency is None else max_frequency
    age = int(model.data["T"].max()) if max_recency is None else max_recency
    frequency, recency = np.meshgrid(np.arange(most + 1), np.arange(age + 1))
    # Without a repeat purchase there is no recency but 0.
    recency = np.where(frequency == 0, 0, recency)
    values = model.conditional_expected_number_of_purchases_up_to_time(T, frequency, recency, age)
    if title is None:
        units = "Unit" if T == 1 else "Units"
        title = f"Expected Number of Future Purchases for {T} {units} of Time,\nby Frequency and Recency of a Customer"
    return _heat_map(values, title, xlabel, ylabel, kwargs)


def plot_probability_alive_matrix(
    model: Any,
    max_frequency: int | None = None,
    max_recency: int | None = None,
    title: str = "Probability Customer is Alive,\nby Frequency and Recency of a Customer",
    xlabel: str = "Customer's Historical Frequency",
    ylabel: str = "Customer's Recency",
    **kwargs: Any,
) -> Axes:
    """P(alive).

    Args:
        model: A fitted fitter.
        max_frequency: None for the largest of the data.
        max_recency: The largest recency, and the age of all customers; None for the largest age of the data.
        title: Title.
        xlabel: Label across.
        ylabel: Label down.
        **kwargs: For `imshow`.
    """
    values = model.conditional_probability_alive_matrix(max_frequency, max_recency)
    return _heat_map(values, title, xlabel, ylabel, kwargs)


def _heat_map(values: np.ndarray, title: str, xlabel: str, ylabel: str, kwargs: dict[str, Any]) -> Axes:
    from matplotlib import pyplot as plt

    ax: Axes = plt.subplot(111)
    image = ax.imshow(values, **{"interpolation": "none", **kwargs})
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    left, right, bottom, top = image.get_extent()
    ax.set_aspect(abs((right - left) / (top - bottom)))
    plt.colorbar(image, ax=ax)
    return ax
