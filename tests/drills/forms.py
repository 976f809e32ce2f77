"""Every request form at every school that uses it, in a browser and at a terminal, filled in as people fill in forms.

What was answered is what is stored, shown to whoever signs, and registered; each rule broken says so beside its
question; a form half filled in goes on after a restart; questions of people open a form that fits.
`--count` is how many forms at a school, evenly spread.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from rich.progress import Progress
from starlette.applications import Starlette

from bot.conversation import request_wording as say
from bot.conversation.request_answers import content_lines
from bot.conversation.request_forms import RequestForm, for_school, load_request_forms
from bot.conversation.written import Line
from bot.domain.people import School
from bot.domain.register import Entry
from bot.domain.request import Request, State
from bot.domain.stages import Staffing, signers
from bot.settings import Settings
from bot.talk.message import Action, Choice, Choices, Message
from bot.talk.sealed import Sealed
from bot.talk.turn import Assistant, Pressed, Reply, Said, Turn
from bot.wiring import Installation
from intents.catalogue import catalogue, rows
from policy_kb.knowledge import Knowledge
from tests.domain.schools import MONDAY
from tests.drills import installation
from tests.drills.answers import REQUIRED, Answers, Asker
from tests.drills.at_work import Browser, Fault, Hand, Keyboard, plain
from tests.office import keys

QUESTIONS = Path(__file__).parents[3] / "shared" / "questions" / "dev.jsonl"
"""People's questions, for measuring only."""
LEAST = 27
"""Of thirty questions that ask for approval, how many open a form that fits."""
ASKERS = ("teacher", "support", "dsl", "manager", "leader")
FORMS = load_request_forms()
_REFERENCE = re.compile(r"R-[2-9A-Z]{4}-[2-9A-Z]{4}")
_BUTTON = "button: "


@dataclass(frozen=True, slots=True)
class WithButtons:
    """The assistant, and before it the button that begins any form, as an answer in the chat would offer it."""

    behind: Assistant
    schools: Mapping[str, School]

    def greet(self, person: str, school: str) -> Reply:
        """The assistant's greeting."""
        return self.behind.greet(person, school)

    def reply(self, turn: Turn) -> Reply:
        """The button that was asked for, else the assistant's reply."""
        words = turn.act.text.reveal() if isinstance(turn.act, Said) else ""
        if not words.startswith(_BUTTON):
            return self.behind.reply(turn)
        form = FORMS[words.removeprefix(_BUTTON)]
        begin = Choice(form.title, _start(form, self.schools[turn.school]))
        return Reply((Message(form.title, (Choices("", (begin,)),)),))


def _start(form: RequestForm, school: School) -> Action:
    """By its kind and a clause it rests on; a form that the school's own takes the place of, by its id."""
    for clause in ("", *form.clauses):
        if for_school(FORMS, school, form.kind, clause) == form:
            return Action("start", {"kind": form.kind, "to": "head", "clause": clause})
    return Action("start", {"kind": form.kind, "form": form.id})


@dataclass
class House:
    """An installation that can be thrown away and built anew on the same folder."""

    folder: Path
    known: Knowledge
    restarts: int = 0
    hands: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self._build()

    def _build(self) -> None:
        settings = Settings(data=self.folder, keys=keys().folder)
        self.here = Installation(settings, clock=lambda: MONDAY)
        self.here.known = self.known
        self.schools = {school.id: school for school in self.here.samples}
        self.assistant = WithButtons(self.here.assistant, self.schools)
        self.here.assistant = self.assistant  # type: ignore[assignment]
        self.app: Starlette = self.here.web()

    def restart(self) -> None:
        """Throw it away, and everybody's browser and terminal, and start again."""
        self.close()
        self.restarts += 1
        self._build()

    def close(self) -> None:
        """Everybody leaves, and nothing is open any more."""
        self.hands.close()
        self.here.engine.dispose()

    def hand(self, channel: str, school: str, person: str) -> Hand:
        """Somebody who comes in by a channel."""
        if channel == "web":
            hand: Hand = Browser(self.app, school, person)
        else:
            hand = Keyboard(self.assistant, self.here.practice, school, person)
        self.hands.callback(hand.leave)
        return hand

    def request(self, school: str, ref: str) -> Request:
        """A request as it is kept."""
        with self.here.approvals.records.work(school) as work:
            found = work.request(ref)
        if found is None:
            raise Fault(f"{ref} is not kept")
        return found

    def stored(self, request: Request) -> tuple[Line, ...]:
        """What was sent in, in words."""
        opened = self.here.approvals.open(request.school, request.requester, request.ref)
        return content_lines(opened.words[request.text])

    def entries(self, school: str) -> Mapping[str, Entry]:
        """The register."""
        with self.here.approvals.records.work(school) as work:
            return {entry.ref: entry for entry in work.entries()}


@contextmanager
def house() -> Iterator[House]:
    """A new installation of the sample schools."""
    with tempfile.TemporaryDirectory() as folder, closing(installation(folder)) as known:
        built = House(Path(folder), known)
        try:
            yield built
        finally:
            built.close()


# --- asking and signing ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Trial:
    """One form at one school."""

    house: House
    form: RequestForm
    school: School
    chance: random.Random

    @property
    def asker(self) -> Asker:
        """Somebody who asks by it."""
        return Asker(self.form, self.school, self.chance.choice(ASKERS), MONDAY.date(), self.chance)

    def begun(self, asker: Asker, channel: str) -> Hand:
        """Its first page, opened by its button."""
        hand = self.house.hand(channel, self.school.id, asker.person)
        hand.say(_BUTTON + self.form.id)
        hand.press(self.form.title)
        return hand

    def sent(self, hand: Hand, asker: Asker, answers: Answers) -> Request:
        """The request, once all was checked and sent; what is stored is what was answered."""
        _hold(say.CHECK in hand.text and hand.shows(asker.lines(answers)), f"to be checked: {hand.text}")
        hand.press(self.form.submit)
        found = _REFERENCE.search(hand.text)
        _hold(found is not None, f"no reference: {hand.text}")
        request = self.house.request(self.school.id, found[0] if found else "")
        stored = self.house.stored(request)
        _hold(stored == asker.lines(answers), f"stored {stored}, answered {asker.lines(answers)}")
        return request

    # --- round trip --------------------------------------------------------------------------------------------------
    def round_trips(self) -> int:
        """Ask by both channels with the same answers until it is approved; how many requests."""
        asker, sent = self.asker, []
        for answers in asker.plans():
            for channel in ("web", "terminal"):
                hand = self.begun(asker, channel)
                for number in range(len(asker.pages(answers))):
                    hand.fill(asker.pages(answers)[number], answers)
                sent.append(self.sent(hand, asker, answers))
                self._signed(sent[-1], channel, asker.lines(answers))
            _hold(*_same(*map(self.house.stored, sent[-2:])))
        return len(sent)

    def _signed(self, request: Request, channel: str, lines: tuple[Line, ...]) -> None:
        """Whoever waits signs, one after the other; what is approved is registered then, and not before."""
        while request.state is State.PENDING:
            _hold(
                "E" + request.ref[1:] not in self.house.entries(self.school.id), f"{request.ref} registered too early"
            )
            waiting = signers(request.waiting, Staffing(self.school, (), MONDAY))
            signer = self.house.hand(channel, self.school.id, self.chance.choice(waiting).person)
            signer.say(request.ref.lower())
            _hold(signer.shows(lines), f"shown to whoever signs: {signer.text}")
            signer.press(say.ACTS["approve"])
            before, request = request, self.house.request(self.school.id, request.ref)
            _hold(len(request.signed) == len(before.signed) + 1, f"not signed: {signer.text}")
        wanted = State.RECORDED if self.form.recorded_only else State.APPROVED
        _hold(request.state is wanted, f"{request.ref} is {request.state}")
        _hold(len(request.signed) == (0 if self.form.recorded_only else len(self.form.stages)), "stages left out")

    # --- rules -------------------------------------------------------------------------------------------------------
    def rules(self) -> int:
        """Break each rule and leave each question empty that must be answered, by both channels; how many."""
        broken = 0
        for channel in ("web", "terminal"):
            asker = self.asker
            good = asker.apart()
            hand, shown = self.begun(asker, channel), asker.pages(good)
            for page in shown:
                must = {each.name: REQUIRED for each in page.questions if each.required}
                if must:
                    hand.fill(page, {name: given for name, given in good.items() if name not in must})
                beside = hand.fill(page, good)
                _hold(beside == must, f"{channel}: {page.id} left empty: {beside}")
            for name, answers, problem in asker.breaks(good):
                number = next(at for at, page in enumerate(shown, 1) if name in {one.name for one in page.questions})
                hand.press(say.CHANGE.format(number=number) if len(shown) > 1 else say.CHANGE_ONE)
                hand.fill(shown[number - 1], answers)
                self._nothing_lost(hand, asker, answers)
                beside = hand.fill(shown[number - 1], good)
                _hold(beside == {name: plain(problem)}, f"{channel}: {name} should say {problem}, and is {beside}")
                broken += 1
            self.sent(hand, asker, good)
        return broken

    def _nothing_lost(self, hand: Hand, asker: Asker, answers: Answers) -> None:
        """The page stands as it was sent; a terminal asks for what is wrong alone, and keeps the rest unseen."""
        if isinstance(hand, Browser):
            stands = {name: sorted(given) for name, given in hand.sheet.given.items()}
            typed = {name: sorted(answers[name]) for name in stands}
            _hold(stands == typed, f"{asker.form.id}: typed {typed}, came back {stands}")

    # --- restarts ----------------------------------------------------------------------------------------------------
    def restarts(self) -> int:
        """Half fill each page, restart, go on by the other channel, send it, restart; how many restarts."""
        asker, before = self.asker, self.house.restarts
        answers, channels = (
            asker.filled(),
            cycle(("web", "terminal") if self.chance.random() < 0.5 else ("terminal", "web")),
        )
        hand = self.begun(asker, next(channels))
        for page in asker.pages(answers):
            names = [each.name for each in page.questions][: self.chance.randint(1, len(page.questions))]
            half = {name: answers[name] for name in names}
            hand.put_away(page, half)
            hand = self._went_on(asker, next(channels))
            hand.fill(page, answers, keep=[name for name in names if answers[name]])
            hand = self._went_on(asker, next(channels))
        self.sent(hand, asker, answers)
        return self.house.restarts - before

    def _went_on(self, asker: Asker, channel: str) -> Hand:
        self.house.restart()
        hand = self.house.hand(channel, self.school.id, asker.person)
        hand.say("my requests")
        hand.press(self.form.title)
        return hand


def _hold(truth: bool, otherwise: str) -> None:
    if not truth:
        raise Fault(otherwise)


def _same(first: object, second: object) -> tuple[bool, str]:
    return first == second, f"on the web {first}, in the terminal {second}"


# --- people's questions ----------------------------------------------------------------------------------------------
def asked(known: Knowledge, house: House) -> tuple[int, int]:
    """How many of the questions that ask for approval open a form that fits, of how many; prints the others."""
    questions = [row for row in rows(QUESTIONS) if row["route"] == "approval"]
    fits = 0
    for number, row in enumerate(questions):
        school = next(each for each in house.schools.values() if each.policy == row["policy"])
        opened, button = _opened(house, f"question-{number}", school, row["q"])
        fault = _misfit(known, school, row, opened, button)
        fits += not fault
        if fault:
            print(f"{school.id}: {row['q']!r}: {fault}")
    return fits, len(questions)


def _opened(house: House, conversation: str, school: School, words: str) -> tuple[RequestForm | None, str]:
    """The form that the first button for an approval opens, and the button's kind."""
    person = "teacher"
    reply = house.assistant.reply(Turn(conversation, person, school.id, Said(Sealed(words))))
    blocks = (block for message in reply.messages for block in message.blocks if isinstance(block, Choices))
    kinds = catalogue().forms()
    found = (one.action for block in blocks for one in block.options if one.action.values.get("kind") in kinds)
    button = next((action for action in found if action.name == "start"), None)
    if button is None:
        return None, ""
    reply = house.assistant.reply(Turn(conversation, person, school.id, Pressed(button)))
    form = reply.form.form.id.rpartition(".")[0] if reply.form else ""
    return FORMS.get(form), button.values["kind"]


def _misfit(known: Knowledge, school: School, row: dict[str, Any], opened: RequestForm | None, button: str) -> str:
    """What is wrong with the form that was opened; empty where it fits."""
    if not button:
        return "no button in the first reply"
    if opened is None or not opened.serves(school):
        return f"the button for {button} opens nothing"
    gold, policy = set(row["gold"]), known.policy(school.policy)
    kinds = {clause.form for each in gold if (clause := policy.clause(each))}
    if gold & set(opened.clauses) or opened.kind in kinds:
        rather = [
            form.id for form in FORMS.values() if form.kind == opened.kind and form.serves(school) and form.policies
        ]
        closer = [each for each in rather if gold & set(FORMS[each].clauses)]
        if closer and opened.id not in closer:
            print(f"{school.id}: {row['q']!r}: {opened.id} opens, {' or '.join(closer)} rests on {sorted(gold)}")
        return ""
    return f"{opened.id} opens, which rests on none of {sorted(gold)} and is not of {sorted(filter(None, kinds))}"


# --- the drill -------------------------------------------------------------------------------------------------------
def drill(count: int | None) -> bool:
    """Print what is not as it must be, and the figures; whether all holds."""
    figures, faults = Counter[str](), list[str]()
    with house() as built, Progress() as progress:
        every = [(form, school) for form in FORMS.values() for school in built.schools.values() if form.serves(school)]
        chosen = every if count is None else every[:: max(1, len(every) // count)][:count]
        once = {form.id: (form, school) for form, school in reversed(chosen)}
        bar = progress.add_task("Forms", total=len(chosen) + 2 * len(once))
        for part, places in (("round_trips", chosen), ("rules", once.values()), ("restarts", once.values())):
            for form, school in places:
                trial = Trial(built, form, school, random.Random(f"{part} {form.id} {school.id}"))
                try:
                    figures[part] += getattr(trial, part)()
                except Fault as fault:
                    faults.append(f"{part}: {form.id} at {school.id}: {fault}")
                built.hands.close()
                progress.advance(bar)
        faults += registered(built)
        fits, questions = asked(built.known, built) if QUESTIONS.is_file() else (0, 0)
    for line in faults:
        print(line)
    if not questions:
        print("The questions of people are not here: left out.")
    done = f"{figures['round_trips']:,} requests, {figures['rules']:,} answers wrong or left out"
    done += f", {figures['restarts']:,} restarts"
    print(f"{len(once)} forms, {len(chosen)} at a school: {done}: {len(faults)} faults", end="; ")
    print(f"{fits} of {questions} questions open a form that fits")
    return not faults and fits * 30 >= questions * LEAST


def registered(house: House) -> Iterator[str]:
    """Requests without their entry in the register, and entries without such a request."""
    for school in house.schools:
        with house.here.approvals.records.work(school) as work:
            approved = [one for one in work.requests() if one.state is State.APPROVED]
        wanted = {"E" + one.ref[1:] for one in approved if FORMS[one.form].register}
        wrong = wanted ^ house.entries(school).keys()
        yield from (f"{school}: {ref} is registered and not approved, or the other way round" for ref in sorted(wrong))
