"""What people answer in a request form: valid answers at random, as people type them, and what breaks its rules."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from bot.conversation.request_forms import RequestForm, broken, pages
from bot.conversation.written import Line
from bot.domain.people import School
from bot.talk.check import check
from bot.talk.day import read_day
from bot.talk.form import Form, Kind, Question
from bot.talk.sealed import Sealed

Answers = Mapping[str, tuple[str, ...]]
"""By question name what is typed, or the values that are chosen; nothing where it is left empty."""

REQUIRED = "Please answer this question."
WORDS = (
    "Year 9 netball", "the PE department’s news", "x", "  two   spaces ", "O'Brien & Söhne", "<b>bold</b> *stars*",
    "=SUM(A1:A9)", "10% off", "@everyone #school", "/close", "//keep", ".", "...", "Zoë – “quoted”", "naïve 漢字 🏐",
)  # fmt: skip
MANY_AT_MOST = 4
"""People that are picked at once, so that there are others left."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody at a school who asks for something by a form on a day."""

    form: RequestForm
    school: School
    person: str
    today: date
    chance: random.Random = field(repr=False)

    def pages(self, answers: Answers) -> tuple[Form, ...]:
        """The pages that these answers call for."""
        typed = {name: tuple(map(Sealed, given)) for name, given in answers.items()}
        return pages(self.form, typed, tuple((one.id, one.name) for one in self.school.people))

    def filled(self) -> Answers:
        """Valid answers to the whole form, and to nothing that is not asked."""
        answers: Answers = {}
        for number in count():
            shown = self.pages(answers)
            if number == len(shown):
                return answers
            answers = {**answers, **self._page(shown[number])}
        raise AssertionError("a form has an end")

    def plans(self) -> list[Answers]:
        """Valid answers as often as it takes to follow each condition both ways."""
        conditional = {one.question.name for one in self.form.asked if one.when}
        wanted = {(name, asked) for name in conditional for asked in (True, False)}
        plans: list[Answers] = []
        while wanted or not plans:
            answers = self.filled()
            new = wanted & {(name, name in answers) for name in conditional}
            if new or not plans:
                plans.append(answers)
            wanted -= new
        return plans

    def apart(self) -> Answers:
        """Valid answers that leave nothing empty, do not name whoever asks, and come under every rule."""
        ruled = {name for rule in self.form.rules for name in rule.questions}
        while True:
            answers = self.filled()
            if ruled <= answers.keys() and all(given and self.person not in given for given in answers.values()):
                return answers

    def lines(self, answers: Answers) -> tuple[Line, ...]:
        """What must be stored of answers: each with its question, in words."""
        asked = (each for page in self.pages(answers) for each in page.questions)
        return tuple(
            (each.name, each.label, self._words(each, answers[each.name])) for each in asked if answers[each.name]
        )

    def breaks(self, good: Answers) -> Iterator[tuple[str, Answers, str]]:
        """Each way to spoil good answers: the question, the answers, and what must be said beside it."""
        for each in (each for page in self.pages(good) for each in page.questions if each.required):
            yield each.name, {**good, each.name: ()}, REQUIRED
        for rule in self.form.rules:
            first, last = rule.questions[0], rule.questions[-1]
            match rule.kind:
                case "distinct":
                    wrong = {last: (*good[last][1:], good[first][0])}
                case "at-least":
                    wrong = {name: good[name][: rule.number - 1] for name in rule.questions}
                case "after":
                    wrong = {last: (f"{read_day(good[first][0], self.today):%d/%m/%Y}",)}
                case "not-before-today":
                    wrong = {name: (f"{self.today - timedelta(1):%d/%m/%Y}",) for name in rule.questions}
                case _:
                    wrong = {name: (self.person,) for name in rule.questions}
            yield from ((name, {**good, name: given}, rule.problem) for name, given in wrong.items())

    # --- one page, one answer ----------------------------------------------------------------------------------------
    def _page(self, page: Form) -> Answers:
        found = {each.name: self._answer(each) for each in page.questions}
        while bad := self._broken(page, found):
            found |= {each.name: self._answer(each) for each in page.questions if each.name in bad}
        return found

    def _broken(self, page: Form, answers: Answers) -> Mapping[str, str]:
        checked = check(page, {name: tuple(map(Sealed, given)) for name, given in answers.items()}, self.today)
        assert not checked.problems, checked.problems
        return broken(self.form, checked.values, self.today, self.person)

    def _answer(self, question: Question) -> tuple[str, ...]:
        if not question.required and self.chance.random() < 0.3:
            return ()
        match question.kind:
            case Kind.LINE:
                return (self._line(),)
            case Kind.TEXT:
                return ("\n".join(self._line() for _ in range(self.chance.randint(1, 3))),)
            case Kind.DAY:
                return (self._day(self.today + timedelta(self.chance.choice((0, 1, 5, self.chance.randint(2, 300))))),)
            case _:
                values = [option.value for option in question.options]
                most = 1 if question.kind is Kind.ONE else min(len(values), 99 if len(values) < 10 else MANY_AT_MOST)
                return tuple(self.chance.sample(values, self.chance.randint(1, most)))

    def _line(self) -> str:
        return " ".join(self.chance.sample(WORDS, self.chance.randint(1, 3)))

    def _day(self, day: date) -> str:
        """A day in one of the ways in which people type it, where that means this day."""
        ways = (
            f"{day.day}/{day.month}/{day.year}", f"{day:%d.%m.%Y}", f"{day.day}/{day.month}/{day:%y}", f"{day:%A}",
            f"{day.day} {day:%B}", f"{day.day}th {day:%b}", f"{day:%B} {day.day}, {day.year}", f"{day:%Y-%m-%d}",
            f"{day:%A} {day.day} {day:%b}", f"{day:%a} week", f"next {day:%A}", "today", "Tomorrow",
        )  # fmt: skip
        return self.chance.choice([way for way in ways if self._means(way) == day])

    def _means(self, way: str) -> date | None:
        with suppress(ValueError):
            return read_day(way, self.today)
        return None

    def _words(self, question: Question, given: tuple[str, ...]) -> str:
        match question.kind:
            case Kind.LINE:
                return " ".join(given[0].split())
            case Kind.TEXT:
                return given[0].strip()
            case Kind.DAY:
                return f"{read_day(given[0], self.today):%d/%m/%Y}"
            case _:
                return "\n".join(option.label for option in question.options if option.value in given)
