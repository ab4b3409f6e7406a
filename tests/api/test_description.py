"""The description keeps what was promised (docs/api/openapi.json)."""

import json
from pathlib import Path
from typing import Any

import pytest

from directive_tracker.api.app import api

PROMISED = Path(__file__).parents[2] / "docs" / "api" / "openapi.json"
AGAIN = "manage.py shell -c 'from directive_tracker.api.description import write; write()'"

# --- what was promised ------------------------------------------------------------------------------------------------------


def missing(promised: Any, now: Any, path: str = "") -> list[str]:
    """What was promised and is not there any more, or says something else; what came is no loss.

    Words for people may change. A list of required input may not grow, one of required output not shrink.
    """
    if isinstance(promised, dict):
        if not isinstance(now, dict):
            return [path]
        lost = []
        for name, value in promised.items():
            if name in ("description", "summary", "title", "example", "examples", "version", "tags", "servers"):
                continue
            lost += missing(value, now[name], f"{path}/{name}") if name in now else [f"{path}/{name}"]
        return lost
    if isinstance(promised, list):
        if not isinstance(now, list):
            return [path]
        named = {item["name"]: item for item in now if isinstance(item, dict) and "name" in item}
        lost = []
        for item in promised:
            if isinstance(item, dict) and "name" in item:
                lost += missing(item, named.get(item["name"]), f"{path}/{item['name']}")
            elif item not in now:
                lost.append(f"{path}/{item}")
        return lost
    return [] if promised == now else [path]


def newly_required(promised: dict, now: dict) -> list[str]:
    """Fields and parameters that were not asked for and are required now."""
    found = []
    for name, kind in promised["components"]["schemas"].items():
        if kind.get("additionalProperties") is False:
            asked = set(now["components"]["schemas"].get(name, {}).get("required", ()))
            found += [f"{name}.{field}" for field in sorted(asked - set(kind.get("required", ())))]
    for path, methods in promised["paths"].items():
        for method, operation in methods.items():
            known = {one["name"] for one in operation.get("parameters", ()) if one.get("required")}
            then = now["paths"].get(path, {}).get(method, {}).get("parameters", ())
            found += [
                f"{method} {path} {one['name']}" for one in then if one.get("required") and one["name"] not in known
            ]
    return found


def test_nothing_that_was_promised_is_gone():
    promised, now = json.loads(PROMISED.read_text()), json.loads(json.dumps(api.get_openapi_schema()))

    assert missing(promised, now) == []
    assert newly_required(promised, now) == []


def test_what_came_is_promised_too():
    """After adding something: write the promise anew."""
    assert json.loads(PROMISED.read_text()) == json.loads(json.dumps(api.get_openapi_schema())), AGAIN


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        (lambda now: now["paths"].pop("/api/v1/me"), "/paths//api/v1/me"),
        (lambda now: now["components"]["schemas"]["UnitRef"]["properties"].pop("code"), "UnitRef/properties/code"),
        (lambda now: now["components"]["schemas"]["UnitRef"]["properties"]["code"].update(type="integer"), "code/type"),
        (lambda now: now["paths"]["/api/v1/units"]["get"]["parameters"].pop(), "/parameters/"),
        (lambda now: now["components"]["schemas"]["UnitWord"]["enum"].remove("new"), "UnitWord/enum/new"),
    ],
)
def test_a_loss_is_noticed_and_an_addition_is_none(change, lost):
    promised, now = json.loads(PROMISED.read_text()), json.loads(PROMISED.read_text())
    now["paths"]["/api/v1/them"] = {}
    assert missing(promised, now) == []

    change(now)

    assert [lost in place for place in missing(promised, now)] == [True]
