"""Confidential text never shows by accident, and few modules may open it."""

from __future__ import annotations

import ast
import copy
import json
import logging
import pickle
import pprint
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, astuple, replace
from io import StringIO
from pathlib import Path
from string import Template
from types import TracebackType

import pytest
import structlog
from rich.console import Console
from rich.pretty import pretty_repr
from rich.traceback import Traceback

from bot.talk.form import Form
from bot.talk.sealed import STARS, Sealed
from bot.talk.turn import FormReply, Reply, Said, Submitted, Turn

ROOT = Path(__file__).parents[2]

# Built from parts, so that the word itself stands in no source line that a traceback could quote.
CANARY = "-".join(("canary", "in", "the", "text"))

REVEALERS = {
    "bot/channels/slack/render.py": "a link leads to its address",
    "bot/channels/slack/view.py": "the person sees what they gave before",
    "bot/channels/slack/channel.py": "the SDK gets the token of a workspace",
    "bot/channels/slack/doctor.py": "the form of secrets is checked, and Slack is asked about tokens",
    "bot/channels/slack/install.py": "the SDK gets its secret, a request its token",
    "bot/channels/slack/socket.py": "the SDK gets its token",
    "bot/channels/slack/verify.py": "the signing secret makes a signature",
    "bot/channels/terminal/read.py": "a typed line becomes a number, a command or a text",
    "bot/channels/terminal/render.py": "the person sees what they gave before",
    "bot/channels/web/read.py": "the length of what was said, and fields of our own making",
    "bot/channels/web/render.py": "the person sees what they typed",
    "bot/cli/records.py": "a sign-in link is printed for whom it is meant",
    "bot/cli/keys.py": "a phrase is measured, and the recovery key written to its file",
    "bot/conversation/assistant.py": "a typed yes is matched with the question that was asked, a draft is closed",
    "bot/conversation/report.py": "what was told fills in the form",
    "bot/conversation/request_answers.py": "answers are kept, become one text, and fill the form and the register",
    "bot/conversation/router.py": "what was said is matched, and looked up",
    "bot/conversation/written.py": "answers become one text, and lines for whom may read them",
    "bot/storage/cipher.py": "text is closed",
    "bot/storage/keys.py": "a phrase becomes a password",
    "bot/storage/links.py": "a sign-in link finds its person",
    "bot/storage/outbox.py": "a notice finds its recipient",
    "bot/storage/requests.py": "the digest of what is signed, and what the register says of an account",
    "bot/talk/check.py": "text becomes values",
    "bot/wiring.py": "a sign-in link becomes an address for whom it is meant",
}
"""The only modules that may open sealed text, and what for."""


def _written(value: object) -> str:
    try:
        return json.dumps(value, default=str)
    except TypeError as refused:
        return str(refused)


SHOWS: dict[str, Callable[[object], object]] = {
    "str": str,
    "repr": repr,
    "ascii": ascii,
    "bytes": lambda value: str(value).encode(),
    "format": lambda value: format(value),
    "format with a width": lambda value: f"{value!s:>40}",
    "f-string": lambda value: f"{value}",
    "f-string with a name": lambda value: f"{value=}",
    "f-string repr": lambda value: f"{value!r}",
    "str.format": lambda value: "{0} {0!r} {0!s}".format(value),  # noqa: UP032
    "percent": lambda value: "%s %r %a" % (value, value, value),  # noqa: UP031
    "template": lambda value: Template("$value").substitute(value=value),
    "join": lambda value: " ".join(map(str, [value])),
    "list": lambda value: str([value]),
    "pprint": pprint.pformat,
    "rich": pretty_repr,
    "json": _written,
}


def wrapped(sealed: Sealed) -> list[object]:
    """The text as it travels: alone, and in everything that holds it."""
    said, typed = Said(sealed), {"q": (sealed,)}
    form = FormReply(Form("f", "F", "Send", ()), typed)
    return [sealed, said, Submitted("f", typed), Turn("c", "p", "s", said), Reply((), form), typed, (sealed,)]


@pytest.mark.parametrize("how", SHOWS)
def test_sealed_text_shows_only_stars_however_it_is_printed(how: str) -> None:
    shown = [str(SHOWS[how](value)) for value in wrapped(Sealed(CANARY))]

    assert [one for one in shown if CANARY in one] == []
    assert STARS in shown[0] or how in ("ascii", "bytes", "percent", "json")


def test_a_format_that_asks_for_the_text_gets_stars() -> None:
    assert [format(Sealed(CANARY), spec) for spec in ("", "s", ">40", "x")] == [STARS] * 4


def test_the_data_classes_that_hold_it_stay_closed_when_they_are_taken_apart() -> None:
    said = Said(Sealed(CANARY))
    turn = Turn("c", "p", "s", said)

    assert CANARY not in f"{asdict(turn)} {astuple(turn)} {replace(turn, person='q')} {asdict(said)}"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_cannot_be_pickled_alone_or_inside_something(protocol: int) -> None:
    for value in wrapped(Sealed(CANARY)):
        with pytest.raises(TypeError) as refused:
            pickle.dumps(value, protocol)
        assert CANARY not in str(refused.value)


def test_a_copy_is_the_same_sealed_text() -> None:
    sealed = Sealed(CANARY)

    assert (copy.copy(sealed) is sealed, copy.deepcopy([sealed])[0] is sealed) == (True, True)


def test_it_cannot_be_compared_ordered_searched_or_measured() -> None:
    sealed: object = Sealed(CANARY)
    text: object = CANARY

    assert (sealed == text, sealed == Sealed(CANARY)) == (False, False)
    for act in (lambda: sealed < text, lambda: "canary" in sealed, lambda: len(sealed), lambda: sealed + text):  # type: ignore[operator, arg-type]
        with pytest.raises(TypeError) as refused:
            act()
        assert CANARY not in str(refused.value)


def test_it_has_no_dictionary_to_look_into() -> None:
    sealed = Sealed(CANARY)

    assert (hasattr(sealed, "__dict__"), [name for name in dir(sealed) if not name.startswith("_")]) == (
        False,
        ["reveal"],
    )


def _fail(text: Sealed, turn: Turn) -> None:
    typed = {"q": (text,)}
    raise ValueError(f"cannot take {text} of {turn} with {typed}")


def _fault() -> tuple[type[BaseException], BaseException, TracebackType]:
    sealed = Sealed(CANARY)
    try:
        _fail(sealed, Turn("c", "p", "s", Said(sealed)))
    except ValueError:
        kind, fault, where = sys.exc_info()
        assert kind and fault and where
        return kind, fault, where
    raise AssertionError


def test_a_traceback_with_all_its_variables_shows_none_of_it() -> None:
    fault = _fault()
    plain = "".join(traceback.TracebackException(*fault, capture_locals=True).format())
    out = StringIO()
    Console(file=out, width=200).print(Traceback.from_exception(*fault, show_locals=True))

    assert ("text = •••" in plain, "•••" in out.getvalue(), CANARY in plain + out.getvalue()) == (True, True, False)


def test_no_logger_writes_it(caplog: pytest.LogCaptureFixture) -> None:
    sealed, out = Sealed(CANARY), StringIO()
    caplog.set_level(logging.DEBUG)
    log = logging.getLogger("tests.sealed")
    log.debug("%s %r %s", sealed, sealed, Turn("c", "p", "s", Said(sealed)))
    log.error("failed", exc_info=_fault(), extra={"text": sealed})
    processors = (
        structlog.dev.ConsoleRenderer(),
        structlog.processors.JSONRenderer(),
        structlog.processors.LogfmtRenderer(),
    )
    for processor in processors:
        logger = structlog.wrap_logger(structlog.PrintLogger(out), processors=[processor])
        logger.info("said", text=sealed)

    assert caplog.text.count(STARS) >= 3
    assert CANARY not in caplog.text + out.getvalue() + "".join(str(record.__dict__) for record in caplog.records)


def test_only_these_modules_open_sealed_text() -> None:
    assert {name for name, text in _sources().items() if _opens(text)} == set(REVEALERS)


def test_no_module_reaches_past_the_seal() -> None:
    home = "bot/talk/sealed.py"
    assert [
        name for name, text in _sources().items() if "_Sealed__" in text or (name != home and '"reveal"' in text)
    ] == []


def _sources() -> dict[str, str]:
    paths = (path for top in ("bot", "intents", "policy_kb") for path in (ROOT / top).rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sorted(paths)}


def _opens(source: str) -> bool:
    # `Sealed.reveal` handed on as a function opens it too, so the name counts, called or not.
    return any(isinstance(node, ast.Attribute) and node.attr == "reveal" for node in ast.walk(ast.parse(source)))
