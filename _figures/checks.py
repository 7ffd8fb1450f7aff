"""Independent computations of λ and m, to hold the closed forms of ``coefficients`` against.

None of them uses those closed forms. They are of three kinds:

- counting dimensions, exact: ``fewest_equations``;
- linear programs over scales, exact: with every distance written as n^(-u), the integral of exp(-nK) becomes a sum of pieces
  n^(-cost(u)), so that λ is the least cost, and m - 1 the dimension of the set of u that attain it;
- integrals in double precision, exact volumes or quadrature, to which λ log n - (m-1) log log n is fitted.

Logarithms are natural; losses are in nats, n counts samples. Convention: Watanabe's, as in ``coefficients``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, count, pairwise, product
from math import gamma

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.linalg import expm
from scipy.optimize import linprog

from _figures.coefficients import Coefficient

Array = NDArray[np.float64]

# -- Counting dimensions -------------------------------------------------------------------------


def fewest_equations(widths: Sequence[int], rank: int) -> tuple[int, int]:
    """The codimension of the matrices A_1, ..., A_L whose product A_L ... A_1 is a given map of that ``rank``.

    Layers have ``widths`` H_1, ..., H_(L+1). Minimises over all profiles of ranks r_k of the partial products A_k ... A_1: given
    r_(k-1), that A_k sends the image of the partial product to dimension r_k takes (H_(k+1) - r_k) (r_(k-1) - r_k) equations.
    Returns the codimension and the number of profiles that attain it. λ is half the codimension for linear networks, and for L = 2
    the number of profiles is m. Raises ``KeyError`` for a rank that is not possible. Source for λ: pepinlehalleur2024geometry (rank 0).
    """
    best = {widths[0]: (0, 1)}  # rank so far: fewest equations, profiles that attain it
    for width in widths[1:]:
        best = {
            new: _fewest([(equations + (width - new) * (old - new), profiles) for old, (equations, profiles) in best.items() if old >= new])
            for new in range(min(width, max(best)) + 1)
        }
    equations, profiles = best[rank]
    return equations + rank * (widths[0] + widths[-1] - rank), profiles


def _fewest(counted: Sequence[tuple[int, int]]) -> tuple[int, int]:
    least = min(equations for equations, _ in counted)
    return least, sum(profiles for equations, profiles in counted if equations == least)


def jacobian_rank(mapping: Callable[[Array], Array], w: Array) -> int:
    """The rank of the derivative of an analytic ``mapping``, from (parameters,) to (any,), at the point w.

    It is the rank of the Hessian of K = |mapping(w') - mapping(w)|² at w, so that λ >= rank / 2, and λ = rank / 2 where the zero set
    is smooth of that codimension. Derivatives by a complex step, which does not cancel.
    """
    step = 1e-30
    columns = [mapping(w + 1j * step * unit).imag / step for unit in np.eye(len(w))]
    return int(np.linalg.matrix_rank(np.stack(columns)))


# -- Linear programs over scales -----------------------------------------------------------------


@dataclass
class Program:
    """Minimise cost · u over u >= 0 with rows @ u >= least: shapes (variables,), (constraints, variables), (constraints,)."""

    cost: Array
    rows: Array
    least: Array

    def value(self) -> Fraction:
        """The least cost, exact because the data are small whole numbers and halves."""
        solution = linprog(self.cost, A_ub=-self.rows, b_ub=-self.least)
        if not solution.success:
            raise ArithmeticError(f"no least cost: {solution.message}")
        exact = Fraction(solution.fun).limit_denominator(1000)
        if abs(float(exact) - solution.fun) > 1e-8:
            raise ArithmeticError(f"{solution.fun} is no fraction with a denominator up to 1000")
        return exact

    def face_dimension(self, value: Fraction) -> int:
        """The dimension of the set of solutions with that least cost.

        A point inside it leaves slack in every constraint that it can: with homogeneous coordinates (u, scale), each slack can be
        brought to 1 if it can be positive at all, so one further program tells the constraints that bind everywhere.
        """
        size = len(self.cost)
        inequalities = np.vstack([self.rows, np.eye(size)])
        least = np.concatenate([self.least, np.zeros(size)])
        slacks = len(least)
        solution = linprog(
            np.concatenate([np.zeros(size + 1), -np.ones(slacks)]),
            A_ub=np.hstack([-inequalities, least[:, None], np.eye(slacks)]),
            b_ub=np.zeros(slacks),
            A_eq=np.concatenate([self.cost, [-float(value)], np.zeros(slacks)])[None, :],
            b_eq=[0.0],
            bounds=[(0, None)] * size + [(1, None)] + [(0, 1)] * slacks,
        )
        if not solution.success:
            raise ArithmeticError(f"no point inside the face: {solution.message}")
        binding = inequalities[solution.x[size + 1 :] < 1e-6]
        return size - int(np.linalg.matrix_rank(binding)) if len(binding) else size


def least_cost(programs: Sequence[Program]) -> Coefficient:
    """λ and m from programs that together cover all scales, some of which may overlap."""
    values = [program.value() for program in programs]
    lam = min(values)
    faces = [program.face_dimension(lam) for program, value in zip(programs, values) if value == lam]
    return Coefficient(lam, 1 + max(faces))


def newton_polyhedron(exponents: Sequence[Sequence[int]], h: Sequence[float] | None = None) -> Coefficient:
    """λ and m of K = Σ over j of (w^α_j)² with a prior like Π |w_i|^(h_i), for ``exponents`` α_j of shape (monomials, parameters).

    The ray along (h_1 + 1, ..., h_d + 1), the diagonal if h = 0, meets the Newton polyhedron of the α_j at distance t: λ = 1/(2t), and m
    is the codimension of the smallest face met. Computed by duality: 1/t is the least (h + 1) · u over weights u >= 0 with
    α_j · u >= 1, and the weights that attain it are the normals of that face. Source: varchenko1976newton, lin2017ideal.
    """
    rows = np.array(exponents, dtype=float)
    prior = np.zeros(rows.shape[1]) if h is None else np.array(h, dtype=float)
    return least_cost([Program(prior + 1, 2 * rows, np.ones(len(rows)))])


def linear_network_by_scales(widths: Sequence[int]) -> Coefficient:
    """λ and m of K = |A_L ... A_1|², Gaussian prior, for layers of ``widths`` H_1, ..., H_(L+1): the deep linear network, rank 0.

    The scales u are those of the singular values of the partial products, greatest singular value (least u) first. A Gaussian
    p × q matrix has its k = min(p, q) singular values at scales u_1 <= ... <= u_k at a cost of Σ u_i (|p-q| + 1 + 2(k-i)). One
    more Gaussian factor with p rows acts as a p × q Gaussian matrix C whose columns are scaled by the old n^(-u_j). Its singular
    values have scales v_i >= u_i at the cost above, less p Σ u_j for the density of the columns; and column j is no longer than
    it may be only where the right singular vectors have entries (i, j) of scale u_j - v_i, which costs (u_j - v_i)_+ for i < j.
    Source: derived, from the joint density of singular values.
    """
    kept = [min(widths[: layer + 2]) for layer in range(len(widths) - 1)]  # singular values of each partial product
    first = np.cumsum([0, *kept])  # where its scales start among the variables; after the last come the (u_j - v_i)_+
    steps = list(enumerate(pairwise(kept)))
    pairs = [(first[t] + j, first[t + 1] + i) for t, (old, new) in steps for i in range(new) for j in range(i + 1, old)]
    greatest_first = [(first[t] + i, first[t] + i - 1) for t, values in enumerate(kept) for i in range(1, values)]
    no_greater_than_before = [(first[t + 1] + i, first[t] + i) for t, (_, new) in steps for i in range(new)]

    size = first[-1] + len(pairs)
    rows = [_difference(size, [one], [other]) for one, other in greatest_first + no_greater_than_before]
    rows += [_difference(size, [first[-1] + index, new], [old]) for index, (old, new) in enumerate(pairs)]
    rows.append(_difference(size, [first[-2]], []))
    least = np.append(np.zeros(len(rows) - 1), 1 / 2)  # |product|² <= 1/n
    cost = np.concatenate([_cost_of_singular_values(widths, kept), np.ones(len(pairs))])
    return least_cost([Program(cost, np.array(rows), least)])


def _cost_of_singular_values(widths: Sequence[int], kept: Sequence[int]) -> Array:
    layers = zip(widths[1:], [widths[0], *kept], kept, [*widths[2:], 0])
    return np.concatenate([[abs(p - q) + 1 + 2 * (k - i) - following for i in range(1, k + 1)] for p, q, k, following in layers])


def _difference(size: int, plus: Sequence[int], minus: Sequence[int]) -> Array:
    row = np.zeros(size)
    row[list(plus)], row[list(minus)] = 1, -1
    return row


Tree = tuple | str


def vandermonde_by_scales(outputs: int, units: int, step: int) -> Coefficient:
    """λ and m of K = Σ over m <= M, n >= 0 of (Σ_h a_mh b_h^(1+Qn))², for M ``outputs``, H ``units`` and Q = ``step``.

    With a Gaussian prior the a_mh integrate out: Z(n) = ∫ det(I + n G(b))^(-M/2) db. By Cauchy-Binet the determinant is of order
    max over sets S of units of n^|S| (Π b_h Π (b_i^Q - b_j^Q))², over h and i < j in S. The scales of the b_h and of their differences are
    those of a rooted binary tree with leaves 0, b_1, ..., b_H: two leaves are n^(-u) apart, where u belongs to the node at
    which they meet, and every node costs its u. One linear program for each shape of tree, each with 2^H constraints:
    under a second for H = 5. Source: derived.
    """
    return least_cost([_tree_program(tree, outputs, units, step) for tree in _rooted_trees(units, marked=True)])


def _rooted_trees(leaves: int, marked: bool) -> Iterator[Tree]:
    """Shapes of rooted binary trees with that many leaves "b", and one leaf "0" if ``marked``; no shape twice."""
    if leaves + marked == 1:
        yield "0" if marked else "b"
    for right in range(1, leaves + marked):
        left = leaves - right
        for one, other in product(_rooted_trees(left, marked), _rooted_trees(right, False)):
            if marked or left > right or (left == right and repr(one) <= repr(other)):
                yield (one, other)


def _tree_program(tree: Tree, outputs: int, units: int, step: int) -> Program:
    parents: list[int | None] = []
    meets: dict[frozenset[int], int] = {}
    _number(tree, None, parents, meets, count(1))
    determinant = len(parents)  # the last variable, log det(I + nG) / log n
    size = determinant + 1
    rows = [_difference(size, [child], [parent]) for child, parent in enumerate(parents) if parent is not None]
    least = [0] * len(rows)
    for chosen in (chosen for many in range(1, units + 1) for chosen in combinations(range(1, units + 1), many)):
        row = _difference(size, [determinant], [])
        for h in chosen:
            row[meets[frozenset((0, h))]] += 2
        for i, j in combinations(chosen, 2):
            row[meets[frozenset((i, j))]] += 2
            row[min(meets[frozenset((0, i))], meets[frozenset((0, j))])] += 2 * (step - 1)  # towards leaf 0 the numbers of nodes grow
        rows.append(row)
        least.append(len(chosen))
    return Program(np.append(np.ones(determinant), outputs / 2), np.array(rows), np.array(least, dtype=float))


def _number(tree: Tree, parent: int | None, parents: list[int | None], meets: dict[frozenset[int], int], names: Iterator[int]) -> list[int]:
    """Numbers nodes from the root down and leaves "b" by ``names``, leaf "0" being 0; returns the leaves below ``tree``.

    Fills in ``parents``, the parent of each node, and ``meets``, the node at which two leaves meet.
    """
    if isinstance(tree, str):
        return [0 if tree == "0" else next(names)]
    node = len(parents)
    parents.append(parent)
    left, right = (_number(part, node, parents, meets, names) for part in tree)
    meets.update({frozenset((one, other)): node for one in left for other in right})
    return left + right


# -- Volumes -------------------------------------------------------------------------------------


def volume_of_normal_crossing(k: Sequence[int], h: Sequence[float], log_eps: float) -> float:
    """log V(ε) for K = Π w_i^(2 k_i) on [0, 1]^d, k_i >= 1, under the probability density Π (h_i + 1) w_i^(h_i); exact.

    -log K is a sum of independent exponential variables with rates (h_i + 1) / (2 k_i), so V(ε) is the tail of a phase-type
    distribution: the first row of exp(T log(1/ε)), summed, where T moves from phase to phase. ``log_eps`` is at most 0.
    """
    rates = np.sort([(exponent + 1) / (2 * order) for exponent, order in zip(h, k)])[::-1]
    least = rates.min()
    moves = np.diag(least - rates) + np.diag(rates[:-1], 1)  # the decay exp(-least log(1/ε)) is taken out, lest it underflow
    return float(least * log_eps + np.log(expm(-moves * log_eps)[0].sum()))


def volume_of_sum_of_powers(k: Sequence[int], log_eps: float) -> float:
    """log of the Lebesgue measure of {Σ |w_i|^(2 k_i) < ε} in R^d, by Dirichlet's integral; exact. For k_i = 1 it is a ball."""
    inverses = [1 / (2 * order) for order in k]
    sizes = np.log([2 * gamma(1 + inverse) for inverse in inverses])
    return float(sum(sizes) - np.log(gamma(1 + sum(inverses))) + sum(inverses) * log_eps)


def volume_of_cusp(p: int, q: int, log_eps: float) -> float:
    """log of the area of {(x^p - y^q)² < ε} in [-1, 1]², by quadrature over log |y|; ``log_eps`` is below 0."""
    delta = np.exp(log_eps / 2)
    turn = -log_eps / (2 * q)  # where |y|^q = √ε

    def between(t: float) -> float:
        """Width of the strip | |x|^p - |y|^q | < √ε at |y| = exp(-t), times the Jacobian."""
        u = delta * np.exp(q * t)
        outer = np.expm1(min(np.log1p(u), q * t) / p)  # x <= 1
        inner = np.expm1(np.log1p(-u) / p) if u < 1 else -1
        return np.exp(-t - q * t / p) * (outer - inner)

    def below(t: float) -> float:
        """The same for |x|^p + |y|^q < √ε."""
        return np.exp(-t) * max(delta - np.exp(-q * t), 0) ** (1 / p)

    strips = [between if (sx if p % 2 else 1) * (sy if q % 2 else 1) > 0 else below for sx in (1, -1) for sy in (1, -1)]
    areas = {strip: _integral(strip, [0, turn, turn + 5, turn + 60]) for strip in set(strips)}
    return float(np.log(sum(areas[strip] for strip in strips)))


def volume_of_lines(lines: int, log_eps: float) -> float:
    """log of the area of {r^(2k) sin²(kθ) < ε} in the unit disc: k ``lines`` at equal angles; quadrature over t = √(-log |sin kθ|)."""
    edge = np.sqrt(-log_eps / 2)  # beyond it the whole radius counts

    def sector(t: float) -> float:
        return min(1.0, np.exp((log_eps + 2 * t * t) / lines)) * 2 * t / np.sqrt(np.expm1(2 * t * t))

    return float(np.log(2 * _integral(sector, [1e-9, 2, edge, edge + 5])))


def _integral(integrand: Callable[[float], float], ends: Sequence[float]) -> float:
    """∫ from the first to the last of ``ends``, in pieces, because its weight may sit in a small part of the range."""
    return sum(quad(integrand, low, high, limit=500, epsrel=1e-10)[0] for low, high in pairwise(ends))


# -- Integrals -----------------------------------------------------------------------------------


def log_partition_function(
    K: Callable[..., Array], parameters: int, log_n: float, h: Sequence[float] | None = None, tolerance: float = 1e-8
) -> float:
    """log ∫ exp(-n K(w)) Π w_i^(h_i) dw over [0, 1]^d, for d = 1 or 2 ``parameters``.

    ``K`` takes d arrays that broadcast. Gauss-Legendre on unit panels of s = -log w, as far as 1.2 log n + 10, which suffices for
    λ <= min (h_i + 1); the number of points doubles until the result stands within ``tolerance``. Raises ``ArithmeticError`` if it does not.
    """
    if parameters not in (1, 2):
        raise ValueError(f"parameters must be 1 or 2, not {parameters}: a grid in more is too slow")
    exponents = [0.0] * parameters if h is None else h
    results = [-np.inf]
    for points in (6, 12, 24, 48):
        s, weights = _panels(int(1.2 * log_n + 10), points)
        axes = np.meshgrid(*[s] * parameters, indexing="ij", sparse=True)
        measure = [np.log(weights).reshape(axis.shape) - (exponent + 1) * axis for axis, exponent in zip(axes, exponents)]
        terms = sum(measure) - np.exp(log_n) * K(*(np.exp(-axis) for axis in axes))
        results.append(float(np.logaddexp.reduce(terms, axis=None)))
        if abs(results[-1] - results[-2]) < tolerance:
            return results[-1]
    raise ArithmeticError(f"the integral at log n = {log_n} changed by {results[-1] - results[-2]:.1e} at the last refinement")


def _panels(count: int, points: int) -> tuple[Array, Array]:
    """Nodes and weights of Gauss-Legendre on [0, 1], [1, 2], ..., [count - 1, count], each of shape (count * points,)."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    return (np.arange(count)[:, None] + (nodes + 1) / 2).ravel(), np.tile(weights / 2, count)


def fit(log_scales: Sequence[float], log_values: Sequence[float]) -> tuple[float, float]:
    """λ and m from log Z at several log n, or from log V at several log(1/ε).

    Least squares for c - λ x + (m-1) log x + e/x at x = log n: the last term takes up lower powers of the logarithm, without
    which m converges slowly. Four values at least, or ``ValueError``.
    """
    if len(log_scales) < 4:
        raise ValueError(f"four values are needed to fit four unknowns, not {len(log_scales)}")
    x = np.array(log_scales, dtype=float)
    columns = np.stack([np.ones_like(x), -x, np.log(x), 1 / x], axis=1)
    _, lam, power, _ = np.linalg.lstsq(columns, np.array(log_values), rcond=None)[0]
    return float(lam), float(power + 1)


# -- Divergences of models -----------------------------------------------------------------------


def divergence_from_mixture(excess: Array, probabilities: Array) -> Array:
    """KL(q || p) where p = q (1 + ``excess``), with q given by ``probabilities``; both of shape (..., outcomes), reduced over the last.

    Sums excess - log(1 + excess) instead of -log(1 + excess), which is the same since the excess has mean 0, but does not cancel.
    """
    series = excess**2 * (1 / 2 - excess / 3 + excess**2 / 4 - excess**3 / 5)
    with np.errstate(divide="ignore"):
        terms = np.where(np.abs(excess) < 1e-3, series, excess - np.log1p(excess))
    return (probabilities * terms).sum(axis=-1)


def normal_mixture_divergence(weights: Array, means: Array) -> Array:
    """KL(N(0, 1) || Σ_k a_k N(b_k, 1)) for ``weights`` a and ``means`` b of shape (..., components), by 30 Gauss-Hermite nodes."""
    x, gauss = np.polynomial.hermite_e.hermegauss(30)
    excess = (weights[..., None] * np.expm1(means[..., None] * x - means[..., None] ** 2 / 2)).sum(axis=-2)
    return divergence_from_mixture(excess, gauss / gauss.sum())


def multinomial_mixture_divergence(weights: Array, dice: Array, true_die: Array, trials: int) -> Array:
    """KL of ``trials`` rolls of one ``true_die``, shape (sides,), from a mixture: ``weights`` (..., dice), ``dice`` (..., dice, sides).

    Sums over all sides^trials ordered outcomes, which have the same divergence as their counts.
    """
    outcomes = np.array(list(product(range(len(true_die)), repeat=trials)))
    ratios = (dice / true_die)[..., outcomes].prod(axis=-1)
    return divergence_from_mixture((weights[..., None] * ratios).sum(axis=-2) - 1, true_die[outcomes].prod(axis=-1))
