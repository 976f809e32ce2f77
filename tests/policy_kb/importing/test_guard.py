"""What is refused, and in which words: one sentence that says what to do."""

import io
import os
import re
import zipfile
from pathlib import Path

import pytest

from policy_kb.errors import PolicyError
from policy_kb.importing import archive, guard, pdf_pages, read_document
from tests.policy_kb.importing.documents import docx, imported, p, pdf

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def _zip(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, b"x")
    return file.getvalue()


def _bomb() -> bytes:
    return docx(p("Text."), extra={"word/media/picture.bin": bytes(60_000_000)})


def _entities() -> bytes:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'
    return docx(extra={"word/document.xml": bomb})


def _nested() -> bytes:
    return docx("<w:sdt><w:sdtContent>" * 20_000 + "</w:sdtContent></w:sdt>" * 20_000)


def _password() -> bytes:
    return pdf(lambda page: None, header="Phones are off.", password="secret")


def _scan() -> bytes:
    return pdf(lambda page: page.rect(20, 20, 100, 100))


_IMPORT = "not a document: import a .docx, .pdf, .md, .txt or .html file"
_UNTOLD = "the characters of a.txt cannot be told for certain: save it as UTF-8 and import it again"
_NO_WORD = "not a Word document: save the policy as .docx or .pdf"
_NOTHING = "holds no sentence that could be a clause: check that it is the right document"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.txt", b"", "a.txt is empty: there is nothing to import"),
        ("a.txt", b" \r\n\t ", "a.txt is empty: there is nothing to import"),
        ("a.xlsx", b"x", "a.xlsx cannot be imported: save it as .docx, .pdf, .md, .txt or .html"),
        ("a.docx", b"MZ\x90\x00", f"a.docx is a Windows program, {_IMPORT}"),
        ("a.pdf", b"\x89PNG\r\n", f"a.pdf is a picture, {_IMPORT}"),
        ("a.txt", b"\x00\x01\x02\x03" * 50,
         "a.txt is not a text file: import a .docx, .pdf, .md, .txt or .html document"),
        ("a.txt", "Политика школы о телефонах".encode("koi8-r"), _UNTOLD),
        ("a.txt", "Staff donÕt share.".encode("latin-1"), _UNTOLD),
        ("a.docx", _OLE, "a.docx is an old Word file (.doc): open it in Word and save it as .docx"),
        ("a.docx", _OLE + "EncryptedPackage".encode("utf-16-le"),
         "a.docx is protected by a password: open it in Word, remove the password, and save it again"),
        ("a.docx", _zip("readme"), f"a.docx is a zip archive, {_NO_WORD}"),
        ("a.docx", _zip("xl/workbook.xml"), f"a.docx is an Excel workbook, {_NO_WORD}"),
        ("a.docx", docx(p("Text."))[:-40],
         "a.docx is damaged: open it in Word, save it again as .docx, and import that"),
        ("a.docx", docx(p("")), f"a.docx {_NOTHING}"),
        ("a.docx", _bomb(), "a.docx unpacks to far more than a policy holds: it was not opened"),
        ("a.docx", _entities(), "a.docx holds XML definitions, which no Word document needs: it was not opened"),
        ("a.docx", _nested(),
         "a.docx is nested too deeply or too large: copy its text into a new document and save that"),
        ("a.pdf", b"%PDF-1.7 nonsense",
         "a.pdf is damaged or no PDF at all: open it, save it again as PDF, and import that, or import the Word file"),
        ("a.pdf", _password(),
         "a.pdf is protected by a password: remove the password and save it again, or import the Word file"),
        ("a.pdf", _scan(),
         "a.pdf is a scan without text: import the Word file it was printed from, or run text recognition first"),
        ("a.html", b"<html><script>alert(1)</script></html>", f"a.html {_NOTHING}"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_policy_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(PolicyError, match=f"^{re.escape(sentence)}$"):
        imported(tmp_path, name, content)


def test_a_file_of_200_mb_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(PolicyError, match="a.docx is 200 MB and 50 MB is the most"):
        read_document(path, "p")


def test_what_is_no_ordinary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="is not a file"):
        read_document(tmp_path, "p")
    with pytest.raises(PolicyError, match="No such file"):
        read_document(tmp_path / "none.md", "p")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(PolicyError, match="is not a file"):
        read_document(tmp_path / "a.txt", "p")


def test_a_directory_that_lies_about_sizes_does_not_get_past_the_limit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(archive, "MAX_PART", 1_000)
    with pytest.raises(PolicyError, match="unpacks to far more"):
        imported(tmp_path, "a.docx", docx(p("Staff must lock phones away. " * 100)))


def test_a_text_far_beyond_any_policy_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(guard, "MAX_CHARACTERS", 100)
    with pytest.raises(PolicyError, match="no policy is that long"):
        imported(tmp_path, "a.txt", "Phones are off. " * 10)


def test_a_pdf_of_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "MAX_PAGES", 1)
    content = pdf(lambda page: page.add_page(), header="Phones are off.")
    assert pdf_pages.taken_apart(content) == {"problem": "pages"}


def test_a_policy_id_that_could_not_be_typed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="cannot be the id of a policy"):
        read_document(tmp_path / "a.txt", "../x")
