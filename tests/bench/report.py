"""What tools/bench prints: medians and ratios, the machine's limits, training, scaling."""
import statistics

import roofline
import scaling_figure

COMPONENTS = "components/26/384^3/blobs_5%"
FILLED = "components_filled/26/384^3/blobs_5%"
FOREST = "predictor/dimensions:{}/labels:{}"
TRAIN = "train/dimensions:3/labels:50000/threads:{}"
DETECT = "detect/labels:{}"
# What the table says of each benchmark, in its order.
ROWS = {
    "features/3d/default": "features, 3D, 29 channels",
    "features/2d/default": "features, 2D, 23 channels",
    **{FOREST.format(d, n): f"forest from {n:,} labels, {d}D" for d in (3, 2) for n in (5000, 50000)},
    COMPONENTS: "components, 26-conn., 384³, 5 % blobs",
    FILLED: "the same, up to an array of numbers",
    **{DETECT.format(n): f"predict + segment, 3D, forest of {n:,}" for n in (5000, 50000)},
}
# What others are measured under: they hand out an array only.
AMONG_OTHERS = {FILLED: COMPONENTS}
OTHERS = ("VIGRA", "scikit-learn", "SciPy", "cc3d", "best parts")


def figure(value):
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 99.5 else f"{value:.1f}" if value >= 9.95 else f"{value:.3g}"


def print_table(head, rows):
    widths = [max(len(row[c]) for row in (head, *rows)) for c in range(len(head))]
    for row in (head, ["-" * w for w in widths], *rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:]))]
        print("| " + " | ".join(cells) + " |")


def limits(bench):
    """Mvox/s that the machine would allow, by benchmark."""
    measured = {"GFMA/s": "multiply_adds", "Gcompare/s": "comparisons", "GB/s": "triad"}
    machine = {counter: bench.median("machine", name) for counter, name in measured.items()}
    found = {f"features/{d}d/default": min(roofline.features_limit(machine, d)) for d in (3, 2)}
    for d in (3, 2):
        for labels in (5000, 50000):
            name = FOREST.format(d, labels)
            if "depth" in bench.counters.get(name, {}):
                found[name] = roofline.forest_limit(machine, bench.counters[name]["depth"])
    return machine, found


def print_report(bench, facts, picture):
    """picture: where the scaling is drawn, if it was measured."""
    print(f"\n{facts['cpu']}, one core; {facts['data']}; cleft {facts['commit']}; {facts['date']}")
    if facts["load_at_start"] >= 1:
        print(f"Other programs were running (load {facts['load_at_start']:.1f}): trust ratios rather than figures.")
    print()
    programs = [p for p in OTHERS if any(b in bench.figures.get(p, {}) for b in ROWS)]
    machine, most = limits(bench)
    rows = []
    for benchmark, name in ROWS.items():
        own, theirs = bench.median("cleft", benchmark), AMONG_OTHERS.get(benchmark, benchmark)
        if own:
            compared = (bench.median("VIGRA", theirs), bench.best_other(theirs))
            ratios = [f"{figure(own / other)}×" if other else "–" for other in compared]
            others = [figure(bench.median(p, theirs)) for p in programs]
            rows.append([name, figure(own), *others, *ratios, figure(most.get(benchmark))])
    if rows:
        print(f"Mvox/s of processor time, medians of {bench.repetitions}; how many times as fast cleft is:\n")
        print_table(["", "cleft", *programs, "to VIGRA", "to the fastest other", "roofline"], rows)
    if "best parts" in programs:
        print("\nBest parts: features, forest and two labellings, each by the fastest of the others; the rest is free.")
    print_roofline(bench, machine)
    print_targets(bench)
    print_training(bench)
    print_scaling(bench, picture)
    if bench.missing:
        print(f"\nNot here, so not compared with: {', '.join(sorted(bench.missing))} (tools/setup bench).")


def print_roofline(bench, machine):
    print(
        f"\nRoofline: one core of this machine does {figure(2 * machine['GFMA/s'])} GFLOP/s as multiply-adds,"
        f" {figure(machine['Gcompare/s'])} G 16-bit comparisons/s and {figure(machine['GB/s'])} GB/s (triad)."
    )
    if bench.median("cleft", "features/3d/default"):
        print(f"  features: {roofline.stated('features')}.")
    depths = [f"{figure(c['depth'])} ({ROWS[n]})" for n, c in bench.counters.items() if "depth" in c and n in ROWS]
    if depths:
        print(f"  forest: {roofline.stated('forest')}; mean depth: {', '.join(depths)}.")


def print_targets(bench):
    """Features and the forest with the kernels of each SIMD target that the machine has, for clusters that have less."""
    targets = {}
    for name, values in bench.figures.get("cleft", {}).items():
        part, on, rest = name.partition("_on_")
        if on:
            target, case = rest.split("/", 1)
            targets.setdefault(target, {})[f"{part}/{case}"] = statistics.median(values)
    if targets:
        cases = [c for c in ROWS if any(c in found for found in targets.values())]
        print("\nBy SIMD target, Mvox/s\n")
        rows = [[target, *(figure(found.get(case)) for case in cases)] for target, found in targets.items()]
        print_table(["target", *(ROWS[case] for case in cases)], rows)


def print_training(bench):
    programs = [p for p in ("cleft", *OTHERS) if bench.median(p, TRAIN.format(1))]
    if programs:
        print("\nTraining: 50,000 labels, 29 channels, 100 trees; seconds\n")
        rows = [[str(t), *(figure(bench.median(p, TRAIN.format(t))) for p in programs)] for t in (1, 2)]
        print_table(["threads", *programs], rows)


def print_scaling(bench, picture):
    if not bench.scaling:
        return
    points = [(s["ranks"], s["threads"], statistics.median(s["seconds"])) for s in bench.scaling]
    print("\nScaling: cleft detect (forest of 5,000 labels), predict + segment\n")
    rows = [[str(r), str(t), figure(s), figure(points[0][2] / s)] for r, t, s in points]
    print_table(["ranks", "threads per rank", "seconds", "times as fast"], rows)
    scaling_figure.draw(picture, points, "cleft detect: ranks × threads")
    print(f"\n(drawn in {picture})")
