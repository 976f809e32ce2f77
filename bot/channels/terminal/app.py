"""The assistant in a terminal: one line in, a reply out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from bot.channels.terminal import labels
from bot.channels.terminal.read import read_answer, read_turn
from bot.channels.terminal.render import WIDEST, choices, render, render_form, render_question
from bot.domain.school import Persona, Practice, School
from bot.talk.check import check
from bot.talk.form import Form
from bot.talk.message import Choice
from bot.talk.sealed import Sealed
from bot.talk.turn import Act, Assistant, FormReply, Reply, Submitted, Turn

STOP = "/stop"


class Stopped(Exception):
    """The person closed the form."""


@dataclass
class Chat:
    """One conversation in one terminal."""

    assistant: Assistant
    practice: Practice
    school: School
    persona: Persona
    stdin: TextIO
    stdout: TextIO
    width: int = WIDEST
    on_screen: list[Choice] = field(default_factory=list)

    def run(self) -> int:
        """Greet, then take lines until they end; returns 0."""
        try:
            self._greet()
            lines = self._lines()
            while (line := next(lines, None)) is not None and line.strip() != "/quit":
                self._take(line, lines)
            self._say(labels.BYE)
        except KeyboardInterrupt:
            self._say("")
        except BrokenPipeError:  # whoever was reading has gone; there is nobody left to tell
            pass
        return 0

    def _greet(self) -> None:
        self._say(labels.PRACTICE.format(school=self.school.name, persona=self.persona.label))
        self._say(labels.COMMANDS)
        self._show(self.assistant.greet(self.persona.id, self.school.id))

    def _take(self, line: str, lines: Iterator[str]) -> None:
        if line.startswith("/school"):
            self._switch(line.removeprefix("/school").strip())
        else:
            reply = self._turn(read_turn(line, self.on_screen))
            while reply.form is not None:
                self._show(Reply(reply.messages))
                try:
                    reply = self._turn(self._fill(reply.form, lines))
                except (Stopped, StopIteration):
                    self._say(labels.STOPPED)
                    return
            self._show(reply)

    def _switch(self, given: str) -> None:
        known = {school.id: school for school in self.practice.schools}
        if given in known:
            self.school = known[given]
            self._greet()
        else:
            self._say(labels.SCHOOLS.format(given=given or "of that name", known=", ".join(known)))

    def _turn(self, act: Act) -> Reply:
        return self.assistant.reply(Turn("terminal", self.persona.id, self.school.id, act))

    def _fill(self, opened: FormReply, lines: Iterator[str]) -> Submitted:
        """Ask each question until its answer fits; what was answered before is kept."""
        typed: dict[str, tuple[Sealed, ...]] = dict(opened.given)
        problems = dict(opened.problems)
        self._say(render_form(opened.form))
        for question in opened.form.questions:
            problem = problems.get(question.name, "")
            while problem or question.name not in typed:
                self._say(render_question(question, self.width, problem))
                typed[question.name] = read_answer(question, _unless_stopped(lines))
                alone = Form(opened.form.id, opened.form.title, opened.form.submit, (question,))
                problem = check(alone, typed).problems.get(question.name, "")
        return Submitted(opened.form.id, typed)

    def _show(self, reply: Reply) -> None:
        self.on_screen = choices(reply.messages)
        number = 1
        for message in reply.messages:
            self._say(render(message, self.width, number))
            number += len(choices([message]))

    def _say(self, text: str) -> None:
        self.stdout.write(text + "\n\n")
        self.stdout.flush()

    def _lines(self) -> Iterator[str]:
        while True:
            self.stdout.write(labels.PROMPT)
            self.stdout.flush()
            try:
                line = self.stdin.readline()
            except UnicodeDecodeError:
                self._say(labels.NOT_TEXT)
                continue
            if not line:
                return
            yield line.removesuffix("\n").removesuffix("\r")


def _unless_stopped(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        if line.strip() == STOP:
            raise Stopped
        yield line
    raise Stopped


def chat(
    assistant: Assistant,
    practice: Practice,
    school: str,
    persona: str,
    stdin: TextIO,
    stdout: TextIO,
    width: int = WIDEST,
) -> int:
    """Talk in a terminal until the lines end or `/quit`; returns the exit code."""
    schools = {known.id: known for known in practice.schools}
    personas = {known.id: known for known in practice.personas}
    return Chat(assistant, practice, schools[school], personas[persona], stdin, stdout, width).run()
