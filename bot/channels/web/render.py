"""From meaning to HTML: every kind of block and question has its macro in `pages`, and all text stays text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.channels.web import labels
from bot.channels.web.address import CASES, is_reference, of_case, way
from bot.channels.web.chat import Chat
from bot.domain.people import Practice
from bot.talk.form import Form, Kind, Question
from bot.talk.message import Action, Alert, Block, Choices, Facts, Link, Message, Note, Para, Points, Quote, Ruling
from bot.talk.sealed import Sealed
from bot.talk.shown import shown as safe
from bot.talk.turn import Reply, Typed

VERDICTS = ("no", "yes", "approval", "depends", "action", "info", "none")
"""Kinds of ruling that have a colour and a sign of their own; any other is drawn as `none`."""

RADIOS = 8
"""With more options than this, one choice becomes a list that the phone opens itself."""


@dataclass(frozen=True, slots=True)
class Chrome:
    """What every small form carries: the session's token, and the number of the form that is open beside it.

    On a case page `address` is the page's own, to which its form goes, and `key` what the form was handed out with.
    """

    token: str = ""
    form: int = 0
    address: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What could not be taken: the sentence, what stood in the ask box, and what was typed into a form now gone."""

    sentence: str = ""
    draft: Sealed | None = None
    typed: Sequence[Sealed] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """What the head of a page shows: who is here, where, and in practice mode whom else to be."""

    chat: Chat
    token: str
    practice: Practice | None
    here: str = "/"


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page about cases: what was said, what was told just before, and whether the case phrase is still missing."""

    address: str
    ref: str
    reply: Reply
    told: tuple[Message, ...] = ()
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A small form of the way in: where it goes, its button, what it carries, and the label of its password field."""

    address: str
    button: str
    token: str
    carries: Mapping[str, str]
    password: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A page that says why something was not done, gives back what was typed, and leads on."""

    status: int
    sentence: str
    typed: Sequence[Sealed] = ()
    back: str = "/"
    address: str = ""
    again: Sequence[tuple[str, Sealed]] = ()


BARE = Chrome()
NO_TROUBLE = Trouble()


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question as a macro needs it: its element's id, what was given, and what is wrong."""

    id: str
    question: Question
    given: tuple[Sealed, ...]
    problem: str
    described: str
    long_list: bool

    def chosen(self, value: str) -> bool:
        """Whether this option was ticked."""
        return any(given.reveal() == value for given in self.given)

    def options(self) -> list[tuple[str, str]]:
        """Values and labels to choose from; a single choice that may be left out has an option that says so."""
        options = [(option.value, option.label) for option in self.question.options]
        blank = [("", labels.NO_ANSWER)] if self.question.kind is Kind.ONE and not self.question.required else []
        return blank + options if self.long_list else options + blank


def shown(value: object) -> object:
    """A value as a page may show it; what is markup already stays."""
    return safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _typed(sealed: Sealed | None) -> str:
    return sealed.reveal() if sealed else ""


def _environment() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.globals["labels"] = labels
    pages.globals["way"] = way
    pages.globals["of_case"] = of_case
    pages.filters["typed"] = _typed
    return pages


_PAGES = _environment()


def _draw(file: str, macro: str, *values: object) -> Markup:
    return Markup(getattr(_PAGES.get_template(file).module, macro)(*values))


def render_block(block: Block, spot: str = "", chrome: Chrome = BARE) -> Markup:
    """One block; `spot` is its place on the page, which its buttons send back."""
    match block:
        case Para():
            return _draw("blocks.html", "para", block)
        case Alert():
            return _draw("blocks.html", "alert", block)
        case Ruling():
            return _draw("blocks.html", "ruling", block, block.kind if block.kind in VERDICTS else "none")
        case Quote():
            return _draw("blocks.html", "quote", block)
        case Facts():
            listed = chrome.address and all(is_reference(name) for name, _ in block.rows)
            return _draw("blocks.html", "cases" if listed else "facts", block)
        case Points():
            return _draw("blocks.html", "points", block)
        case Note():
            return _draw("blocks.html", "note", block)
        case Choices():
            return _draw("blocks.html", "ways" if chrome.address else "choices", block, spot, chrome)
        case Link(label, address):
            return _draw("blocks.html", "link", label, address.reveal())
        case _:
            assert_never(block)


def render_message(message: Message, spot: str = "", chrome: Chrome = BARE) -> Markup:
    """A message and its heading."""
    blocks = [render_block(block, f"{spot}.{index}", chrome) for index, block in _drawn(message, chrome)]
    return _draw("blocks.html", "message", message, spot, blocks)


def _drawn(message: Message, chrome: Chrome) -> list[tuple[int, Block]]:
    """The blocks with their places; buttons of cases that are listed beside them go, since the lines are links."""
    listed = {name for block in message.blocks if chrome.address and isinstance(block, Facts) for name, _ in block.rows}
    return [
        (index, block)
        for index, block in enumerate(message.blocks)
        if not (isinstance(block, Choices) and all(_opens(option.action) in listed for option in block.options))
    ]


def _opens(action: Action) -> str | None:
    return action.values.get("ref") if action.name == "case" else None


def render_question(asked: _Asked) -> Markup:
    """One question with its label, hint, problem and what was given."""
    match asked.question.kind:
        case Kind.LINE | Kind.DAY | Kind.NUMBER:
            return _draw("form.html", "line", asked)
        case Kind.TEXT:
            return _draw("form.html", "text", asked)
        case Kind.ONE:
            return _draw("form.html", "pick" if asked.long_list else "one", asked)
        case Kind.MANY:
            return _draw("form.html", "many", asked)
        case _:
            assert_never(asked.question.kind)


def render_form(form: Form, given: Typed, problems: Mapping[str, str], chrome: Chrome = BARE) -> Markup:
    """A form with what was given before and the problem beside each question."""
    asked = [_asked(index, question, given, problems) for index, question in enumerate(form.questions, 1)]
    known = {question.name for question in form.questions}
    # A problem of the whole form stands in the summary alone.
    listed = [("", "", text) for name, text in problems.items() if name not in known]
    listed += [(one.id, one.question.label, one.problem) for one in asked if one.problem]
    return _draw("form.html", "form", form, [render_question(one) for one in asked], listed, chrome)


def _asked(index: int, question: Question, given: Typed, problems: Mapping[str, str]) -> _Asked:
    problem = problems.get(question.name, "")
    hint = bool(question.hint or question.kind in (Kind.DAY, Kind.MANY))
    parts = [f"q{index}-hint"] * hint + [f"q{index}-problem"] * bool(problem)
    long_list = len(question.options) > RADIOS
    return _Asked(f"q{index}", question, given.get(question.name, ()), problem, " ".join(parts), long_list)


def render_chat(place: Place, trouble: Trouble = NO_TROUBLE) -> str:
    """The chat page."""
    chat, form = place.chat, place.chat.form
    chrome = Chrome(place.token, form.number if form else 0)
    drawn = render_form(form.reply.form, form.reply.given, form.reply.problems, chrome) if form else ""
    return _PAGES.get_template("chat.html").render(
        place=place,
        chat=chat,
        exchanges=[(each, _messages(each.messages, each.number, chrome)) for each in chat.exchanges],
        form=drawn,
        chrome=chrome,
        trouble=trouble,
        failed=bool(trouble.sentence or (form and form.reply.problems)),
    )


def _messages(messages: tuple[Message, ...], number: int, chrome: Chrome) -> list[Markup]:
    return [render_message(message, f"{number}.{index}", chrome) for index, message in enumerate(messages)]


def render_case(place: Place, page: CasePage) -> str:
    """A page about cases."""
    form = page.reply.form
    chrome = Chrome(place.token, 0, page.address, form.key if form else "")
    drawn = render_form(form.form, form.given, form.problems, chrome) if form else ""
    heading = form.form.title if form else page.reply.messages[0].title if page.reply.messages else labels.UNLOCK_TITLE
    unlock = Entry("/unlock", labels.UNLOCK, place.token, {"next": page.address}, labels.PHRASE)
    return _PAGES.get_template("case.html").render(
        place=place,
        page=page,
        heading=heading,
        told=[render_message(_without_buttons(message), "", chrome) for message in page.told],
        messages=_messages(page.reply.messages, 0, chrome),
        form=drawn,
        failed=bool(form and form.problems),
        unlock=unlock if page.locked else None,
    )


def _without_buttons(message: Message) -> Message:
    """What was told, without the way to the page that it stands on."""
    return Message(message.title, tuple(block for block in message.blocks if not isinstance(block, Choices)))


def render_sign(heading: str, sentence: str, entry: Entry | None = None, typed: Sequence[Sealed] = ()) -> str:
    """A page of the way in."""
    return _PAGES.get_template("sign.html").render(heading=heading, sentence=sentence, entry=entry, typed=typed)


def render_error(status: int, sentence: str) -> str:
    """A page that says in plain words what went wrong, and leads back to the chat."""
    return render_refusal(Refusal(status, sentence))


def render_refusal(refusal: Refusal) -> str:
    """A page that says why something was not done, and gives back what was typed."""
    heading = labels.HEADINGS.get(refusal.status, labels.HEADINGS[400])
    return _PAGES.get_template("error.html").render(heading=heading, refusal=refusal, back=_back(refusal.back))


def _back(address: str) -> str:
    if address == "/":
        return labels.BACK
    if address == CASES:
        return labels.BACK_TO_CASES
    return labels.BACK_TO_CASE.format(ref=address.rpartition("/")[2])
