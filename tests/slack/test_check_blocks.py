from __future__ import annotations

from typing import Any

import pytest

from tests.slack import samples
from tests.slack.check_blocks import check_message, check_options, check_view, too_long
from tests.slack.sdk import refuses

GOOD = {
    "message": samples.MESSAGE,
    "markdown": samples.MARKDOWN,
    "table": samples.TABLE,
    "modal": samples.VIEW,
    "home": samples.HOME,
    "empty": [],
}


WRONG: dict[str, Any] = {**samples.MESSAGES, **samples.VIEWS}


def _found(sample: Any) -> list[str]:
    return list(check_view(sample) if isinstance(sample, dict) else check_message(sample))


@pytest.mark.parametrize("name", GOOD)
def test_what_slack_takes_passes(name: str) -> None:
    assert _found(GOOD[name]) == []
    assert not refuses(GOOD[name])


@pytest.mark.parametrize("name", WRONG)
def test_each_thing_that_is_wrong_is_found(name: str) -> None:
    found = _found(WRONG[name])
    assert found
    assert all(each.startswith(("blocks", "view")) for each in found)


def test_at_least_47_things_that_are_wrong_are_tried() -> None:
    assert len(WRONG) >= 47
    assert not samples.MESSAGES.keys() & samples.VIEWS.keys()


def test_one_thing_that_is_wrong_is_one_complaint_that_says_where() -> None:
    assert {
        name: _found(samples.VIEWS[name]) for name in ("title too long", "view key unknown", "max_length over 3000")
    } == {
        "title too long": ["view.title.text: 25 characters, not 1 to 24"],
        "view key unknown": ["view.notify: unknown key"],
        "max_length over 3000": ["view.blocks[0].element.max_length: 3001, not 1 to 3000"],
    }


def test_the_checker_refuses_what_the_sdk_refuses_and_more() -> None:
    refused = {name for name, sample in WRONG.items() if refuses(sample)}
    assert refused < WRONG.keys()
    assert len(refused) >= 20


def test_blocks_are_too_long_together_where_each_is_not() -> None:
    assert not too_long([samples.words("x" * 2900)] * 4)
    assert too_long([samples.words("x" * 2900)] * 5)


def test_a_search_is_answered_with_at_most_100_options() -> None:
    assert check_options({"options": samples.options(100)}) == []
    assert check_options({"options": []}) == []
    assert check_options({"options": samples.options(101)}) == ["reply.options: 101 items, not 0 to 100"]
    assert check_options({"option": []}) == ["reply.option: unknown key"]
