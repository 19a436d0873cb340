"""Draws how much faster detect is on more cores, as SVG: needs nothing but the standard library."""

WIDTH, HEIGHT, MARGIN = 480, 360, 56
# Told apart with any colour vision (Okabe and Ito 2008).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")


def text(x, y, words, anchor="middle"):
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{words}</text>'


def line(points, colour, more=""):
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2" {more}/>'


def draw(path, points, caption):
    """points: (ranks, threads, seconds). The time of one rank with one thread is the unit."""
    alone = next(s for ranks, threads, s in points if ranks == threads == 1)
    most = max(2, max(ranks * threads for ranks, threads, _ in points))
    across, up = (WIDTH - 2 * MARGIN) / (most - 1), (HEIGHT - 2 * MARGIN) / (most - 1)

    def place(cores, speedup):
        return MARGIN + (cores - 1) * across, HEIGHT - MARGIN - (speedup - 1) * up

    left, bottom = place(1, 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
        'font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="white"/>',
        text(WIDTH / 2, 24, caption),
        text(WIDTH / 2, HEIGHT - 12, "ranks × threads per rank"),
        f'<g transform="translate(16 {HEIGHT / 2}) rotate(-90)">{text(0, 0, "times as fast as on one core")}</g>',
        line([place(1, most), (left, bottom), place(most, 1)], "black"),
        line([place(1, 1), place(most, most)], "#999999", 'stroke-dasharray="4 4"'),
    ]
    for cores in sorted({ranks * threads for ranks, threads, _ in points}):
        parts.append(text(place(cores, 1)[0], bottom + 18, cores))
        parts.append(text(left - 8, place(1, cores)[1] + 4, cores, "end"))
    for n, threads in enumerate(sorted({threads for _, threads, _ in points})):
        colour = COLOURS[n % len(COLOURS)]
        places = [place(ranks * t, alone / s) for ranks, t, s in sorted(points) if t == threads]
        parts.append(line(places, colour))
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places]
        label = f"{threads} thread{'s' if threads > 1 else ''} per rank"
        parts.append(f'<g fill="{colour}">{text(left + 12, MARGIN + 18 * n, label, "start")}</g>')
    path.write_text("\n".join(parts) + "\n</svg>\n")
