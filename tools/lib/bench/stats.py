# SPDX-License-Identifier: GPL-3.0-or-later
"""The answers of tools/stats_cost.c by numpy and scipy, as a page of Python would compute them: special
functions and brentq, integrals by one vectorised Gauss-Legendre rule. Reads the metrics, a line of JSON
each, and prints the processor time that one metric of each kind took and how far the answers lie apart."""
import json
import math
import sys
import time

import numpy as np
from scipy.optimize import brentq
from scipy.special import betainc, betaln, ndtr, ndtri, stdtr, stdtrit

Z = -ndtri(0.025)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(160)


def score_diff(a, b, d):
    (x1, n1), (x2, n2) = a, b
    n, x = n1 + n2, x1 + x2
    l2, l1, l0 = (n2 + 2 * n1) * d - n - x, (n1 * d - n - 2 * x1) * d + x, x1 * d * (1 - d)
    q = l2**3 / (3 * n) ** 3 - l1 * l2 / (6 * n * n) + l0 / (2 * n)
    p = math.copysign(math.sqrt(max(0, l2 * l2 / (9 * n * n) - l1 / (3 * n))), q)
    angle = (math.pi + math.acos(max(-1, min(1, q / p**3)))) / 3
    p1 = 2 * p * math.cos(angle) - l2 / (3 * n)
    p2 = p1 + d
    return (x2 / n2 - x1 / n1 - d) / math.sqrt((p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * n / (n - 1))


def score_ratio(a, b, t):
    (x1, n1), (x2, n2) = a, b
    n = n1 + n2
    half, c = n1 + x2 + t * (n2 + x1), x1 + x2
    p1 = 2 * c / (half + math.sqrt(half * half - 4 * n * t * c))
    p2 = t * p1
    return (x2 / n2 - t * x1 / n1) / math.sqrt((p2 * (1 - p2) / n2 + t * t * p1 * (1 - p1) / n1) * n / (n - 1))


def test_rates(a, b):
    d, r = b[0] / b[1] - a[0] / a[1], b[0] / b[1] / (a[0] / a[1])
    diff = [brentq(lambda v, s=s: score_diff(a, b, v) - s * Z, lo, hi, xtol=1e-14)
            for s, lo, hi in ((1, max(-0.9, d - 0.5), d), (-1, d, min(0.9, d + 0.5)))]
    ratio = [math.exp(brentq(lambda v, s=s: score_ratio(a, b, math.exp(v)) - s * Z, lo, hi)) - 1
             for s, lo, hi in ((1, math.log(r) - 3, math.log(r)), (-1, math.log(r), math.log(r) + 3))]
    return {"p": 2 * ndtr(-abs(score_diff(a, b, 0))), "interval": diff, "uplift_interval": ratio}


def fieller(m1, v1, m2, v2, c):
    a, b, k = m1 * m1 - c * c * v1, m1 * m2, m2 * m2 - c * c * v2
    root = math.sqrt(b * b - a * k)
    return [(b - root) / a - 1, (b + root) / a - 1]


def test_estimates(one, two):
    (m1, v1, n1), (m2, v2, n2) = one, two
    se, df = math.sqrt(v1 + v2), (v1 + v2) ** 2 / (v1 * v1 / (n1 - 1) + v2 * v2 / (n2 - 1))
    c = -stdtrit(df, 0.025)
    return {"p": 2 * stdtr(df, -abs(m2 - m1) / se), "interval": [m2 - m1 - c * se, m2 - m1 + c * se],
            "uplift_interval": fieller(m1, v1, m2, v2, c)}


def always_valid(one, two):
    (m1, v1, n1), (m2, v2, n2) = one, two
    log = -2 * math.log(0.05)
    v, d = v1 + v2, m2 - m1
    t = (log + math.log(1 + log)) / 20000 * v * (n1 + n2)
    p = min(1, math.exp(-(math.log(v / (v + t)) / 2 + t * d * d / (2 * v * (v + t)))))
    half = math.sqrt(v * (v + t) / t * (math.log((v + t) / v) + log))
    return {"always_valid_p": p, "always_valid_uplift": fieller(m1, v1, m2, v2, half / math.sqrt(v))}


def nodes(a, b):
    m = a / (a + b)
    sd = math.sqrt(m * (1 - m) / (a + b + 1))
    lo, hi = max(0, m - 9 * sd), min(1, m + 9 * sd)
    x = lo + (hi - lo) * (NODES + 1) / 2
    return x, WEIGHTS * (hi - lo) / 2 * np.exp((a - 1) * np.log(x) + (b - 1) * np.log1p(-x) - betaln(a, b))


def posterior_rates(a, b):
    a1, b1, a2, b2 = a[0] + 0.5, a[1] - a[0] + 0.5, b[0] + 0.5, b[1] - b[0] + 0.5
    m1, m2 = a1 / (a1 + b1), a2 / (a2 + b2)
    sd = math.sqrt(m1 * (1 - m1) / (a1 + b1 + 1) + m2 * (1 - m2) / (a2 + b2 + 1))
    x, mass = nodes(a1, b1)

    def below(y):
        return mass @ betainc(a2, b2, np.clip(y, 0, 1))

    # E[(p1 - p2)+] = int f1(x) (x F2(x; a, b) - m2 F2(x; a + 1, b))
    loss = mass @ (x * betainc(a2, b2, x) - m2 * betainc(a2 + 1, b2, x))
    spread, log, d = 8 * sd, 8 * sd / min(m1, m2), m2 - m1
    diff = [brentq(lambda v, q=q: below(x + v) - q, d - spread, d + spread, xtol=1e-14) for q in (0.025, 0.975)]
    ratio = [math.expm1(brentq(lambda v, q=q: below(x * math.exp(v)) - q, math.log(m2 / m1) - log,
                               math.log(m2 / m1) + log)) for q in (0.025, 0.975)]
    return {"chance_to_win": 1 - below(x), "expected_loss": loss, "credible_interval": diff, "credible_uplift": ratio}


def posterior_estimates(one, two):
    (m1, v1, _), (m2, v2, _) = one, two
    d, sd = m2 - m1, math.sqrt(v1 + v2)
    r = d / sd
    return {"chance_to_win": ndtr(r), "expected_loss": sd * (math.exp(-r * r / 2) / math.sqrt(2 * math.pi) - r * ndtr(-r)),
            "credible_interval": [d - Z * sd, d + Z * sd], "credible_uplift": fieller(m1, v1, m2, v2, Z)}


def best_rate(rates):
    shapes = [(x + 0.5, n - x + 0.5) for x, n in rates]
    parts = []
    for i, shape in enumerate(shapes):
        x, mass = nodes(*shape)
        for j, other in enumerate(shapes):
            mass = mass if i == j else mass * betainc(*other, x)
        parts.append(mass.sum())
    return parts[1]


def best_estimate(estimates):
    parts = []
    for i, (m, v, _) in enumerate(estimates):
        z = 9 * NODES
        mass = 9 * WEIGHTS * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        for j, (mean, variance, _) in enumerate(estimates):
            mass = mass if i == j else mass * ndtr((m + z * math.sqrt(v) - mean) / math.sqrt(variance))
        parts.append(mass.sum())
    return parts[1]


def estimate(kind, arm):
    n, x, y = arm["n"], arm["x"] / 100, arm["y"]
    if kind == "conversion":
        p = arm["converted"] / n
        return p, p * (1 - p) / n, n
    s_xx = (arm["xx"] / 1e4 - x * x / n) / (n - 1)
    if kind == "mean":
        return x / n, s_xx / n, n
    s_yy, s_xy = (arm["yy"] - y * y / n) / (n - 1), (arm["xy"] / 100 - x * y / n) / (n - 1)
    r = x / y
    return r, (s_xx - 2 * r * s_xy + r * r * s_yy) / (n * (y / n) ** 2), n


def answer(metric, times):
    kind, arms = metric["kind"], metric["arms"]
    begun = time.process_time()
    estimates = [estimate(kind, arm) for arm in arms]
    rates = [(arm["converted"], arm["n"]) for arm in arms]
    is_rate, answers = kind == "conversion", []
    for i in (1, 2):
        answers.append(test_rates(rates[0], rates[i]) if is_rate else test_estimates(estimates[0], estimates[i]))
        answers[-1] |= always_valid(estimates[0], estimates[i])
    tested = time.process_time()
    for i in (1, 2):
        answers[i - 1] |= posterior_rates(rates[0], rates[i]) if is_rate else posterior_estimates(estimates[0], estimates[i])
    best = best_rate(rates) if is_rate else best_estimate(estimates)
    times.setdefault(kind, []).append((tested - begun, time.process_time() - tested))
    return answers[0] | {"chance_to_be_best": best}


def apart(ours, theirs, key):
    pairs = zip(ours[key], theirs[key]) if isinstance(ours[key], list) else [(ours[key], theirs[key])]
    return max(abs(a - b) / max(abs(a), abs(b), 1e-9) for a, b in pairs)


metrics, times, far = [json.loads(line) for line in sys.stdin], {}, 0
for metric in metrics:
    theirs = answer(metric, times)
    far = max(far, max(apart(metric, theirs, key) for key in metric if key not in ("kind", "arms")))
print(json.dumps({"largest_deviation": float(far)} | {
    kind: {"tests_us": 1e6 * sum(t for t, _ in list) / len(list), "posteriors_us": 1e6 * sum(t for _, t in list) / len(list)}
    for kind, list in times.items()}))
