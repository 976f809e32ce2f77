from __future__ import annotations

import json
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from intents.catalogue import EXAMPLES, catalogue, hands, rows
from intents.model import Route
from intents.normalise import normalise
from policy_kb.model import ASKABLE

SHARED = catalogue()
FEWEST = 14


@pytest.mark.parametrize("table", ["intent", "kind"])
def test_no_id_stands_twice_in_a_table(table: str) -> None:
    counted = Counter(row["id"] for row in tomllib.loads((EXAMPLES / f"{table}s.toml").read_text("utf-8"))[table])
    assert {name for name, count in counted.items() if count > 1} == set()


def test_every_intent_has_phrasings_enough_to_learn_from() -> None:
    counted = Counter(example.label for example in SHARED.phrasings)
    assert {name: counted[name] for name in SHARED.intents if counted[name] < FEWEST} == {}


def test_no_phrasing_is_empty_or_of_an_intent_that_does_not_exist() -> None:
    assert [e for e in SHARED.phrasings if not normalise(e.text) or e.label not in SHARED.intents] == []


def test_every_intent_says_what_it_is_about() -> None:
    assert [intent.id for intent in SHARED.intents.values() if not intent.topic or not intent.about] == []


def test_every_kind_has_a_route_a_button_and_somebody_who_receives_it() -> None:
    routes = (Route.DISCLOSURE, Route.APPROVAL)
    wrong = [k.id for k in SHARED.kinds.values() if k.route not in routes or not k.label or k.to not in ASKABLE]
    assert wrong == []


def test_forms_and_disclosures_share_out_the_kinds() -> None:
    assert sorted([*SHARED.forms(), *SHARED.disclosures()]) == sorted(SHARED.kinds)


def test_every_finer_kind_of_a_report_or_a_request_leads_to_a_form_of_its_route() -> None:
    formless = {
        (message.route, message.kind)
        for message in SHARED.messages
        if message.route in (Route.DISCLOSURE, Route.APPROVAL)
        and message.kind
        and (SHARED.kind_of(message.kind) not in SHARED.kinds
             or SHARED.kinds[SHARED.kind_of(message.kind)].route is not message.route)
    }  # fmt: skip
    assert formless == set()


def test_no_finer_kind_leads_to_two_forms() -> None:
    counted = Counter(name for kind in SHARED.kinds.values() for name in (kind.id, *kind.also))
    assert {name for name, count in counted.items() if count > 1} == set()


def test_questions_and_small_talk_lead_to_no_form() -> None:
    led = {m.kind for m in SHARED.messages if m.route in (Route.ANSWER, Route.NONE) and SHARED.kind_of(m.kind)}
    assert led == set()


def test_no_message_is_said_to_go_two_ways() -> None:
    ways: dict[tuple[str, ...], set[Route]] = {}
    for message in SHARED.messages:
        ways.setdefault(normalise(message.text), set()).add(message.route)
    for phrasing in SHARED.phrasings:
        ways.setdefault(normalise(phrasing.text), set()).add(Route.ANSWER)
    assert {" ".join(words): routes for words, routes in ways.items() if len(routes) > 1} == {}


def test_only_reports_are_urgent() -> None:
    assert [m.text for m in SHARED.messages if m.urgent and m.route is not Route.DISCLOSURE] == []


def test_every_route_has_messages_to_learn_from() -> None:
    assert {message.route for message in SHARED.messages} == set(Route)


def test_the_rows_of_a_file_come_in_order_and_empty_lines_do_not_count(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text('{"n": 1}\n\n{"n": "é"}\n', encoding="utf-8")
    assert list(rows(file)) == [{"n": 1}, {"n": "é"}]


def test_a_line_that_is_no_json_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text("not json\n", encoding="utf-8")
    with pytest.raises(json.JSONDecodeError):
        list(rows(file))


def test_files_of_several_hands_come_in_order(tmp_path: Path) -> None:
    for name in ("whgs.2.jsonl", "whgs.1.jsonl", "whgs.toml", "emlm.1.jsonl"):
        (tmp_path / name).touch()
    assert [path.name for path in hands(tmp_path, "whgs")] == ["whgs.1.jsonl", "whgs.2.jsonl"]
