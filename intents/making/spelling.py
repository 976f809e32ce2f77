"""Make `intents/spelling.txt`: the words spelt right, commonest first. Nobody needs to run this to use Signpost.

    python -m intents.making.spelling BRITISH_WORDS MESSAGES.jsonl ...

BRITISH_WORDS is a list with one word a line, such as Debian's package `wbritish`; the messages are phrasings. A word
is spelt right where the list has it, or where the messages use it often and no far commoner word is one slip away.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from intents.normalise import normalise
from intents.table import table

NAMES = """
    anonymised bcc bebo bluesky covid dofe dropbox edmodo emoji emojis fab flipgrid gmail google hotmail
    icloud kahoot leaver leavers mfl moderators mumsnet onlyfans outlook padlet photocopier pinterest ppa pshe
    pta quora qts reddit repost reposted reposting reposts reshare reshared roblox selfie selfies senco sencos
    soundcloud spotify teams telegram threads tripadvisor tumblr twitch ucas vimeo vlog vlogging vlogs wifi
    xbox youtube zoom
""".split()
"""Right although no list has them: platforms, and what schools call things."""

OFTEN = 3
"""Times that the messages use a word which no list has."""

FAR_COMMONER = 8
"""A word that is one slip away and so many times commoner shows that the rarer one is a slip."""

OURS = 1.0
"""What a word of the messages gains over one of English at large, as a natural logarithm."""


def main(british: Path, messages: Iterable[Path]) -> None:
    """Write the words, each with the natural logarithm of how common it is."""
    listed = {line.strip() for line in british.read_text(encoding="utf-8").splitlines()}
    listed |= {word.lower() for word in listed if word.istitle()}
    counted = Counter(word for path in messages for text in texts(path) for word in normalise(text) if word.isalpha())
    total = counted.total()
    common = {word: float(table().common[at]) for word, at in table().index.items() if word in listed}
    for word, count in counted.items():
        if word in listed or word in NAMES or (count >= OFTEN and not slip(word, count, counted)):
            common[word] = max(common.get(word, -99.0), math.log(count / total) + OURS)
    kept = sorted(((round(value, 1), word) for word, value in common.items() if word.isalpha()), reverse=True)
    out = Path(__file__).parents[1] / "spelling.txt"
    out.write_text("".join(f"{word} {value}\n" for value, word in kept), encoding="utf-8")
    print(f"{len(kept)} words")


def slip(word: str, count: int, counted: Counter[str]) -> bool:
    """Whether a far commoner word is one slip away."""
    commoner = [other for other, times in counted.items() if times >= FAR_COMMONER * count]
    return process.extractOne(word, commoner, scorer=OSA.distance, score_cutoff=1) is not None


def texts(path: Path) -> Iterator[str]:
    """The messages of a file: `examples` of a row, or its `q`."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield from row.get("examples", [row.get("q", "")])


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
