"""`lifetimes.generate_data`: customers drawn from the models, by `numpy.random` and so by its seed.

All repeat purchases count. (lifetimes counts those of one whole unit of time as one, and its customers do not follow
the model that they are drawn from.)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from patronage.compat._pandas import pandas
from patronage.errors import InvalidParameter

__all__ = [
    "beta_geometric_beta_binom_model",
    "beta_geometric_nbd_model",
    "beta_geometric_nbd_model_transactional_data",
    "modified_beta_geometric_nbd_model",
    "pareto_nbd_model",
]


def beta_geometric_nbd_model(T: Any, r: float, alpha: float, a: float, b: float, size: int = 1) -> Any:
    """Customers of the BG/NBD model.

    Args:
        T: Time that they are watched: a number, or at least `size` numbers.
        r: Shape of the purchase rates.
        alpha: Scale parameter of the purchase rates, in units of time.
        a: First parameter of the dropout probabilities.
        b: Second parameter of the dropout probabilities.
        size: How many.

    Returns:
        Frame indexed by `customer_id` with `frequency`, `recency`, `T`, `lambda`, `p`, `alive` (1 or 0).

    Example:
        >>> import numpy as np
        >>> from patronage.compat.lifetimes.generate_data import beta_geometric_nbd_model
        >>> np.random.seed(1)
        >>> customers = beta_geometric_nbd_model(39, r=0.243, alpha=4.414, a=0.793, b=2.426, size=10_000)
        >>> bool(abs((customers["frequency"] == 0).mean() - 0.5738) < 0.02)
        True
    """
    rates, p = np.random.gamma(r, 1.0 / alpha, size), np.random.beta(a, b, size)
    return _summary(_ages(T, size), {"lambda": rates, "p": p}, rates, p, np.ones(size, dtype=bool))


def modified_beta_geometric_nbd_model(T: Any, r: float, alpha: float, a: float, b: float, size: int = 1) -> Any:
    """Customers of the MBG/NBD model: as `beta_geometric_nbd_model`, but some drop out at once."""
    rates, p = np.random.gamma(r, 1.0 / alpha, size), np.random.beta(a, b, size)
    return _summary(_ages(T, size), {"lambda": rates, "p": p}, rates, p, np.random.random(size) >= p)


def pareto_nbd_model(T: Any, r: float, alpha: float, s: float, beta: float, size: int = 1) -> Any:
    """Customers of the Pareto/NBD model; `mu` is the rate at which each drops out.

    Args:
        T: Time that they are watched: a number, or at least `size` numbers.
        r: Shape of the purchase rates.
        alpha: Scale parameter of the purchase rates, in units of time.
        s: Shape of the dropout rates.
        beta: Scale parameter of the dropout rates, in units of time.
        size: How many.

    Returns:
        Frame indexed by `customer_id` with `frequency`, `recency`, `T`, `lambda`, `mu`, `alive` (1 or 0).
    """
    rates, mu = np.random.gamma(r, 1.0 / alpha, size), np.random.gamma(s, 1.0 / beta, size)
    with np.errstate(divide="ignore"):
        end = np.random.standard_exponential(size) / mu
    ages = _ages(T, size)
    everyone = np.ones(size, dtype=bool)
    frame = _summary(np.minimum(ages, end), {"lambda": rates, "mu": mu}, rates, np.zeros(size), everyone)
    return frame.assign(T=ages, alive=(end > ages).astype(float))


def beta_geometric_nbd_model_transactional_data(
    T: Any,
    r: float,
    alpha: float,
    a: float,
    b: float,
    observation_period_end: Any = "2019-1-1",
    freq: str = "D",
    size: int = 1,
) -> Any:
    """Purchase log of customers of the BG/NBD model.

    The first purchase of a customer falls `T` units before the end; later ones a unit more than the time since.

    Args:
        T: Units of time that they are watched: a number, or at least `size` numbers.
        r: Shape of the purchase rates.
        alpha: Scale parameter of the purchase rates.
        a: First parameter of the dropout probabilities.
        b: Second parameter of the dropout probabilities.
        observation_period_end: The end.
        freq: The unit: "D", "W" or "h".
        size: How many customers.

    Returns:
        Frame with `customer_id` and `date`, customer by customer.
    """
    pd = pandas()
    ages = _ages(T, size)
    rates, p = np.random.gamma(r, 1.0 / alpha, size), np.random.beta(a, b, size)
    customers, times, _ = _purchases(rates, ages, p, np.ones(size, dtype=bool))
    customers = np.concatenate([np.arange(size), customers])
    since = np.concatenate([np.zeros(size), times + 1.0]) - ages[customers]
    order = np.lexsort((since, customers))
    dates = pd.to_datetime(observation_period_end) + pd.to_timedelta(since[order], unit=freq)
    return pd.DataFrame({"customer_id": customers[order], "date": dates})


def beta_geometric_beta_binom_model(
    N: Any, alpha: float, beta: float, gamma: float, delta: float, size: int = 1
) -> Any:
    """Customers of the BG/BB model.

    Args:
        N: Opportunities to buy: a number, or at least `size` numbers.
        alpha: First parameter of the purchase probabilities.
        beta: Second parameter of the purchase probabilities.
        gamma: First parameter of the dropout probabilities.
        delta: Second parameter of the dropout probabilities.
        size: How many customers.

    Returns:
        Frame with `frequency`, `recency`, `n_periods`, `p`, `theta`, `alive` (1 or 0), `customer_id`.
    """
    opportunities = _ages(N, size)
    p, theta = np.random.beta(alpha, beta, size), np.random.beta(gamma, delta, size)
    frequency, recency, alive = np.zeros(size), np.zeros(size), np.ones(size, dtype=bool)
    for i in range(int(opportunities.max(initial=0))):
        open_ = i < opportunities
        alive &= ~open_ | (np.random.random(size) >= theta)
        buys = open_ & alive & (np.random.random(size) < p)
        frequency[buys] += 1
        recency[buys] = i + 1
    # Whether they live to see the next opportunity.
    alive &= np.random.random(size) >= theta
    columns = {"frequency": frequency, "recency": recency, "n_periods": opportunities, "p": p, "theta": theta}
    return pandas().DataFrame({**columns, "alive": alive.astype(float), "customer_id": np.arange(size, dtype=float)})


def _ages(T: Any, size: int) -> np.ndarray:
    ages = np.ravel(np.asarray(T, dtype=float))
    if len(ages) == 1:
        ages = np.repeat(ages, size)
    if len(ages) < size:
        raise InvalidParameter(f"size = {size} is not possible for {len(ages)} times of watching; expected no more")
    return ages[:size]


def _purchases(
    rates: np.ndarray, until: np.ndarray, dropout: np.ndarray, alive: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Who buys, when, and who is left: all next purchases at once, again and again."""
    alive, clock, active = alive.copy(), np.zeros(len(rates)), np.flatnonzero(alive)
    customers, times = [active[:0]], [clock[:0]]
    while len(active):
        with np.errstate(divide="ignore"):
            clock[active] += np.random.standard_exponential(len(active)) / rates[active]
        active = active[clock[active] < until[active]]
        customers.append(active)
        times.append(clock[active])
        drops = np.random.random(len(active)) < dropout[active]
        alive[active[drops]] = False
        active = active[~drops]
    return np.concatenate(customers), np.concatenate(times), alive


def _summary(
    until: np.ndarray, traits: dict[str, np.ndarray], rates: np.ndarray, dropout: np.ndarray, alive: np.ndarray
) -> Any:
    customers, times, still = _purchases(rates, until, dropout, alive)
    recency = np.zeros(len(rates))
    np.maximum.at(recency, customers, times)
    columns = {"frequency": np.bincount(customers, minlength=len(rates)).astype(float), "recency": recency, "T": until}
    pd = pandas()
    index = pd.Index(np.arange(len(rates), dtype=float), name="customer_id")
    return pd.DataFrame({**columns, **traits, "alive": still.astype(float)}, index=index)
