"""Read a PDF as a draft: a process of its own takes the pages apart, held to a clock and to a size of memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from policy_kb.errors import PolicyError
from policy_kb.importing.blocks import Block
from policy_kb.importing.guard import refuse_long
from policy_kb.importing.pdf_blocks import blocks_of
from policy_kb.importing.pdf_lines import Line

SECONDS = 120
_DRAFT = "PDF: a draft, check the clauses against the document; the Word file it was made from imports better"
_PROBLEMS = {
    "encrypted": "is protected by a password: remove the password and save it again, or import the Word file",
    "scan": "is a scan without text: import the Word file it was printed from, or run text recognition first",
    "pages": "has more pages than any policy: import the pages of one policy at a time",
    "damaged": "is damaged or no PDF at all: open it, save it again as PDF, and import that, or import the Word file",
}


def read(data: bytes, name: str) -> tuple[list[Block], tuple[str, ...]]:
    """The blocks of a PDF, and notes for the person who reviews the draft."""
    answer = _apart(data, name)
    if problem := answer.get("problem"):
        raise PolicyError(f"{name} {_PROBLEMS.get(problem, _PROBLEMS['damaged'])}")
    lines = [Line(**{**line, "cells": tuple(line["cells"])}) for line in answer["lines"]]
    refuse_long("".join(line.text for line in lines), name)
    blank = answer["blank"]
    pages = ", ".join(str(page) for page in blank[:20])
    notes = (_DRAFT, f"no text on page {pages}: a scan or a picture") if blank else (_DRAFT,)
    return blocks_of(lines), notes


def _apart(data: bytes, name: str) -> dict[str, Any]:
    """What `pdf_pages` says of the file; a parser that hangs or eats the memory takes only itself down."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)}
    command = [sys.executable, "-m", "policy_kb.importing.pdf_pages"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, env=environment, check=False)
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise PolicyError(f"{name} takes too long to read: save it again as PDF, or import the Word file") from None
    except (ValueError, OSError):
        raise PolicyError(f"{name} {_PROBLEMS['damaged']}") from None
    return answer if isinstance(answer, dict) else {"problem": "damaged"}
