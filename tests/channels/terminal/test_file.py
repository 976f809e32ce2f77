"""A file that a reply brings is written where the person is, and never over another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.channels.terminal.fake_assistant import FILE
from tests.channels.terminal.test_app import transcript


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    # Its name is short, since a long one would be broken over two lines of the screen.
    folder = tmp_path_factory.mktemp("f")
    monkeypatch.chdir(folder)
    return folder


def test_a_file_is_saved_for_its_owner_alone_and_never_over_another(folder: Path) -> None:
    (folder / "list.csv").write_bytes(b"mine")
    saved = f"\n> file\n\nHere is the file.\n\nSaved as {folder}/"

    assert transcript("file", "file", "/quit") == (f"{saved}list-2.csv\n{saved}list-3.csv\n\n> /quit\n\nGoodbye.\n")
    assert {path.name: (path.read_bytes(), path.stat().st_mode & 0o077) for path in folder.glob("list-*")} == {
        "list-2.csv": (FILE.body, 0),
        "list-3.csv": (FILE.body, 0),
    }
    assert (folder / "list.csv").read_bytes() == b"mine"


def test_a_file_that_cannot_be_saved_gets_one_sentence_and_the_talk_goes_on(folder: Path) -> None:
    folder.rmdir()

    assert transcript("file", "hi", "/quit") == (
        "\n> file\n\nHere is the file.\n\n"
        "list.csv could not be saved here. Start Signpost in a folder of your own, then ask for\nit again.\n"
        "\n> hi\n\nYou said: hi\n"
        "\n> /quit\n\nGoodbye.\n"
    )
