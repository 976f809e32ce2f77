import csv
from io import StringIO

from bot.paper.case_csv import case_csv
from tests.paper.cases import ANSWERS, SCHOOL, opened


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def test_a_case_becomes_a_row_for_each_entry() -> None:
    ref = "S-4F7K-9Q2M"
    assert _rows(case_csv(opened(), SCHOOL, ANSWERS)) == [
        ["Reference", "Number", "Date", "Time", "What", "By", "Level", "Outcome", "Details"],
        [
            ref,
            "1",
            "01/07/2026",
            "09:05",
            "Report received",
            "the reporter",
            "",
            "",
            "What happened?: A pupil told me.\nI wrote it down.\nThe child’s own words: “I do not want to go home.”",
        ],
        [ref, "2", "01/07/2026", "09:25", "Picked up", "The DSL", "", "", ""],
        [
            ref,
            "3",
            "01/07/2026",
            "10:05",
            "Assessed",
            "The DSL",
            "Child protection",
            "",
            "Level: Child protection\nWhy?: It fits the threshold of the area.",
        ],
        [
            ref,
            "4",
            "01/07/2026",
            "11:05",
            "Correction",
            "The DSL",
            "",
            "",
            "Which entry?: 1\nWhat is right?: It was Tuesday.",
        ],
        [
            ref,
            "5",
            "02/07/2026",
            "09:05",
            "Closed",
            "The Head",
            "",
            "Resolved in school",
            "Outcome: Resolved in school\nWhy?: All is in place.",
        ],
    ]


def test_an_answer_of_any_length_stands_whole_and_never_runs() -> None:
    answer = '=HYPERLINK("https://example.invalid")' + "x" * 40_000
    rows = _rows(case_csv(opened(), SCHOOL, {1: [("", answer)]}))
    assert rows[1][-1] == "'" + answer


def test_text_that_turns_the_line_round_loses_its_power() -> None:
    rows = _rows(case_csv(opened(), SCHOOL, {1: [("Note", "abc\u202edef\x00")]}))
    assert rows[1][-1] == "Note: abcdef"
