"""What is shipped for Prometheus and Grafana asks for figures that a real scrape holds."""

import json
import os
import re
import time
from pathlib import Path

import promql_parser
import pytest
import yaml
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from directive_tracker.watching import state, views
from notifications.models import Pulse
from records.audit import record
from records.models import JobTally
from tests.factories import make_user

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "monitoring"
RULES = yaml.safe_load((FOLDER / "alert-rules.yml").read_text())["groups"][0]["rules"]
DASHBOARD = json.loads((FOLDER / "grafana-dashboard.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
EXPRESSIONS = [(rule["alert"], rule["expr"]) for rule in RULES] + [
    (panel["title"], target["expr"]) for panel in PANELS for target in panel["targets"]
]
# `up` is Prometheus' own; the replica's lag is there only with a replica.
ELSEWHERE = {"up", "tracker_replica_lag_seconds"}
SELECTOR = re.compile(r"\b(tracker_\w+|up)\b(?:\{([^}]*)\})?")


@pytest.fixture
def samples(db, settings, tmp_path, monkeypatch) -> dict[str, set[str]]:
    """Name of each sample of a real scrape → the names of its labels."""
    settings.MEDIA_ROOT = settings.BACKUP_DIR = tmp_path
    (tmp_path / "theodoi-20240415-010000.tar").write_text("x")
    os.utime(tmp_path / "theodoi-20240415-010000.tar", (time.time() - 60,) * 2)
    user = make_user("a")
    Pulse.objects.update_or_create(pk=1, defaults={"last_tick": timezone.now()})
    record("account.signed_in", by=user, at=timezone.now())
    JobTally.objects.create(name="notifications.tick", started=1)
    # The tests' database may have been made without the table of migrations.
    monkeypatch.setattr(state, "pending_rooms", list)
    Client().get("/accounts/login/")
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(views.scrape().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_every_figure_that_is_asked_for_is_there_with_its_labels(samples):
    missing = []
    for name, expression in EXPRESSIONS:
        for metric, chosen in SELECTOR.findall(expression):
            labels = set(re.findall(r"(\w+)\s*=", chosen))
            if metric not in ELSEWHERE and not (metric in samples and labels <= samples[metric]):
                missing.append((name, metric, chosen))
    assert missing == []
    assert len({metric for _, expression in EXPRESSIONS for metric, _ in SELECTOR.findall(expression)}) >= 25


def test_a_figure_that_is_not_there_would_be_seen(samples):
    assert "tracker_tick_age_second" not in samples
    assert samples["tracker_requests_total"] == {"method", "route", "status"}


@pytest.mark.parametrize(("name", "expression"), EXPRESSIONS, ids=[name for name, _ in EXPRESSIONS])
def test_every_expression_is_promql(name, expression):
    promql_parser.parse(expression)


@pytest.mark.parametrize("wrong", ["sum(rate(tracker_requests_total[5m])", "max(tracker_beats) >> 1", "rate(a[5x])"])
def test_what_is_no_promql_is_refused(wrong):
    with pytest.raises(ValueError, match=r"."):
        promql_parser.parse(wrong)


def test_every_alert_says_what_it_is_and_what_to_do():
    names = [rule["alert"] for rule in RULES]
    assert len(names) == len(set(names)) == 22
    for rule in RULES:
        assert rule["labels"]["severity"] in ("info", "warning", "critical")
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["description"]
        assert re.fullmatch(r"\d+[mh]", rule.get("for", "1m"))


def test_the_dashboard_s_panels_have_titles_places_and_no_overlap():
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert panel["title"]
        assert place["x"] + place["w"] <= 24
        assert not cells & taken
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_the_example_for_prometheus_names_the_rules_and_the_token_s_file():
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text())

    (job,) = config["scrape_configs"]
    assert config["rule_files"] == ["alert-rules.yml"]
    assert (job["metrics_path"], job["scheme"], job["authorization"]["type"]) == ("/metrics", "https", "Bearer")
    assert "credentials" not in job["authorization"]
