"""The answers of a request: what is known beforehand, what is kept on the way, and the text that is signed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.conversation.known import platforms
from bot.conversation.request_forms import RequestForm
from bot.conversation.written import Line, lines, written
from bot.domain.people import School
from bot.domain.register import Fields
from bot.domain.request import Request
from bot.talk.check import Value
from bot.talk.form import Form, Kind
from bot.talk.sealed import Sealed
from bot.talk.turn import Typed


@dataclass(frozen=True, slots=True)
class Draft:
    """A request that is being filled in: `seen` are the questions that were sent in well, `turn` counts what was kept.

    `key` is the same however often it is sent; `ref` and `mark` are those of a request that was sent back.
    """

    key: str
    answers: Typed
    seen: frozenset[str] = frozenset()
    turn: int = 0
    ref: str = ""
    mark: int = 0

    def after(self, answers: Typed, seen: frozenset[str] = frozenset()) -> Draft:
        """The draft with answers that were typed since, and questions that were sent in well."""
        return replace(self, answers={**self.answers, **answers}, seen=self.seen | seen, turn=self.turn + 1)


def same(first: Typed, second: Typed) -> bool:
    """Whether nothing was typed that was not there."""
    return _plain(first) == _plain(second)


def _plain(typed: Typed) -> dict[str, list[str]]:
    return {name: [text.reveal() for text in given] for name, given in typed.items() if any(given)}


def _typed(plain: Mapping[str, list[str]]) -> Typed:
    return {name: tuple(map(Sealed, given)) for name, given in plain.items()}


def close(draft: Draft) -> Sealed:
    """A draft as one sealed text."""
    whole = [draft.key, _plain(draft.answers), sorted(draft.seen), draft.turn, draft.ref, draft.mark]
    return Sealed(json.dumps(whole, ensure_ascii=False))


def reopen(text: Sealed) -> Draft:
    """The draft that was closed so."""
    key, answers, seen, turn, ref, mark = json.loads(text.reveal())
    return Draft(key, _typed(answers), frozenset(seen), turn, ref, mark)


# --- the text that is signed -----------------------------------------------------------------------------------------
def content(form: RequestForm, asked: Form, values: Mapping[str, Value], answers: Typed) -> Sealed:
    """A whole request as one text: each answer in words with its question, as it was given, and for the register."""
    names = {question.name for question in asked.questions}
    typed = _plain({**answers, **settled_days(asked, values)})
    said = lines(written(asked, values))
    given = {name: texts for name, texts in typed.items() if name in names}
    whole = {"lines": said, "given": given, "register": _for_register(form, values, said)}
    return Sealed(json.dumps(whole, ensure_ascii=False))


def content_lines(text: Sealed) -> tuple[Line, ...]:
    """The answers of a request in words, each with its question."""
    return tuple((name, label, words) for name, label, words in json.loads(text.reveal())["lines"])


def content_given(text: Sealed) -> Typed:
    """The answers of a request as they were given."""
    return _typed(json.loads(text.reveal())["given"])


def settled_days(form: Form, values: Mapping[str, Value]) -> Typed:
    """The days of a page written out: "tomorrow" means another day tomorrow."""
    names = {question.name for question in form.questions}
    days = {name: value for name, value in values.items() if isinstance(value, date) and name in names}
    return {name: (Sealed(f"{day:%d/%m/%Y}"),) for name, day in days.items()}


def words_of(value: Value) -> str:
    """The words of one line that was typed."""
    return value.reveal() if isinstance(value, Sealed) else ""


# --- the register ----------------------------------------------------------------------------------------------------
def register_fields(request: Request, words: Mapping[int, Sealed]) -> Fields:
    """What an approved request says of its account, as it was signed, whatever became of its form since."""
    found: Fields = json.loads(words[request.text].reveal())["register"]
    return found


def _for_register(form: RequestForm, values: Mapping[str, Value], said: Iterable[Line]) -> Fields:
    people = {one.question.name for one in form.asked if one.people}
    words = {name: answer for name, _, answer in said}
    return {
        field: _field(values[name], words[name], name in people)
        for field, name in form.register_fields.items()
        if name in words
    }


def _field(value: Value, words: str, people: bool) -> str:
    """People as ids with spaces between, a day as ISO, all else in words."""
    match value:
        case tuple():
            return " ".join(value) if people else ", ".join(words.split("\n"))
        case date():
            return value.isoformat()
        case str():
            return value if people else words
        case _:
            return words


# --- what is known beforehand ----------------------------------------------------------------------------------------
def listed(form: RequestForm, school: School, person: str) -> Typed:
    """What the staff list tells of the person who asks, by question."""
    me, manager = school.person(person), school.manager_of(person)
    known = {"me": person, "manager": manager.id if manager else "", "department": me.department if me else ""}
    answers = {asked.question.name: known[asked.known] for asked in form.asked if asked.known}
    return {name: (Sealed(answer),) for name, answer in answers.items() if answer}


_NAME = re.compile(
    r"\b(?:page|account|site|website|channel|group|blog|profile|feed|presence)\b(?: (?:on|in) [\w’'&-]+)?"
    r" (?:for|called|named|about) (?:(?:the|our|my|a|an) )?(?P<name>[\w&’'’ -]+?)"
    r"(?= (?:on|so|to|that|which|please|pls|and|with|where|in|from|because|but|if|as)\b|[?!,;:.\n]|$)",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?:(?:all|some|school|personal|own|other|public|prospective) )*"
    r"(?:school|it|this|that|these|them|us|me|myself|work|free|use|everyone"
    r"|pupils?|students?|children|kids|parents?|carers|families|staff|teachers|governors)(?: only| use)?",
    re.IGNORECASE,
)
MOST = 60
"""The longest name that is taken from a message."""


def told(form: RequestForm, said: Sealed) -> Typed:
    """What a message tells plainly, by question: the platform where it names one, what the account is called or for."""
    text = " ".join(said.reveal().split())
    named = dict.fromkeys(found["name"].strip() for found in _NAME.finditer(text))
    names = [name for name in named if len(name) <= MOST and not _NO_NAME.fullmatch(name)]
    found = {"platform": platforms(text), "handle": [name[:1].upper() + name[1:] for name in names]}
    lines = {one.question.name for one in form.asked if one.question.kind is Kind.LINE}
    asks = {field: form.register_fields.get(field, field) for field in found}
    return {asks[field]: (Sealed(each[0]),) for field, each in found.items() if len(each) == 1 and asks[field] in lines}
