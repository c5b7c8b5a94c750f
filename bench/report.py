"""What was found: printed as tables, written as JSON and as plots."""

import json
import os
import platform
import statistics
import subprocess
from dataclasses import asdict
from pathlib import Path

from . import plot
from .part import Scale, Target
from .rounds import ALLOWED, MISSED, NOISY, REACHED, UNJUDGED, Results

VAR = Path(__file__).parent.parent / "var"

WIDTH = 26


def lines(results: Results) -> str:
    rows = [*_figures(results), *_targets(results)]
    rows += [f"  note: {remark}" for remark in results.trial.remarks]
    rows += [f"  {name} broke a promise: {fault}" for name, fault in results.told()]
    rows += [f"  found afterwards: {fault}" for fault in results.left]
    return "\n".join(rows)


def _figures(results: Results) -> list[str]:
    """Contenders down, figures across; the median over the rounds, with the range."""
    names = results.names()
    figures = list(dict.fromkeys(figure for each in results.rounds for one in each.values() for figure in one.figures))
    cells = {(name, figure): spread(results.values(name, figure)) for name in names for figure in figures}
    widths = {figure: max(len(figure), *(len(cells[name, figure]) for name in names)) for figure in figures}
    rows = [f"  {'':<{WIDTH}}" + "".join(f"  {figure:>{widths[figure]}}" for figure in figures)]
    rows += [f"  {name:<{WIDTH}}" + "".join(f"  {cells[name, figure]:>{widths[figure]}}" for figure in figures) for name in names]
    return rows


def _targets(results: Results) -> list[str]:
    rows = []
    for target in results.trial.targets:
        found = spread(results.measured(target)) or "nothing to compare"
        noise = results.noise(target.figure)
        measured_twice = f", the same measured twice differs by {noise:.2f} ×" if noise != 1 else ""
        rows.append(f"  {results.verdict(target):<12} {target.what}: {found}; {wanted(target)}{measured_twice}")
    return rows


def wanted(target: Target) -> str:
    sign = "≥" if target.more else "≤"
    return f"wanted {sign} {target.aim:g}" + ("" if target.least is None else f", allowed {sign} {target.least:g}")


def spread(values: list[float]) -> str:
    if not values:
        return ""
    median = f"{number(statistics.median(values))}"
    return median if len(values) == 1 else f"{median} ({number(min(values))}–{number(max(values))})"


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def summed_up(found: dict[str, Results], scale: Scale) -> int:
    """1 where a target was missed or a promise broken."""
    verdicts = [(name, target, each.verdict(target)) for name, each in found.items() for target in each.trial.targets]
    broken = [name for name, each in found.items() if each.faults()]
    VAR.mkdir(exist_ok=True)
    kept = VAR / "bench.json"
    kept.write_text(json.dumps({"machine": machine(scale), "parts": _plain(found)}, ensure_ascii=False, indent=1))
    plots = plot.draw(found, VAR)
    count = {what: sum(verdict == what for *_, verdict in verdicts) for what in (REACHED, ALLOWED, MISSED, NOISY, UNJUDGED)}
    print("\n" + ", ".join(f"{number} {what}" for what, number in count.items() if number or what in {REACHED, MISSED}) + ".")
    for name, target, verdict in verdicts:
        if verdict == MISSED:
            print(f"Missed: {name}, {target.what}.")
    if broken:
        print(f"Promises broken in: {', '.join(broken)}.")
    print(f"Figures: {kept}" + "".join(f", {each}" for each in plots))
    return bool(count[MISSED] or broken)


def machine(scale: Scale) -> dict:
    """What the figures are worth no more than."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=VAR.parent, capture_output=True, text=True)  # noqa: S607
    return {
        "processors": os.cpu_count(),
        "load": os.getloadavg(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "commit": commit.stdout.strip(),
        "quick": scale.quick,
    }


def _plain(found: dict[str, Results]) -> dict:
    return {
        name: {
            "rounds": [
                {who: {"figures": one.figures, "faults": one.faults} for who, one in each.items()} for each in results.rounds
            ],
            "targets": [
                {**asdict(target), "ratios": results.measured(target), "noise": results.noise(target.figure)}
                | {"verdict": results.verdict(target)}
                for target in results.trial.targets
            ],
            "remarks": results.trial.remarks,
            "faults": results.faults(),
        }
        for name, results in found.items()
    }
