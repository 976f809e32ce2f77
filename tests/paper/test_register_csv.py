from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.papers import Papers
from bot.domain.accounts_csv import read_accounts
from bot.domain.people import School
from bot.domain.register import COLUMNS, Entry, taken_in
from bot.paper.register_csv import register_csv
from bot.paper.table import unguarded
from bot.talk.shown import shown
from tests.domain.schools import person, school
from tests.paper.requests import PAPERS

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HERE = school(person("teacher"), person("leader"), person("other"), replace(person("twin"), name="Other"))
ENTRY = Entry(
    "E-4F7K-9Q2M",
    "milford",
    "account",
    "Instagram",
    "@netball",
    NOW,
    "R-4F7K-9Q2M",
    "To show matches, and “more”",
    "Pupils; families",
    ("teacher", "leader"),
    ("other", "gone"),
    date(2026, 12, 1),
    date(2027, 7, 1),
    "No surnames",
)


def read(data: bytes) -> list[dict[str, str]]:
    """The rows of a file by the names of its columns, as they were before they were guarded."""
    rows = csv.DictReader(StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    return [{name: unguarded(cell) for name, cell in row.items()} for row in rows]


def again(entries: list[Entry], here: School = HERE) -> list[Entry]:
    """What an empty school takes in of what the register gives out."""
    numbers = count(1)
    rows = read_accounts(register_csv(entries, here).decode()).rows
    found, problems = taken_in(rows, here, (), NOW, lambda: next(numbers) * 7919**3)
    assert problems == ()
    return [replace(one, ref="") for one in found]


def test_an_account_is_a_row_that_says_everything_of_it() -> None:
    entry = ENTRY.then(NOW, "handed-over", "leader", role="administrators", to="other", **{"from": "leader"})
    entry = entry.then(NOW + timedelta(days=1), "reminded", duty="review").then(NOW + timedelta(2), "closed", "teacher")

    assert read(register_csv([entry], HERE)) == [
        {
            "platform": "Instagram",
            "handle": "@netball",
            "purpose": "To show matches, and “more”",
            "audience": "Pupils; families",
            "administrators": "Teacher; other",
            "moderators": "other; somebody who is no longer on the list (gone)",
            "opens": "01/12/2026",
            "closes": "01/07/2027",
            "conditions": "No surnames",
            "reference": "E-4F7K-9Q2M",
            "status": "Closed",
            "request": "R-4F7K-9Q2M",
            "added": "23/11/2026",
            "history": "23/11/2026 Leader changed the administrators: Leader left, other joined\n"
            "24/11/2026 Signpost sent a reminder about the yearly review\n"
            "25/11/2026 Teacher closed it",
        }
    ]


def test_a_cell_that_could_run_as_a_formula_does_not() -> None:
    data = register_csv([replace(ENTRY, handle='=HYPERLINK("https://example.invalid")')], HERE)
    assert data.startswith(b"\xef\xbb\xbf") and b"\"'=HYPERLINK(" in data


WORDS = st.text(max_size=30).map(lambda text: " ".join(shown(text).split()))
PEOPLE = st.lists(st.sampled_from([one.id for one in HERE.people]), unique=True).map(tuple)
DAYS = st.none() | st.dates(date(1950, 1, 1), date(2080, 1, 1))
ENTRIES = st.lists(
    st.builds(
        Entry,
        ref=st.just(""),
        school=st.just("milford"),
        kind=st.just("account"),
        platform=WORDS.filter(bool),
        handle=WORDS.filter(bool),
        added=st.just(NOW),
        purpose=WORDS,
        audience=WORDS,
        administrators=PEOPLE.filter(bool),
        moderators=PEOPLE,
        opens=DAYS,
        conditions=WORDS,
    ),
    max_size=5,
    unique_by=lambda one: (one.platform + one.handle).casefold().replace("@", ""),
)


@given(ENTRIES)
def test_what_goes_out_can_be_taken_in_again(entries: list[Entry]) -> None:
    assert again(entries) == entries


def test_days_of_both_ends_go_round() -> None:
    entry = replace(ENTRY, ref="", request="", moderators=())
    assert again([entry]) == [entry]


def test_papers_name_their_files_and_say_what_they_are() -> None:
    papers: Papers = PAPERS
    file = papers.register([ENTRY], HERE)
    assert (file.name, file.media, file.body) == (
        "register.csv",
        "text/csv; charset=utf-8",
        register_csv([ENTRY], HERE),
    )
    assert COLUMNS == tuple(read(file.body)[0])[: len(COLUMNS)]
