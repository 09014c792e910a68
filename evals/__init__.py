"""Evaluation: benchmarks, sampling, metrics, scores and comparisons. Needs `verifiers` and no torch."""

import verifiers

if getattr(verifiers, "SUITE", None) != "k15-repro":
    raise ImportError(
        f"evals needs the `verifiers` package of k15-repro, but Python found another one at "
        f"{getattr(verifiers, '__file__', None)}; uninstall it or put k15-repro first on the path."
    )
