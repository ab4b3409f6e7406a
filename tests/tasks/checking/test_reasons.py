"""Every rule by which the reading makes a task has words for the office."""

import ast
import re
from pathlib import Path

from tasks.checking.reasons import REASONS, UNNAMED, reasons_of

ROOT = Path(__file__).parents[3]


def rules_in_the_source() -> set[str]:
    """Names given to `why` and `reasons` anywhere in tasks/intake."""
    found: set[str] = set()
    for path in (ROOT / "tasks" / "intake").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            given: list[ast.expr] = []
            if isinstance(node, ast.keyword) and node.arg == "why":
                given = [node.value]
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names = {leaf.id for target in targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)}
                given = [node.value] if names & {"why", "reasons"} and node.value is not None else []
            elif isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                adds = name == "append" and getattr(node.func.value, "id", "") == "reasons"
                given = node.args if adds or name.strip("_").lower() in ("task", "task_of", "given") else []
            for value in given:
                found |= {
                    leaf.value
                    for leaf in ast.walk(value)
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
                }
    return {name for name in found if re.fullmatch(r"[a-z]+(?:_[a-z]+)*", name) and name != "end"}


def test_every_rule_of_the_reading_has_words():
    rules = rules_in_the_source()
    assert len(rules) >= 10
    assert rules - set(REASONS) == set()


def test_every_rule_that_is_written_down_has_words():
    (listed,) = re.findall(r"which rule made it \(`why`\): (.*?)\.\n", (ROOT / "docs" / "intake.md").read_text(), re.S)
    assert set(re.findall(r"`(\w+)`", listed)) - set(REASONS) == set()


def test_several_rules_are_said_once_each_and_a_new_one_in_general_words():
    assert reasons_of("table_row subject table_row") == [REASONS["table_row"], REASONS["subject"]]
    assert (reasons_of("brand_new"), reasons_of("")) == ([UNNAMED], [])
