from __future__ import annotations

from pathlib import Path

import pytest

from policy_kb.errors import PackError
from policy_kb.load import load_pack
from policy_kb.model import Clause, Fact, Option, Policy, Silence, Verdict
from tests.policy_kb.small import PACK, VOCABULARY, small_policy, write

REFUSED = [
    ('id = "small/contact.2"', 'id = "small/1.1"', 18, "small/1.1 stands twice"),
    ('id = "small/contact.2"', 'id = "other/1"', 18, "clause id must start with small/"),
    ('id = "small/contact.2"\n', "", 17, "clause id must start with small/"),
    ('beside = ["small/1.1"]', 'beside = ["small/9"]', 28, "small/9 is no clause of this pack"),
    ('intents = ["school-logo"]', 'intents = ["logos"]', 35, "small/logo.1 has an unknown intents: logos"),
    ('verdict = "yes"', 'verdict = "maybe"', 34, "small/logo.1 has an unknown verdict: maybe"),
    ('"contact-exception"', '"nope"', 25, "small/contact.2 has an unknown form: nope"),
    ('"contact-exception"', '"child-concern"', 25, "small/contact.2 has an unknown form: child-concern"),
    ('"reported-contact"', '"logo"', 26, "small/contact.2 has an unknown disclosure: logo"),
    ('ask = "DSL"', 'ask = "Mrs Smith"', 27, "small/contact.2 has an unknown ask: Mrs Smith"),
    ('binds = ["staff"]', 'binds = ["cats"]', 23, "small/contact.2 has an unknown binds: cats"),
    ('binds = ["staff"]', 'binds = "staff"', 23, "small/contact.2 must have a list as its binds"),
    ('text = "Anyone may use the logo."', "text = 5", 33, "small/logo.1 must have text in quotes as its text"),
    ('text = "Anyone may use the logo."\n', "", 30, "small/logo.1 has no text"),
    ('text = "Anyone may use the logo."', 'text = ""', 33, "small/logo.1 has no text"),
    ('section = "Logo"\n', "", 30, "small/logo.1 has no section"),
    ('verdict = "yes"\n', "", 30, "small/logo.1 has no verdict"),
    ('section = "Logo"', 'colour = "red"\nsection = "Logo"', 32, "small/logo.1 has an unknown entry colour"),
    ("add former pupils.", "add pupils unless related.", 14, "small/1.1 says 'unless' but has no condition"),
    ("may use the logo", "may, Only With care, use it", 34, "small/logo.1 says 'Only With' but has no condition"),
    ("former pupils.", "pupils without approval.", 14, "small/1.1 says 'without approval' but has no condition"),
    ('condition = "Only over 18"\n', "", 21, "small/contact.2 says depends but not on what: add a condition"),
    ('verdict = "yes"', 'verdict = "approval"', 34, "small/logo.1 needs approval: say whom to ask"),
    ('intent = "wikipedia"', 'intent = "wiki"', 53, "unknown intent: wiki"),
    ('intent = "wikipedia"\n', "", 52, "unknown intent: None"),
    ('nearest = ["small/logo.1"]', 'nearest = ["small/2"]', 55, "small/2 is no clause of this pack"),
    ('nearest = ["small/logo.1"]\n', "", 52, "the silence on wikipedia has no nearest"),
    ('ask = "SLT"', 'ask = "Bob"', 56, "the silence on wikipedia has an unknown ask: Bob"),
    ('intent = "former-pupil-contact"\nq', 'intent = "x"\nq', 38, "unknown intent: x"),
    ('clauses = ["small/1.1", "small/contact.2"]', 'clauses = ["small/3"]', 40, "small/3 is no clause of this pack"),
    ('clauses = ["small/contact.2"]', 'clauses = ["small/4"]', 37, "small/4 is no clause of this pack"),
    ('question = "Is', 'ask = "Is', 39, "the fact on former-pupil-contact has an unknown entry ask"),
    ('label = "Yes"\n', "", 37, "an option on former-pupil-contact has no label"),
    ('label = "Yes"\nverdict = "no"', 'label = "Yes"\nverdict = "nay"', 37, "unknown verdict of an option: nay"),
    ('owner = "Head"\n', "", 1, 'the policy has no owner (write owner = "..." at the top)'),
    ('id = "small"\n', "", 1, 'the policy has no id (write id = "..." at the top)'),
    ('"May 2020"', "2020", 1, 'the policy has no version (write version = "..." at the top)'),
    ('"2020-05"', '"May 2020"', 5, "approved must be YYYY-MM or YYYY-MM-DD, or empty"),
    ('"2021-05-31"', '"2021-13"', 6, "review_due must be YYYY-MM or YYYY-MM-DD, or empty"),
    ('ask = "head"', 'ask = "Mrs Smith"', 8, "the policy has an unknown ask: Mrs Smith"),
    ("[[silence]]", "[[silences]]", 52, "the policy has an unknown entry silences"),
    ("[[silence]]", "[[silence]", 52, "not valid TOML: Expected ']]' at the end of an array declaration"),
]


@pytest.mark.parametrize(("old", "new", "line", "problem"), REFUSED)
def test_a_pack_that_does_not_hold_together_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, problem: str
) -> None:
    assert old in PACK
    with pytest.raises(PackError) as refused:
        load_pack(write(tmp_path, PACK.replace(old, new, 1)), VOCABULARY)
    said, _, place = str(refused.value).partition(" (at line")
    assert said == f"small.toml:{line}: {problem}" and place in ("", f" {line}, column 10)")


def test_a_whole_pack_is_read_as_it_is_written(tmp_path: Path) -> None:
    contact = ("former-pupil-contact",)
    assert small_policy(tmp_path) == Policy(
        id="small",
        title="Online Policy",
        organisation="Small School",
        version="May 2020",
        approved="2020-05",
        review_due="2021-05-31",
        owner="Head",
        ask="head",
        clauses=(
            Clause("small/1.1", "Contact", "Staff must not add former pupils.", Verdict.NO, intents=contact),
            Clause(
                "small/contact.2", "Contact", "Former pupils over 18 may be added with care.", Verdict.DEPENDS,
                "Only over 18", ("staff",), contact, "contact-exception", "reported-contact", "DSL", ("small/1.1",),
            ),
            Clause("small/logo.1", "Logo", "Anyone may use the logo.", Verdict.YES, intents=("school-logo",)),
        ),
        facts=(
            Fact(
                "former-pupil-contact", "Is the former pupil under 18?", ("small/1.1", "small/contact.2"),
                (
                    Option("Yes", Verdict.NO, ("small/1.1",), signs=("under 18",)),
                    Option("No", Verdict.DEPENDS, ("small/contact.2",), "With care"),
                ),
            ),
        ),
        silences=(Silence("wikipedia", "The policy does not mention Wikipedia.", ("small/logo.1",), "SLT"),),
    )  # fmt: skip


def test_an_empty_pack_has_no_clauses(tmp_path: Path) -> None:
    policy = small_policy(tmp_path, PACK.partition("[[clause]]")[0])
    assert (policy.clauses, policy.facts, policy.silences) == ((), (), ())
