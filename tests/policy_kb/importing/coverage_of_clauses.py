"""How much of the five documents comes out as the clauses that were cut by hand.

    python -m tests.policy_kb.importing.coverage_of_clauses [FOLDER] [--without-mapping] [--misses]

FOLDER holds clauses.jsonl and one .txt for each policy. Two figures for each document: clauses found as a clause of
their own (one imported clause is not counted for two), and found under the same id. Exit 1 where the second is below
95 % in total.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

from policy_kb.importing import ImportedDocument, read_document

FOLDER = Path(__file__).parents[4] / "shared" / "policies"
MAPPING = Path(__file__).with_name("sections.toml")
LEAST = 95.0


def same_text(one: str, other: str) -> bool:
    """True where one text is nearly a run of the other: 80 % of the shorter one's words."""
    short, long = sorted((re.findall(r"[a-z0-9]+", text.lower()) for text in (one, other)), key=len)
    hit = sum((Counter(short) & Counter(long)).values())
    return bool(short) and hit >= 0.8 * len(short) and len(short) >= min(5, len(long))


def matched(document: ImportedDocument, wanted: dict[str, str]) -> tuple[set[str], set[str]]:
    """The ids found as a clause of their own, and of these the ids found under the same id."""
    texts = {clause.id: clause.text for clause in document.clauses}
    same = {key for key, text in wanted.items() if key in texts and same_text(text, texts[key])}
    free = set(texts) - same
    own = set(same)
    for key in wanted.keys() - same:
        if taken := next((name for name in sorted(free) if same_text(wanted[key], texts[name])), None):
            free.discard(taken)
            own.add(key)
    return own, same


def main(arguments: list[str]) -> int:
    """Print the figures; 1 where too few ids are the same."""
    names = [argument for argument in arguments if not argument.startswith("--")]
    folder = Path(names[0]) if names else FOLDER
    given = {} if "--without-mapping" in arguments else tomllib.loads(MAPPING.read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in (folder / "clauses.jsonl").read_text(encoding="utf-8").splitlines() if line]
    totals = Counter[str]()
    for policy in sorted({row["policy"] for row in rows}):
        wanted = {row["id"]: row["text"] for row in rows if row["policy"] == policy}
        document = read_document(folder / f"{policy}.txt", policy, sections=given.get(policy, {}))
        own, same = matched(document, wanted)
        totals.update(own=len(own), same=len(same), wanted=len(wanted))
        of = len(wanted)
        print(
            f"{policy:10} own clause {len(own):3}/{of}  same id {len(same):3}/{of}  of {len(document.clauses)} clauses"
        )
        if "--misses" in arguments:
            for key in wanted.keys() - same:
                print(f"    {'other id' if key in own else 'no own clause'}: {key}")
    own_share, share = (100 * totals[name] / totals["wanted"] for name in ("own", "same"))
    print(f"total: own clause {own_share:.1f} %, same id {share:.1f} %")
    return 0 if share >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
