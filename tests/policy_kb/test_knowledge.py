from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from sqlite3 import ProgrammingError
from threading import Event, Thread

import pytest

from policy_kb.errors import PackError, PolicyError
from policy_kb.index import SILENT, digest
from policy_kb.knowledge import LOADED, Knowledge, Recent, Tell, open_knowledge
from policy_kb.store import Store
from tests.policy_kb.small import PACK, write

OPENING = """
import sys
from pathlib import Path
from policy_kb.knowledge import open_knowledge
print(sorted(open_knowledge(Path(sys.argv[1])).policies))
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    folder = tmp_path / "packs"
    folder.mkdir()
    write(folder)
    return folder


Open = Callable[..., Knowledge]


@pytest.fixture
def open_again(tmp_path: Path, packs: Path, knowledge: Knowledge) -> Iterator[Open]:
    """Open the same small installation once more, as another process would; its shared indexes are there already."""
    opened: list[Knowledge] = []

    def open_again(tell: Tell = print) -> Knowledge:
        opened.append(open_knowledge(tmp_path / "var", tell, packs))
        opened[-1].topics, opened[-1].router = knowledge.topics, knowledge.router
        return opened[-1]

    yield open_again
    for one in opened:
        one.close()


def test_the_policies_stand_in_the_order_of_their_ids(knowledge: Knowledge) -> None:
    assert list(knowledge.policies) == ["emlm", "inspire", "milford", "rmet", "whgs"]


def test_an_unknown_policy_is_named_with_those_there_are(knowledge: Knowledge) -> None:
    with pytest.raises(PolicyError) as refused:
        knowledge.policy("eton")
    assert str(refused.value) == "There is no policy called eton. There is: emlm, inspire, milford, rmet, whgs."


def test_every_clause_and_every_silence_of_a_policy_has_a_score(knowledge: Knowledge) -> None:
    policy = knowledge.policy("inspire")
    labels = {clause.id for clause in policy.clauses} | {SILENT + silence.intent for silence in policy.silences}
    assert set(knowledge.index("inspire").labels) == labels


def test_an_index_is_fitted_once_and_then_read_from_the_store(tmp_path: Path, packs: Path) -> None:
    said: list[str] = []
    first = open_knowledge(tmp_path / "var", said.append, packs)
    small = first.index("small").linear
    assert said == ["Building the index small (once).", "Building the index intents (once)."]
    second = open_knowledge(tmp_path / "var", said.append, packs)
    assert second.index("small").linear.dump() == small.dump() and len(said) == 2


def test_the_second_opening_of_all_policies_fits_nothing(knowledge: Knowledge) -> None:
    knowledge.build()
    said: list[str] = []
    again = Knowledge(knowledge.store, knowledge.shared, said.append)
    assert (again.build(), said) == (8, [])


def test_opening_fits_nothing_until_something_is_asked(tmp_path: Path, packs: Path) -> None:
    said: list[str] = []
    open_knowledge(tmp_path / "var", said.append, packs)
    assert said == []


def test_a_changed_pack_is_a_new_version_with_an_index_of_its_own(tmp_path: Path, packs: Path) -> None:
    said: list[str] = []
    open_knowledge(tmp_path / "var", said.append, packs).index("small")
    write(packs, PACK.replace("Anyone may use the logo.", "Everybody may use the badge."))
    changed = open_knowledge(tmp_path / "var", said.append, packs)
    changed.index("small")
    assert changed.policy("small").clauses[2].text == "Everybody may use the badge."
    assert [version["number"] for version in changed.store.versions("small")] == [2, 1]
    assert said.count("Building the index small (once).") == 2 and len(said) == 3


def test_an_unchanged_pack_stays_at_its_version(tmp_path: Path, packs: Path) -> None:
    for _ in range(2):
        opened = open_knowledge(tmp_path / "var", packs=packs)
    assert [version["number"] for version in opened.store.versions("small")] == [1]


def test_of_a_broken_pack_nothing_is_stored(tmp_path: Path, packs: Path) -> None:
    open_knowledge(tmp_path / "var", packs=packs)
    write(packs, PACK.replace('verdict = "yes"', 'verdict = "maybe"'))
    with pytest.raises(PackError, match=r"^small\.toml:34: small/logo\.1 has an unknown verdict: maybe$"):
        open_knowledge(tmp_path / "var", packs=packs)
    write(packs)
    opened = open_knowledge(tmp_path / "var", packs=packs)
    assert [version["number"] for version in opened.store.versions("small")] == [1]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_a_refused_pack_leaves_no_file_open(tmp_path: Path, packs: Path) -> None:
    write(packs, PACK.replace('verdict = "yes"', 'verdict = "maybe"'))
    with pytest.raises(PackError):
        open_knowledge(tmp_path / "var", packs=packs)
    linked = [os.path.realpath(link) for link in Path("/proc/self/fd").iterdir()]
    assert str(tmp_path / "var" / "policies.db") not in linked


def test_a_digest_names_the_phrasings_their_labels_and_their_order(knowledge: Knowledge) -> None:
    examples = knowledge.shared.phrasings[:2]
    assert digest(examples) == digest(list(examples)) != digest(examples[::-1])


def test_processes_that_open_a_new_folder_at_once_all_succeed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPENING, str(tmp_path / "var")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    said = [process.communicate() for process in running]
    assert said == [("['emlm', 'inspire', 'milford', 'rmet', 'whgs']\n", "")] * 3


def test_threads_that_ask_for_the_same_index_at_once_build_it_once(open_again: Open) -> None:
    said: list[str] = []
    small = open_again(said.append)
    threads = [Thread(target=small.index, args=("small",)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ["Building the index small (once)."]


def test_while_one_index_is_built_the_loaded_ones_answer(open_again: Open) -> None:
    building, go_on = Event(), Event()

    def wait(line: str) -> None:
        if "other" in line:
            building.set()
            go_on.wait(timeout=30)

    opened = open_again(wait)
    loaded = opened.index("small")
    opened.store.put(replace(opened.policy("small"), id="other"), "a", imported=True)
    thread = Thread(target=opened.index, args=("other",))
    thread.start()
    assert building.wait(timeout=30) and opened.index("small") is loaded and thread.is_alive()
    go_on.set()
    thread.join()


def test_what_another_process_stores_is_seen_without_a_restart(open_again: Open) -> None:
    serving, importing = open_again(), open_again()
    old = serving.policy("small")
    before = serving.index("small")
    new = replace(old, title="New", clauses=tuple(replace(clause, text="No phones.") for clause in old.clauses))
    importing.store.put(replace(old, id="ours"), "a", imported=True)
    assert list(serving.policies) == ["small", "ours"] and serving.index("small") is before
    importing.store.put(new, "b", imported=False)
    assert serving.policy("small") == new and serving.index("small").examples != before.examples
    assert serving.index(old).examples == before.examples


def test_only_what_was_used_last_is_held() -> None:
    recent: Recent[str, int] = Recent(2)
    for at, key in enumerate("aba"):
        recent.put(key, at)
    recent.put("c", 3)
    assert ([recent.get(key) for key in "abc"], LOADED) == ([2, None, 3], 50)


def test_a_closed_knowledge_lets_go_of_its_store(open_again: Open) -> None:
    opened = open_again()
    opened.close()
    with pytest.raises(ProgrammingError, match="closed"):
        opened.store.ids()


def test_a_sample_does_not_replace_what_a_school_imported_under_its_id(tmp_path: Path, packs: Path) -> None:
    open_knowledge(tmp_path / "elsewhere", packs=packs).close()
    sample = Store(tmp_path / "elsewhere" / "policies.db").policy("small")
    assert sample is not None
    imported = replace(sample, title="Ours")
    (tmp_path / "var").mkdir()
    store = Store(tmp_path / "var" / "policies.db")
    store.put(imported, "a", imported=True)
    with pytest.raises(PolicyError) as refused:
        open_knowledge(tmp_path / "var", packs=packs)
    assert str(refused.value) == (
        f"small is the id of a policy that was imported here and of a sample: move {packs / 'small.toml'} "
        "out of the way."
    )
    assert store.policy("small") == imported
