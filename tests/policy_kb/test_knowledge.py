from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from policy_kb.errors import PackError, PolicyError
from policy_kb.index import SILENT, digest
from policy_kb.knowledge import Knowledge, open_knowledge
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


def test_the_policies_stand_in_the_order_of_their_ids(knowledge: Knowledge) -> None:
    assert list(knowledge.policies) == ["emlm", "inspire", "milford", "rmet", "whgs"]


def test_an_unknown_policy_is_named_with_those_there_are(knowledge: Knowledge) -> None:
    with pytest.raises(PolicyError) as refused:
        knowledge.policy("eton")
    assert str(refused.value) == "There is no policy called eton. There is: emlm, inspire, milford, rmet, whgs."


def test_every_clause_and_every_silence_of_a_policy_has_a_score(knowledge: Knowledge) -> None:
    policy = knowledge.policy("inspire")
    labels = {clause.id for clause in policy.clauses} | {SILENT + silence.intent for silence in policy.silences}
    assert set(knowledge.index("inspire").linear.labels) == labels


def test_an_index_is_fitted_once_and_then_read_from_the_store(tmp_path: Path, packs: Path) -> None:
    said: list[str] = []
    first = open_knowledge(tmp_path / "var", said.append, packs)
    small = first.index("small").linear
    assert said == ["Building the index small (once)."]
    second = open_knowledge(tmp_path / "var", said.append, packs)
    assert second.index("small").linear.dump() == small.dump() and len(said) == 1


def test_the_second_opening_of_all_policies_fits_nothing(knowledge: Knowledge) -> None:
    knowledge.build()
    said: list[str] = []
    again = Knowledge(knowledge.store, knowledge.shared, said.append)
    assert (again.build(), said) == (9, [])


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
    assert said == ["Building the index small (once)."] * 2


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


def test_a_digest_names_the_phrasings_their_labels_and_their_order(knowledge: Knowledge) -> None:
    examples = knowledge.shared.phrasings[:2]
    assert digest(examples) == digest(list(examples)) != digest(examples[::-1])


def test_processes_that_open_a_new_folder_at_once_all_succeed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPENING, str(tmp_path / "var")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    said = [process.communicate() for process in running]
    assert said == [("['emlm', 'inspire', 'milford', 'rmet', 'whgs']\n", "")] * 3
