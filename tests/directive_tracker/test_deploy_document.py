"""docs/deployment.md: what can be told without a machine to follow it on (tests/faults/test_bare_metal.py follows it)."""

import re
import subprocess

import pytest

from tests.deploying import ROOT
from tests.faults.instructions import DOCUMENT, blocks, with_values

TEXT = DOCUMENT.read_text("utf-8")


def test_the_blocks_are_found_in_their_order():
    found = blocks(TEXT)

    assert [block.heading.partition(".")[0] for block in found if not block.name] == [
        *("1", "2", "3", "4", "5", "5", "5", "6", "7", "8", "9", "10", "12")
    ]
    assert [block.name for block in found if block.name] == ["nang-cap", "quay-lai"]
    assert TEXT.count("```bash") == len(found)


def test_every_block_of_commands_is_written_as_a_shell_reads_it():
    for kind, commands in re.findall(r"^```(bash|console)[^\n]*\n(.*?)^```$", TEXT, re.M | re.S):
        done = subprocess.run(["bash", "-n"], input=commands, capture_output=True, text=True, check=False)

        assert (done.returncode, done.stderr) == (0, ""), f"{kind}: {commands}"


def test_every_file_of_the_sources_that_is_named_exists():
    named = set(re.findall(r"(?:\$BAN|current)/(deploy/[\w./*-]+)", TEXT)) | set(
        re.findall(r"`(deploy/[\w./-]+\w)`", TEXT)
    )

    assert len(named) > 8
    assert [name for name in named if "secrets" not in name and not list(ROOT.glob(name))] == []


def test_every_variable_that_is_written_into_the_settings_is_one_the_program_knows():
    (settings,) = re.findall(r"theodoi\.env <<EOF\n(.*?)^EOF$", TEXT, re.M | re.S)
    known = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))

    written = {line.partition("=")[0] for line in settings.splitlines()}

    assert written - known == set()
    assert {"SECRET_KEY", "FIELD_KEY", "ALLOWED_HOSTS", "CELERY_BROKER_URL", "EMAIL_URL", "DATABASE_URL"} <= written


def test_every_command_of_the_program_that_is_named_exists():
    commands = set(re.findall(r"\btheodoi ([a-z_]+)\b(?! -)", TEXT)) - {"theodoi"}
    own = {path.stem for path in ROOT.glob("*/management/commands/*.py")}

    named = {word for word in commands if "_" in word or word in ("backup", "restore", "doctor")}
    assert named <= own


def test_other_values_reach_the_names_and_nothing_else():
    names = "TENMAY=a.example   # tên\nBAN=1\numask 022\n"

    assert with_values(names, {"TENMAY": "b c"}) == "TENMAY='b c'\nBAN=1\numask 022"
    with pytest.raises(KeyError, match="KHAC"):
        with_values(names, {"KHAC": "x"})
