"""What the bench ends with: an exit code, a JSON and plots."""

import json
from xml.etree import ElementTree

from bench import report
from bench.part import Contender, Measured, Scale, Target, Trial
from bench.rounds import run

SPEED = Target("messages", "messages/s", "ours", aim=100, least=50)


def summed_up(monkeypatch, folder, speed, faults=()):
    monkeypatch.setattr(report, "VAR", folder)
    measured = Measured({"messages/s": speed}, list(faults), [1.0, 2.0, 3.0])
    trial = Trial([Contender("ours", lambda: measured, ours=True)], [SPEED], sockets=50)
    found = {name: run(trial, 2, lambda _text: None) for name in ("chat50", "latency")}
    assert "wanted ≥ 100, allowed ≥ 50" in report.lines(found["chat50"])
    return report.summed_up(found, Scale(quick=True))


def test_a_missed_target_is_an_exit_code(monkeypatch, tmp_path):
    assert summed_up(monkeypatch, tmp_path, 120) == 0
    assert summed_up(monkeypatch, tmp_path, 60) == 0
    assert summed_up(monkeypatch, tmp_path, 40) == 1


def test_a_broken_promise_is_one_however_fast(monkeypatch, tmp_path):
    assert summed_up(monkeypatch, tmp_path, 1_000, ["1 × lost"]) == 1


def test_figures_and_plots_are_left_behind(monkeypatch, tmp_path):
    summed_up(monkeypatch, tmp_path, 120)
    kept = json.loads((tmp_path / "bench.json").read_text())
    assert kept["parts"]["chat50"]["targets"][0]["verdict"] == "reached"
    for name in ("bench-latency.svg", "bench-throughput.svg"):
        drawn = ElementTree.fromstring((tmp_path / name).read_text())
        assert len(drawn.findall("{*}polyline")) == 1
