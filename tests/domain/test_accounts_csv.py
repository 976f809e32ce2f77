"""A list of accounts is read however a spreadsheet wrote it, and what is none says so."""

from __future__ import annotations

import pytest

from bot.domain.accounts_csv import NoList, read_accounts

CHOIR = {"platform": "X", "handle": "choir", "administrators": "teacher; other", "": ""}


@pytest.mark.parametrize(
    "text",
    [
        "platform,handle,administrators\nX,choir,teacher; other",
        '\ufeffPlatform;HANDLE;Administrators\r\nX;choir;"teacher; other"\r\n',
        "platform\thandle\tadministrators\rX\tchoir\tteacher; other\r",
        '"platform", handle ,administrators\n"X", choir ,"teacher; other"\n',
    ],
)
def test_a_list_is_read_whatever_stands_between_its_cells(text: str) -> None:
    assert [row for row in read_accounts(text).rows if row] == [CHOIR]


def test_every_line_keeps_its_number_whatever_is_left_empty() -> None:
    rows = read_accounts("\n,,\nplatform,handle,administrators\n\nX,choir,teacher; other\n").rows
    assert [number for number, row in enumerate(rows, 2) if any(row.values())] == [5]


def test_columns_that_are_not_known_are_named_and_cells_beyond_the_columns_have_no_name() -> None:
    found = read_accounts("platform,handle,administrators,Notes,\nX,choir,teacher,loud,\nX,a, b,c,d,e")
    assert found.ignored == ("Notes",)
    assert [row[""] for row in found.rows] == ["", "d e"]


def test_the_apostrophe_of_an_export_is_taken_off_again() -> None:
    rows = read_accounts("platform,handle,administrators\nX,'@choir,teacher\nX,'Allo,teacher").rows
    assert [row["handle"] for row in rows] == ["@choir", "'Allo"]


@pytest.mark.parametrize(
    ("text", "code", "about"),
    [
        ("", "empty", ""),
        ("\ufeff\n , \n", "empty", ""),
        ("X,choir,teacher", "columns-missing", "platform, handle, administrators"),
        ("platform,handle,administrators,Platform\nX", "columns-twice", "platform"),
        ('platform,handle,administrators\nX,a,b\nX,"choir,teacher\nX,c,d', "quotes", "3"),
        ('platform,handle,administrators\nX,"a"b,c', "quotes", "2"),
    ],
)
def test_what_is_no_list_says_why(text: str, code: str, about: str) -> None:
    with pytest.raises(NoList) as fault:
        read_accounts(text)
    assert (fault.value.code, fault.value.about) == (code, about)
