"""From meaning to HTML: every kind of block and question has its macro in `pages`, and all text stays text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.channels.web import labels
from bot.channels.web.chat import Chat
from bot.domain.school import Practice
from bot.talk.form import Form, Kind, Question
from bot.talk.message import Alert, Block, Choices, Facts, Message, Note, Para, Points, Quote, Ruling
from bot.talk.sealed import Sealed
from bot.talk.shown import shown as safe
from bot.talk.turn import Typed

VERDICTS = ("no", "yes", "approval", "depends", "action", "info", "none")
"""Kinds of ruling that have a colour and a sign of their own; any other is drawn as `none`."""

RADIOS = 8
"""With more options than this, one choice becomes a list that the phone opens itself."""


@dataclass(frozen=True, slots=True)
class Chrome:
    """What every small form carries: the session's token, and the number of the form that is open beside it."""

    token: str = ""
    form: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """What could not be taken: the sentence, what stood in the ask box, and what was typed into a form now gone."""

    sentence: str = ""
    draft: Sealed | None = None
    typed: Sequence[Sealed] = ()


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
        blank = [("", labels.NO_ANSWER)] if self.question.kind is Kind.ONE and not self.question.required else []
        return blank + [(option.value, option.label) for option in self.question.options]


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
            return _draw("blocks.html", "facts", block)
        case Points():
            return _draw("blocks.html", "points", block)
        case Note():
            return _draw("blocks.html", "note", block)
        case Choices():
            return _draw("blocks.html", "choices", block, spot, chrome)
        case _:
            assert_never(block)


def render_message(message: Message, spot: str = "", chrome: Chrome = BARE) -> Markup:
    """A message and its heading."""
    blocks = [render_block(block, f"{spot}.{index}", chrome) for index, block in enumerate(message.blocks)]
    return _draw("blocks.html", "message", message, spot, blocks)


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


def render_chat(chat: Chat, token: str, practice: Practice, trouble: Trouble = NO_TROUBLE) -> str:
    """The chat page."""
    form = chat.form
    chrome = Chrome(token, form.number if form else 0)
    drawn = render_form(form.reply.form, form.reply.given, form.reply.problems, chrome) if form else ""
    return _PAGES.get_template("chat.html").render(
        chat=chat,
        exchanges=[(each, _messages(each.messages, each.number, chrome)) for each in chat.exchanges],
        form=drawn,
        chrome=chrome,
        practice=practice,
        trouble=trouble,
        failed=bool(trouble.sentence or (form and form.reply.problems)),
    )


def _messages(messages: tuple[Message, ...], number: int, chrome: Chrome) -> list[Markup]:
    return [render_message(message, f"{number}.{index}", chrome) for index, message in enumerate(messages)]


def render_error(status: int, sentence: str) -> str:
    """A page that says in plain words what went wrong, and leads back to the chat."""
    heading = labels.HEADINGS.get(status, labels.HEADINGS[400])
    return _PAGES.get_template("error.html").render(heading=heading, sentence=sentence)
