"""What a message in the chat already tells, as answers in the form of a report: only what is plainly said."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from bot.conversation.report_forms import REPORT_FORMS
from intents.cues import cues
from intents.normalise import normalise
from intents.repair import repair

_ENDS = re.compile(r"[.?!]+(?=\s|$)|[;,\n]")
_WHAT_NOW = re.compile(
    r"\b(?:what|who|how) (?:do|should|can|must|shall) (?:i|we) (?:now |need to |have to )?"
    r"(?:do|tell|report|speak to|talk to|go to|say)(?: (?:about|with) it| it| this)?(?: (?:now|next|please))?\b"
)
_ASKS = re.compile(r"(?=\b(?:if|should i|can i|could i|do i|am i|is it|is this|what should|how do)\b)")
_ASKING = {"opens-with-may-i", "opens-with-is-it", "must-i"}
_QUESTION_WORD = re.compile(r"(?:so |and |but |also )*(?:what(?! happened)|who|how|why|which|if)\b")

_DENIED = re.compile(
    r"\b(?:(?:not|never|nothing|\w+'t) on|(?:not|never|\w+'t) (?:have|use|used|own|got)|left"
    r"|came off|deleted) (?:my |the )?\w+"
)
_NO_CHILD_BEFORE = "".join(
    rf"(?<!{word} )"
    for word in "this last next every per each ex former head.of teach taught teaching was.in were.in been.in".split()
)
_NO_CHILD_AFTER = (
    r"(?! (?:teacher|teaching|tutor|form tutor|head|lead|leaders?|parent|mum|dad|mother|father|nan|staff|team|assistant"
    r"|leavers?|trip|residential|page|account|group chat|times?|years?|months?|weeks?|days?|minutes?|lessons?)\b)"
)
_YEAR = re.compile(rf"{_NO_CHILD_BEFORE}\byear (1[0-3]|[1-9])\b{_NO_CHILD_AFTER}")
_OTHER_YEAR = re.compile(
    rf"{_NO_CHILD_BEFORE}\b(?:(sixth|6 th) form(?:er| pupil| boy| girl)|(reception|nursery) (?:pupil|boy|girl))"
)

_BY_ME = (
    r"(?:^|(?<!says )(?<!said )(?<!saying )(?<!claims )(?<!thinks )\bi(?:'ve)? )(?:(?:have|had|just|only|then|also"
    r"|already|accidentally|stupidly|foolishly|automatically|quickly|by accident|by mistake|without thinking) )*"
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "((?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_WEEKDAY = re.compile(
    rf"(?:\bon (?:{_DAY}|(mon|tues?|weds?|thurs?|thur|fri))|(?<!next )(?<!last )(?<!every )(?<!on )\b{_DAY}"
    r" (?:morning|afternoon|evening|night|lunchtime|break|lesson))\b(?! (?:last|week|before|after))"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_NAMED = re.compile(rf"\bon (?:the )?(\d{{1,2}}) (?:st |nd |rd |th )?(?:of )?{_MONTH}\b(?: (20\d\d)\b)?")
_NUMBERED = re.compile(r"\bon (?:the )?(\d{1,2})/(\d{1,2})(?:/(20\d\d|\d\d))?(?![/\d])", re.IGNORECASE)


def known(kind: str, said: str, today: date) -> dict[str, str]:
    """What a message tells, by the name of the question in the form of this kind; raises KeyError for no such kind.

    Text, days as dd/mm/yyyy, values of options; `happened` is the message as typed. Whom it is about is never guessed.
    """
    told = _told(said)
    answers = {
        "happened": said,
        "child": _child(told),
        "platform": ", ".join(_matches("platform", _DENIED.sub("", told))),
        "theme": _only(_matches("theme", told)),
        "accepted": _accepted(told),
        "when-day": _only([f"{day:%d/%m/%Y}" for day in {*_days(told, today), *_numbered(said, today)}]),
    }
    asked = {question.name for question in REPORT_FORMS[kind].questions}
    return {name: answer for name, answer in answers.items() if answer and name in asked}


def platforms(said: str) -> list[str]:
    """The platforms that a message names, whether it tells or asks, in the order of the table."""
    return _matches("platform", " ".join(repair(normalise(said))))


def _told(said: str) -> str:
    """The words of a message in lines, those left out in which it asks or supposes."""
    pieces = (" ".join(repair(normalise(piece))) for piece in _ENDS.split(said))
    parts = (part.strip() for piece in pieces for half in _WHAT_NOW.split(piece) for part in _ASKS.split(half))
    return "\n".join(part for part in parts if part and not _asks(part))


def _asks(part: str) -> bool:
    return bool(_QUESTION_WORD.match(part) or _ASKING.intersection(cues(part.split())))


def _only(found: list[str]) -> str:
    """What was found where it is one thing; of two nobody knows which was meant."""
    return found[0] if len(found) == 1 else ""


def _child(told: str) -> str:
    years = [f"Year {number}" for number in _YEAR.findall(told)]
    others = ["Sixth form" if sixth else other.capitalize() for sixth, other in _OTHER_YEAR.findall(told)]
    return ", ".join(dict.fromkeys([*years, *others]))


def _accepted(told: str) -> str:
    done = _matches("accepted", told, _BY_ME)
    return "both" if len(done) > 1 else _only(done)


def _days(told: str, today: date) -> Iterator[date]:
    if "day before yesterday" in told:
        yield today - timedelta(2)
    plain = told.replace("day before yesterday", "")
    yield from (today - timedelta(int(ago)) for ago in _matches("ago", plain))
    for names in _WEEKDAY.findall(plain):
        back = (today.weekday() - _DAYS.index("".join(names)[:3])) % 7
        # On a Monday "on Monday" may be today or a week ago.
        if back:
            yield today - timedelta(back)
    for day, month, year in _NAMED.findall(plain):
        yield from _past(int(day), _MONTHS.index(month[:3]) + 1, year, today)


def _numbered(said: str, today: date) -> Iterator[date]:
    for day, month, year in _NUMBERED.findall(said):
        yield from _past(int(day), int(month), year and f"20{year[-2:]}", today)


def _past(day: int, month: int, year: str, today: date) -> Iterator[date]:
    """The last such day that is not still to come; none where there was none."""
    for number in [int(year)] if year else [today.year, today.year - 1]:
        try:
            found = date(number, month, day)
        except ValueError:
            continue
        if found <= today:
            yield found
            return


def _matches(group: str, told: str, before: str = "") -> list[str]:
    """The names of a group whose pattern is found, in the order of the file."""
    return [name for name, pattern in _patterns(group, before).items() if pattern.search(told)]


@cache
def _patterns(group: str, before: str) -> Mapping[str, re.Pattern[str]]:
    groups = tomllib.loads((Path(__file__).parent / "known.toml").read_text(encoding="utf-8"))
    return {name: re.compile(rf"{before}\b(?:{pattern})\b") for name, pattern in groups[group].items()}
