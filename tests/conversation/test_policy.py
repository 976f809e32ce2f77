"""The dialog of a policy answer, whole replies at a time."""

from bot.talk.message import Facts, Message, Note, Para, Quote, Ruling
from tests.conversation.conftest import Take, buttons


def only(take: Take, *given: object, **named: str) -> Message:
    (message,) = take(*given, **named).messages
    return message


def gist(message: Message) -> list[str]:
    """A message without its buttons, a line a block."""
    lines = []
    for block in message.blocks:
        match block:
            case Ruling(kind, label, text):
                lines.append(f"[{kind}] {label}: {text}")
            case Quote(_, source, _):
                lines.append(f"> {source}")
            case Para(text) | Note(text):
                lines.append(text)
            case Facts(rows):
                lines += [f"{name}: {value}" for name, value in rows]
            case _:
                pass
    return lines


def test_a_former_pupil_at_whgs_is_a_no_with_both_rules_and_the_overdue_review(take: Take) -> None:
    message = only(take, "can I friend an ex-pupil?")
    lines = gist(message)
    assert lines[:2] == ["[no] No: The policy does not allow this.", "> Social Media Policy, staff personal use 4"]
    assert "> Social Media Policy, staff personal use 13" in lines
    assert lines[2].startswith("What could change this: ")
    assert lines[-1] == "This policy was due for review in July 2025. Ask the headteacher if it is still in force."
    assert {"Ask for an exception", "Yes", "Helpful", "Not helpful", "Not what I meant"} <= set(buttons(message))


def test_the_missing_fact_changes_the_answer_at_inspire(take: Take) -> None:
    asked = only(take, "can I friend an ex-pupil?", school="inspire")
    under = only(take, buttons(asked)["Yes, under 18"], school="inspire")
    over = only(take, buttons(asked)["No, 18 or over"], school="inspire")
    assert [gist(message)[0].partition(":")[0] for message in (asked, under, over)] == [
        "[no] No",
        "[no] No",
        "[depends] It depends",
    ]


def test_what_the_policy_does_not_settle_is_said_with_the_nearest_rules_and_whom_to_ask(take: Take) -> None:
    lines = gist(only(take, "can I friend an ex-pupil?", school="emlm"))
    assert lines[0] == "[depends] Not settled: The policy does not settle this."
    assert lines[2:6] == [
        "Ask the headteacher before you do anything.",
        "The nearest rules are:",
        "> Social Media Policy, 6.2.1",
        "> Social Media Policy, 6.5.1",
    ]


def test_nonsense_is_not_in_the_policy_and_names_a_person(take: Take) -> None:
    message = only(take, "what is the capital of mongolia")
    assert gist(message) == ["[none] Not in the policy: I can’t find that in the policy. Ask the headteacher."]
    assert list(buttons(message)) == ["Look it up", "Topics"]


def test_the_whole_section_stands_in_order(take: Take) -> None:
    asked = only(take, "can I friend an ex-pupil?", school="milford")
    section = only(take, buttons(asked)["Show the whole section"], school="milford")
    refs = [block.ref for block in section.blocks if isinstance(block, Quote)]
    assert refs == [f"milford/personal-pupils.{number}" for number in range(1, 5)]


def test_not_what_i_meant_offers_two_other_topics_and_a_look_up(take: Take) -> None:
    asked = only(take, "can I friend an ex-pupil?")
    offered = only(take, buttons(asked)["Not what I meant"])
    assert len(buttons(offered)) == 3
    first = next(iter(buttons(offered).values()))
    assert only(take, first).blocks != asked.blocks


def test_helpful_and_not_helpful_are_counted_by_clause(take: Take, router: object) -> None:
    asked = only(take, "can I friend an ex-pupil?", school="rmet")
    store = router.knowledge.store  # type: ignore[attr-defined]
    before = store.feedback("rmet").get("rmet/general.7", (0, 0))
    only(take, buttons(asked)["Helpful"], school="rmet")
    only(take, buttons(asked)["Not helpful"], school="rmet")
    assert store.feedback("rmet")["rmet/general.7"] == (before[0] + 1, before[1] + 1)
