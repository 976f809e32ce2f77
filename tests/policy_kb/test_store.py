from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy_kb.model import Clause, Fact, Option, Policy, Silence, Verdict
from policy_kb.store import SCHEMA, Store
from tests.policy_kb.small import small_policy

texts, verdicts = st.text(), st.sampled_from(Verdict)
lists = st.lists(texts, max_size=3).map(tuple)
clauses = st.builds(
    Clause, texts, texts, texts, verdicts, texts, lists, lists, texts, texts, texts, lists, st.booleans(), lists
)
options = st.lists(st.builds(Option, texts, verdicts, lists, texts, lists), max_size=2).map(tuple)
policies = st.builds(
    Policy,
    *[texts] * 8,
    clauses=st.lists(clauses, max_size=4, unique_by=lambda clause: clause.id).map(tuple),
    facts=st.lists(st.builds(Fact, texts, texts, lists, options), max_size=2).map(tuple),
    silences=st.lists(st.builds(Silence, texts, texts, lists, texts), max_size=2).map(tuple),
)

fresh = count()
OPENING = """
import sys
from pathlib import Path
from policy_kb.store import SCHEMA, Store
store = Store(Path(sys.argv[1]))
print(store.ids(), store.versions("small")[0]["number"])
"""


def test_a_policy_comes_back_as_it_was_put(fresh_store: Store, tmp_path: Path) -> None:
    policy = small_policy(tmp_path)
    number = fresh_store.put(policy, "d1", imported=False)
    assert (number, fresh_store.policy("small"), fresh_store.ids()) == (1, policy, ["small"])


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(policy=policies)
def test_any_text_in_any_field_survives(fresh_store: Store, policy: Policy) -> None:
    number = fresh_store.put(policy, f"digest {next(fresh)}", imported=True)
    assert fresh_store.policy(policy.id, number) == policy


def test_the_same_digest_keeps_the_version(fresh_store: Store, tmp_path: Path) -> None:
    policy = small_policy(tmp_path)
    assert [fresh_store.put(policy, digest, imported=False) for digest in ("a", "a", "b", "b")] == [1, 1, 2, 2]


def test_a_new_version_is_current_and_the_old_one_stays_readable(fresh_store: Store, tmp_path: Path) -> None:
    old = small_policy(tmp_path)
    new = replace(old, version="June 2021", clauses=old.clauses[:1])
    fresh_store.put(old, "a", imported=False)
    fresh_store.put(new, "b", imported=True)
    read = [fresh_store.policy("small", number) for number in (None, 1, 2, 3)]
    versions = [(v["number"], v["version"], v["current"], v["imported"]) for v in fresh_store.versions("small")]
    assert read == [new, old, new, None] and fresh_store.digests() == {"small": "b"}
    assert versions == [(2, "June 2021", 1, 1), (1, "May 2020", 0, 0)]


def test_what_is_not_there_is_none(fresh_store: Store) -> None:
    assert (fresh_store.policy("none"), fresh_store.versions("none"), fresh_store.digests()) == (None, [], {})


def test_samples_come_before_imports_each_in_the_order_of_their_ids(fresh_store: Store, tmp_path: Path) -> None:
    policy = small_policy(tmp_path)
    for policy_id, imported in (("z", False), ("b", True), ("a", True), ("y", False)):
        fresh_store.put(replace(policy, id=policy_id), policy_id, imported)
    assert fresh_store.ids() == ["y", "z", "a", "b"]


def test_the_search_finds_the_current_version_only(fresh_store: Store, tmp_path: Path) -> None:
    old = small_policy(tmp_path)
    changed = replace(old.clauses[2], text="Nobody may use the emblem.")
    fresh_store.put(old, "a", imported=False)
    assert fresh_store.search(["logo"], "small", 9) == ["small/logo.1"]
    fresh_store.put(replace(old, clauses=(*old.clauses[:2], replace(changed, section="Emblem"))), "b", imported=False)
    found = [fresh_store.search([word], "small", 9) for word in ("logo", "emblem", "emblems")]
    assert found == [[], ["small/logo.1"], ["small/logo.1"]]


def test_the_search_stays_within_the_policy_and_the_number_asked_for(fresh_store: Store, tmp_path: Path) -> None:
    policy = small_policy(tmp_path)
    fresh_store.put(policy, "a", imported=False)
    fresh_store.put(replace(policy, id="other"), "a", imported=False)
    assert fresh_store.search(["pupils", "logo"], "small", 9) == ["small/logo.1", "small/1.1", "small/contact.2"]
    assert fresh_store.search(["pupils", "logo"], "small", 1) == ["small/logo.1"]
    assert fresh_store.search([], "small", 9) == []


def test_what_other_schools_wrote_does_not_change_the_order(fresh_store: Store, tmp_path: Path) -> None:
    policy = small_policy(tmp_path)
    fresh_store.put(policy, "a", imported=False)
    alone = fresh_store.search(["pupils", "logo"], "small", 9)
    logo = tuple(replace(policy.clauses[2], id=f"other/{at}") for at in range(200))
    fresh_store.put(replace(policy, id="other", clauses=logo), "a", imported=True)
    assert fresh_store.search(["pupils", "logo"], "small", 9) == alone


def test_the_heads_are_what_a_list_shows_samples_first(fresh_store: Store, tmp_path: Path) -> None:
    policy = small_policy(tmp_path)
    for number in (1, 2):
        fresh_store.put(replace(policy, id="ours", clauses=policy.clauses[:number]), f"{number}", imported=True)
    fresh_store.put(policy, "a", imported=False)
    head = {"title": "Online Policy", "organisation": "Small School", "version": "May 2020", "review_due": "2021-05-31"}
    assert fresh_store.heads() == [
        {"id": "small", **head, "imported": 0, "clauses": 3},
        {"id": "ours", **head, "imported": 1, "clauses": 2},
    ]


def test_a_commit_that_is_turned_away_leaves_nothing_behind(fresh_store: Store, tmp_path: Path) -> None:
    policy = small_policy(tmp_path)
    fresh_store._db.execute("pragma busy_timeout = 0")
    reader = sqlite3.connect(fresh_store.path, isolation_level=None)
    reader.execute("begin")
    reader.execute("select * from policies").fetchall()
    with pytest.raises(sqlite3.OperationalError, match="database is locked"):
        fresh_store.put(policy, "a", imported=False)
    reader.close()
    assert fresh_store.ids() == [] and fresh_store.put(policy, "a", imported=False) == 1


def test_the_stamp_changes_when_this_or_another_store_changes_a_policy(fresh_store: Store, tmp_path: Path) -> None:
    policy = small_policy(tmp_path)
    other = Store(fresh_store.path)
    stamps = [fresh_store.stamp(), fresh_store.stamp()]
    for store, digest in ((fresh_store, "a"), (other, "b"), (fresh_store, "c")):
        store.put(policy, digest, imported=False)
        stamps.append(fresh_store.stamp())
    other.close()
    assert stamps[0] == stamps[1] and len(set(stamps)) == 4


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), max_size=4))
def test_any_words_can_be_searched_for(fresh_store: Store, words: list[str]) -> None:
    assert fresh_store.search(words, "small", 9) == []


def test_an_index_is_found_under_its_own_digest_only(fresh_store: Store) -> None:
    fresh_store.put_index("whgs", "a", b"\x00old")
    fresh_store.put_index("whgs", "b", b"\x00new")
    found = [fresh_store.index(*key) for key in (("whgs", "b"), ("whgs", "a"), ("emlm", "b"))]
    assert found == [b"\x00new", None, None]


def test_feedback_is_counted_by_clause_and_holds_no_text(fresh_store: Store, tmp_path: Path) -> None:
    policy = small_policy(tmp_path)
    for clause, helpful in (("small/1.1", True), ("small/1.1", False), ("small/1.1", True), ("small/logo.1", False)):
        fresh_store.note(policy, clause, helpful)
    columns = set(fresh_store._tables.table("feedback").columns_dict)
    assert fresh_store.feedback("small") == {"small/1.1": (2, 1), "small/logo.1": (0, 1)}
    assert (fresh_store.feedback("other"), columns) == ({}, {"id", "policy", "clause", "helpful", "at"})


def test_two_threads_share_a_store(fresh_store: Store, tmp_path: Path) -> None:
    policy = small_policy(tmp_path)
    ids = [f"{side}{at}" for side in "ab" for at in range(15)]

    def put(side: str) -> None:
        for policy_id in ids:
            if policy_id.startswith(side):
                fresh_store.put(replace(policy, id=policy_id), policy_id, imported=False)

    threads = [Thread(target=put, args=(side,)) for side in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert fresh_store.ids() == sorted(ids)


def test_a_second_process_can_open_it(fresh_store: Store, tmp_path: Path) -> None:
    fresh_store.put(small_policy(tmp_path), "a", imported=False)
    command = [sys.executable, "-c", OPENING, str(tmp_path / "policies.db")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "['small'] 1\n"


def test_a_file_knows_how_many_migrations_it_had(fresh_store: Store) -> None:
    with closing(sqlite3.connect(fresh_store.path)) as db:
        (had,) = db.execute("select count(*) from _sqlite_migrations").fetchone()
        assert db.execute("pragma user_version").fetchone() == (had,) == (SCHEMA,)


def test_a_file_of_an_earlier_release_is_brought_up_to_date(fresh_store: Store) -> None:
    with closing(sqlite3.connect(fresh_store.path)) as db:
        db.execute("pragma user_version = 0")
    again = Store(fresh_store.path)
    assert again.ids() == []
    again.close()
