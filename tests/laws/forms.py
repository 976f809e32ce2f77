"""Forms and answers of every sort, for the laws."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.talk.form import Choosable, Form, Kind, Question
from tests.sends import Answers

NASTY = (
    "", " ", ".", "..", "...", " . ", "-", "--", "/close", "//close", "///keep", " /quit ", "/help", "/school", "//",
    "0", "1", "2", "01", "1, 2", "1_000", "١", "²", "-1", "yes", "None", "[]", "&amp;", "<b>", '"', "'", "</textarea>",
    "{{ 1 }}", "%0D%0A", "+", "a+b", "a&q.b=c", "=1+1", "\t", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\ufeff",
    "\x00", "\x1b[31m", "\u202e", "é", "e\u0301", "👩🏽‍🏫", "31/02/2026", "21/11/2026", "2026-11-21", "21.11.2026",
    "x" * 201, "y" * 3001,
)  # fmt: skip

_NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
_VALUES = st.from_regex(r"[a-z0-9][a-z0-9 ._-]{0,5}(?<! )", fullmatch=True)
_LABELS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def lines(plain: bool = False) -> st.SearchStrategy[str]:
    """What fits in one line; `plain` leaves out what no screen shows."""
    shown = st.characters(exclude_categories=["Cs", "Cc", "Cf"])
    every = st.characters(exclude_categories=["Cs"], exclude_characters="\r\n")
    typed = st.text(shown if plain else every, max_size=30)
    nasty = [text for text in NASTY if not plain or text.isprintable()]
    return st.sampled_from(nasty) | typed


def texts(plain: bool = False) -> st.SearchStrategy[str]:
    """Lines with every sort of line break between them."""
    breaks = st.sampled_from(["\n"] if plain else ["\n", "\n\n", "\r\n", "\r"])
    return st.lists(st.tuples(lines(plain), breaks), max_size=5).map(lambda parts: "".join(a + b for a, b in parts)) | (
        st.lists(lines(plain), max_size=5).map("\n".join)
    )


@st.composite
def questions(draw: st.DrawFn, name: str) -> Question:
    """One question of any kind."""
    kind = draw(st.sampled_from(Kind))
    values = draw(st.lists(_VALUES, min_size=1, max_size=12, unique=True)) if kind in (Kind.ONE, Kind.MANY) else []
    options = tuple(Choosable(value, draw(_LABELS)) for value in values)
    least, most = draw(st.sampled_from([(None, None), (1, 99), (0, None), (None, 5)]))
    required = draw(st.booleans())
    return Question(name, draw(_LABELS), kind, draw(_LABELS), required, options, least, most)


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """A form of one to six questions."""
    names = draw(st.lists(_NAMES, min_size=1, max_size=6, unique=True))
    return Form("form", draw(_LABELS), draw(_LABELS), tuple(draw(questions(name)) for name in names))


@st.composite
def answers(draw: st.DrawFn, form: Form, plain: bool = False) -> Answers:
    """An answer to every question, which may be none, or one that will not do."""
    return {question.name: draw(_answer(question, plain)) for question in form.questions}


def _answer(question: Question, plain: bool) -> st.SearchStrategy[tuple[str, ...]]:
    values = [option.value for option in question.options]
    match question.kind:
        case Kind.ONE:
            # A radio button that is required cannot be taken back once it is chosen; left alone it sends nothing.
            return st.just(()) | st.sampled_from(values).map(lambda value: (value,))
        case Kind.MANY:
            return st.lists(st.sampled_from(values), unique=True).map(tuple)
        case Kind.TEXT:
            return st.just(()) | texts(plain).map(lambda text: (text,))
        case _:
            return st.just(()) | lines(plain).map(lambda text: (text,))
