"""Two plots, as SVG by hand: how latency is spread, and throughput by the number of sockets."""

import math
import statistics
from collections.abc import Iterable
from html import escape
from pathlib import Path

from .rounds import AGAIN, Results

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 80, 190, 40, 60
COLOURS = ("#0b7a75", "#c8553d", "#7d5ba6", "#b8860b", "#44546a", "#2e8b57")

Line = list[tuple[float, float]]


def draw(found: dict[str, Results], folder: Path) -> list[Path]:
    """The plots that there are figures for."""
    drawn = []
    for name, title, lines, axes in (
        (
            "bench-latency.svg",
            "From sending to the other one's tab, 100 messages a second",
            _latency(found),
            ("part of messages", "ms"),
        ),
        ("bench-throughput.svg", "Delivered messages a second", _throughput(found), ("sockets", "messages a second")),
    ):
        if lines:
            path = folder / name
            path.write_text(svg(title, lines, *axes))
            drawn.append(path)
    return drawn


def _latency(found: dict[str, Results]) -> dict[str, Line]:
    results = found.get("latency")
    if not results:
        return {}
    lines = {}
    for name in results.names():
        ordered = sorted(time for each in results.rounds if name in each for time in each[name].times)
        if ordered and not name.endswith(AGAIN):
            # By nines, since what matters is far to the right.
            parts = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999]
            lines[name] = [(1 / (1 - part), ordered[math.ceil(part * len(ordered)) - 1]) for part in parts]
    return lines


def _throughput(found: dict[str, Results]) -> dict[str, Line]:
    """Of the part that goes through the sizes; of the others, where it was not run."""
    lines: dict[str, Line] = {}
    for part, results in found.items():
        if ("growth" in found) != (part == "growth"):
            continue
        for name in results.names():
            for sockets, figure in _sizes(results, name):
                values = results.values(name, figure)
                if values and not name.endswith(AGAIN):
                    lines.setdefault(name, []).append((sockets, statistics.median(values)))
    return {name: sorted(line) for name, line in lines.items()}


def _sizes(results: Results, name: str) -> list[tuple[int, str]]:
    """How many sockets there were for which figure."""
    if results.trial.sockets:
        return [(results.trial.sockets, "messages/s")]
    sized = [figure for figure in results.rounds[0][name].figures if figure.endswith(": messages/s")]
    return [(int(figure.partition(":")[0]), figure) for figure in sized]


def svg(title: str, lines: dict[str, Line], across: str, up: str) -> str:
    """Both axes by powers of ten."""
    xs, ys = _span(x for line in lines.values() for x, _y in line), _span(y for line in lines.values() for _x, y in line)

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            LEFT + (WIDTH - LEFT - RIGHT) * _share(x, xs),
            HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * _share(y, ys),
        )

    body = [f'<text x="{LEFT}" y="24" font-size="15">{escape(title)}</text>']
    for x in _ticks(xs):
        left, bottom = at(x, ys[0])
        label = f"{1 - 1 / x:.4g}" if across.startswith("part") else f"{x:g}"
        body.append(f'<line x1="{left:.1f}" y1="{TOP}" x2="{left:.1f}" y2="{bottom:.1f}" stroke="#ddd"/>')
        body.append(f'<text x="{left:.1f}" y="{bottom + 18:.1f}" text-anchor="middle">{label}</text>')
    for y in _ticks(ys):
        left, top = at(xs[0], y)
        body.append(f'<line x1="{left:.1f}" y1="{top:.1f}" x2="{WIDTH - RIGHT}" y2="{top:.1f}" stroke="#ddd"/>')
        body.append(f'<text x="{left - 8:.1f}" y="{top + 4:.1f}" text-anchor="end">{y:,g}</text>')
    for number, (name, line) in enumerate(lines.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = [at(x, y) for x, y in line]
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        body.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{way}"/>')
        body += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        body.append(f'<text x="{WIDTH - RIGHT + 12}" y="{TOP + 14 + 20 * number}" fill="{colour}">{escape(name)}</text>')
    body.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 16}" text-anchor="middle">{escape(across)}</text>')
    body.append(f'<text x="16" y="{TOP - 8}">{escape(up)}</text>')
    frame = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#222"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame}><rect width="100%" height="100%" fill="#fff"/>{"".join(body)}</svg>\n'
    )


def _span(values: Iterable[float]) -> tuple[float, float]:
    """Whole powers of ten around them."""
    powers = [math.log10(value) for value in values if value > 0] or [0]
    low, high = math.floor(min(powers)), math.ceil(max(powers))
    return 10.0**low, 10.0 ** max(high, low + 1)


def _share(value: float, span: tuple[float, float]) -> float:
    low, high = map(math.log10, span)
    return (math.log10(max(value, span[0])) - low) / (high - low)


def _ticks(span: tuple[float, float]) -> list[float]:
    low, high = (round(math.log10(each)) for each in span)
    return [10.0**power for power in range(low, high + 1)]
