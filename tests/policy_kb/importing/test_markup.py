"""HTML pages."""

from pathlib import Path

from tests.policy_kb.importing.documents import clauses, imported


def test_only_what_a_reader_sees_becomes_clauses(tmp_path: Path) -> None:
    page = (
        "<!DOCTYPE html><html><head><title>Site</title><style>p{color:red}</style></head><body><nav><a>Home</a></nav>"
        "<!-- staff may do anything --><h1>Phone Policy</h1><h2>Staff</h2><p>Staff must not<br>use phones in class.</p>"
        "<script>document.write('<p>Staff may.</p>')</script><p style='display:none'>Hidden.</p>"
        "<footer>School Road 1</footer></body></html>"
    )
    document = imported(tmp_path, "a.html", page)
    assert (document.title, clauses(document)) == ("Phone Policy", [("staff.1", "Staff must not use phones in class.")])


def test_lists_are_nested_and_numbered_as_the_page_shows_them(tmp_path: Path) -> None:
    page = (
        "<h2>Accounts</h2><p>A request names:</p><ol type=a><li>the aim<li>the audience</ol>"
        "<h2>Roles</h2><ul><li>Head<ul><li>Approves accounts</li></ul></li>"
        "<li>Staff<ul><li>Report problems</li></ul></li></ul>"
    )
    assert clauses(imported(tmp_path, "a.html", page)) == [
        ("accounts.1", "A request names: • (a) the aim • (b) the audience"),
        ("roles-head.1", "Approves accounts"),
        ("roles-staff.1", "Report problems"),
    ]


def test_table_rows_have_the_names_of_their_columns(tmp_path: Path) -> None:
    page = (
        "<h2>Sanctions</h2><p>These apply.</p><table><tr><th>Breach</th><th>Sanction</th></tr>"
        "<tr><td>Phone seen</td><td>Confiscation &amp; letter</td></tr></table>"
    )
    assert clauses(imported(tmp_path, "a.html", page)) == [
        ("sanctions.1", "These apply."),
        ("sanctions.2", "Breach: Phone seen; Sanction: Confiscation & letter"),
    ]


def test_a_cell_over_several_rows_stands_in_each_and_a_table_of_one_column_is_text(tmp_path: Path) -> None:
    page = (
        "<table><tr><td><h2>Roles</h2><p>Roles are these.</p></td></tr></table><table><tr><th>Who<th>What</tr>"
        "<tr><td rowspan=2>Head<td>Approves accounts<tr><td>Reviews accounts</table>"
    )
    assert clauses(imported(tmp_path, "a.html", page)) == [
        ("roles.1", "Roles are these."),
        ("roles.2", "Who: Head; What: Approves accounts"),
        ("roles.3", "Who: Head; What: Reviews accounts"),
    ]


def test_a_page_saved_as_text_is_still_read_as_a_page(tmp_path: Path) -> None:
    document = imported(tmp_path, "a.txt", "<html><body><h2>Phones</h2><p>Phones are off.</p></body></html>")
    assert clauses(document) == [("phones.1", "Phones are off.")]


def test_entities_name_characters_and_nothing_else(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    page = "<h2>Phones</h2><p>Off &b; &lsquo;now&rsquo;.</p>"
    assert clauses(imported(tmp_path, "a.html", bomb + page)) == [("phones.1", "Off &b; ‘now’.")]
