"""docs/deployment.md as a program: its blocks of commands, in order."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "deployment.md"


@dataclass
class Block:
    """One fenced block: under which heading it stands, what it is called ("" for those of the way down), its commands."""

    heading: str
    name: str
    commands: str


def blocks(text: str) -> list[Block]:
    """The blocks marked `bash`; those marked otherwise are for people."""
    found, heading = [], ""
    for piece in re.finditer(
        r"^## (?P<heading>[^\n]+)$|^```bash ?(?P<name>\S*)\n(?P<commands>.*?)^```$", text, re.M | re.S
    ):
        if piece["heading"]:
            heading = piece["heading"]
        else:
            found.append(Block(heading, piece["name"], piece["commands"]))
    return found


def with_values(names: str, values: dict[str, str]) -> str:
    """The first block with other values: only names that stand there may be given. Raises KeyError for any other."""
    lines, left = [], dict(values)
    for line in names.splitlines():
        name = line.partition("=")[0]
        lines.append(f"{name}={shlex.quote(left.pop(name))}" if name in left else line)
    if left:
        raise KeyError(*left)
    return "\n".join(lines)
