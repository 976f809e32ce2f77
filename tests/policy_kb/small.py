"""A small policy as a pack, to be changed line by line, and made policies for the store."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from intents.catalogue import catalogue
from policy_kb.knowledge import Knowledge, open_knowledge
from policy_kb.load import Vocabulary, load_pack
from policy_kb.model import Policy

VOCABULARY = Vocabulary(catalogue().intents, catalogue().forms(), catalogue().disclosures())

PACK = """\
id = "small"
title = "Online Policy"
organisation = "Small School"
version = "May 2020"
approved = "2020-05"
review_due = "2021-05-31"
owner = "Head"
ask = "head"

[[clause]]
id = "small/1.1"
section = "Contact"
text = "Staff must not add former pupils."
verdict = "no"
intents = ["former-pupil-contact"]

[[clause]]
id = "small/contact.2"
section = "Contact"
text = "Former pupils over 18 may be added with care."
verdict = "depends"
condition = "Only over 18"
binds = ["staff"]
intents = ["former-pupil-contact"]
form = "contact-exception"
disclosure = "reported-contact"
ask = "DSL"
beside = ["small/1.1"]

[[clause]]
id = "small/logo.1"
section = "Logo"
text = "Anyone may use the logo."
verdict = "yes"
intents = ["school-logo"]

[[fact]]
intent = "former-pupil-contact"
question = "Is the former pupil under 18?"
clauses = ["small/1.1", "small/contact.2"]
[[fact.option]]
label = "Yes"
verdict = "no"
clauses = ["small/1.1"]
signs = ["under 18"]
[[fact.option]]
label = "No"
verdict = "depends"
clauses = ["small/contact.2"]
condition = "With care"

[[silence]]
intent = "wikipedia"
text = "The policy does not mention Wikipedia."
nearest = ["small/logo.1"]
ask = "SLT"
"""


def line_of(text: str, pack: str = PACK) -> int:
    """The number of the first line that holds the text, from 1."""
    return next(number for number, line in enumerate(pack.splitlines(), start=1) if text in line)


def write(folder: Path, pack: str = PACK) -> Path:
    """The pack as a file."""
    path = folder / "small.toml"
    path.write_text(pack, encoding="utf-8")
    return path


def open_small(folder: Path, pack: str = PACK) -> Knowledge:
    """An installation that has this one policy."""
    packs = folder / "packs"
    packs.mkdir()
    write(packs, pack)
    opened = open_knowledge(folder / "var", packs=packs)
    lend_shared_indexes(folder / "var")
    return opened


def lend_shared_indexes(folder: Path) -> None:
    """Copy the indexes that all policies share from those built before the tests, where they were."""
    if built := os.environ.get("BUILT"):
        with closing(sqlite3.connect(folder / "policies.db")) as db:
            db.execute("attach ? as built", [str(Path(built) / "policies.db")])
            db.execute("insert or replace into indexes select * from built.indexes where name like ':%'")
            db.commit()


def small_policy(folder: Path, pack: str = PACK) -> Policy:
    """The pack as a policy."""
    return load_pack(write(folder, pack), VOCABULARY)
