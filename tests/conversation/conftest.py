"""The real assistant on the real packs, on a day when all of them are overdue."""

from collections.abc import Callable

import pytest

from bot.conversation.router import Router
from bot.talk.message import Action, Choice, Choices, Message
from bot.talk.sealed import Sealed
from bot.talk.turn import Act, Pressed, Reply, Said, Turn
from policy_kb.knowledge import Knowledge
from tests.office import Office

Take = Callable[..., Reply]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def router(knowledge: Knowledge, office: Office) -> Router:
    return office.router(knowledge)


@pytest.fixture
def take(router: Router) -> Take:
    """Hand over one turn: a text is said, an action is pressed."""

    def take(what: str | Action | Act, school: str = "whgs") -> Reply:
        acts: dict[type, Callable[[object], Act]] = {
            str: lambda text: Said(Sealed(str(text))),
            Action: lambda action: Pressed(action),  # type: ignore[arg-type]
        }
        act = acts.get(type(what), lambda given: given)(what)  # type: ignore[arg-type, return-value]
        return router.take(Turn("c", "teacher", school, act))

    return take


def buttons(message: Message) -> dict[str, Action]:
    """Every button of a message by its label."""
    found: list[Choice] = [option for block in message.blocks if isinstance(block, Choices) for option in block.options]
    return {choice.label: choice.action for choice in found}
