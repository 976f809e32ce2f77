"""The chat in a terminal: a line in, a turn over, what came back on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO
from uuid import uuid4

from bot.channels.terminal import labels, read
from bot.channels.terminal.desk import Desk, Gone
from bot.channels.terminal.file import keep
from bot.channels.terminal.read import choices_by_number, read_act, read_chat_command
from bot.channels.terminal.render import render, render_points
from bot.channels.terminal.sheet import Closed, Left, fill
from bot.domain.people import Practice
from bot.talk.message import Choice
from bot.talk.turn import Act, Assistant, Download, Kept, Reply, Submitted, Turn


def chat(assistant: Assistant, practice: Practice, school: str, persona: str, stdin: TextIO, stdout: TextIO) -> int:
    """
    Talk until the person leaves.

    Returns 0 after /quit, Ctrl-C or the end of the input, 1 where nobody reads the output any more.
    """
    desk = Desk(stdin, stdout)
    try:
        try:
            _Chat(assistant, practice, persona, desk, school).run()
        except (Gone, KeyboardInterrupt):
            desk.tell(labels.GOODBYE)
    except BrokenPipeError:
        desk.abandon()
        return 1
    return 0


@dataclass(slots=True)
class _Chat:
    """One conversation; `choices` are those on the screen."""

    assistant: Assistant
    practice: Practice
    persona: str
    desk: Desk
    school: str
    conversation: str = field(default_factory=lambda: uuid4().hex)
    choices: Mapping[str, Choice] = field(default_factory=dict)

    def run(self) -> None:
        """Greet, then take one line after the other. Raises Gone at the end."""
        self._greet()
        while True:
            line = self.desk.line()
            if command := read_chat_command(line):
                self._obey(*command)
            elif line:
                self._take(read_act(line, self.choices))

    def _greet(self) -> None:
        self._follow(self.assistant.greet(self.persona, self.school))

    def _take(self, act: Act) -> None:
        self._follow(self._reply(act))

    def _reply(self, act: Act) -> Reply:
        return self.assistant.reply(Turn(self.conversation, self.persona, self.school, act))

    def _follow(self, reply: Reply) -> None:
        """Show a reply; a form in it is filled in and sent, as often as one comes back."""
        self._show(reply)
        while reply.form is not None:
            form, key = reply.form.form, reply.form.key
            try:
                typed = fill(reply.form, self.desk)
            except (Closed, Left) as put_away:
                self._reply(Kept(form.id, put_away.typed, key))
                if isinstance(put_away, Left):
                    raise
                self.desk.tell(labels.FORM_CLOSED.format(title=form.title))
                return
            reply = self._reply(Submitted(form.id, typed, key))
            self._show(reply)

    def _show(self, reply: Reply) -> None:
        first = 1
        for message in reply.messages:
            self.desk.show(render(message, self.desk.width, first=first, colour=self.desk.colour))
            first += len(choices_by_number([message]))
        # Choices stay until others take their numbers.
        self.choices = choices_by_number(reply.messages) or self.choices
        if reply.file is not None:
            self._keep(reply.file)

    def _keep(self, file: Download) -> None:
        try:
            kept = labels.FILE_KEPT.format(path=keep(file, Path.cwd()))
        except OSError:
            kept = labels.FILE_LOST.format(name=file.name)
        self.desk.tell(kept)

    def _obey(self, command: str, word: str) -> None:
        match command:
            case read.HELP:
                self.desk.show(render_points(labels.HELP, self.desk.width, colour=self.desk.colour))
            case read.QUIT:
                raise Gone
            case read.SCHOOL:
                self._change_school(word)
            case _:
                self.desk.tell(labels.UNKNOWN_COMMAND.format(command=command))

    def _change_school(self, school: str) -> None:
        known = [each.id for each in self.practice.schools]
        if school in known:
            self.school, self.conversation, self.choices = school, uuid4().hex, {}
            self._greet()
        elif school:
            self.desk.tell(labels.UNKNOWN_SCHOOL.format(school=school, schools=", ".join(known)))
        else:
            self.desk.tell(labels.SCHOOL_NOW.format(school=self.school, schools=", ".join(known)))
