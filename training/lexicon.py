"""Make the bilingual lexicon from parallel text: `python -m training.lexicon FOLDER`.

IBM Model 1 (Brown et al. 1993, "The mathematics of statistical machine translation"), by
expectation maximisation in both directions over stems, stop words left out; a pair is kept where
both directions see it. FOLDER holds `*.tsv.gz` (English, tab, French) and `*.jsonl.gz` (documents
`{"en": [blocks], "fr": [blocks]}`, used where both have equally many blocks).
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.analysis import passage_terms
from index.lexicon import LEXICON_FILE

ROUNDS: Final = 6
MOST_WORDS: Final = 40
LEAST_COUNT: Final = 1.5
LEAST_PROBABILITY: Final = 0.02
LEAST_PRODUCT: Final = 0.003
MOST_TRANSLATIONS: Final = 6


def sentence_pairs(folder: Path) -> Iterator[tuple[str, str]]:
    """Read (English, French) pairs from all files of the folder, in order of their names."""
    for path in sorted(folder.glob("*.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if path.name.endswith(".tsv.gz"):
                    english, _, french = line.rstrip("\n").partition("\t")
                    yield english, french
                else:
                    document = json.loads(line)
                    if len(document["en"]) == len(document["fr"]):
                        yield from zip(document["en"], document["fr"], strict=True)


def model1(
    pairs: NDArray[np.int64], source: NDArray[np.int64], target: NDArray[np.int64]
) -> dict[tuple[int, int], tuple[float, float]]:
    """Estimate p(target | source).

    Args:
        pairs: For each co-occurrence the number of its sentence pair, shape (n,).
        source: The source word of each co-occurrence, shape (n,).
        target: The target word of each co-occurrence, shape (n,).

    Returns:
        For (source, target) the probability and the expected count.
    """
    targets = int(target.max()) + 1
    keys, key = np.unique(source * targets + target, return_inverse=True)
    _, place = np.unique(pairs * targets + target, return_inverse=True)
    owner = keys // targets
    probability = np.ones(len(keys))
    counts = probability
    for _ in range(ROUNDS):
        each = probability[key]
        counts = np.bincount(key, each / np.bincount(place, each)[place])
        probability = counts / np.bincount(owner, counts)[owner]
    return {
        (int(k) // targets, int(k) % targets): (float(p), float(c))
        for k, p, c in zip(keys, probability, counts, strict=True)
        if p >= LEAST_PROBABILITY
    }


def build(folder: Path) -> list[tuple[str, str, float, float]]:
    """Make the entries (French stem, English stem, p(en | fr), p(fr | en)), sorted."""
    english_ids: dict[str, int] = {}
    french_ids: dict[str, int] = {}
    columns: tuple[list[NDArray[np.int64]], ...] = ([], [], [])
    for number, (english, french) in enumerate(sentence_pairs(folder)):
        en = [
            english_ids.setdefault(w, len(english_ids)) for w in set(passage_terms(english, "en"))
        ]
        fr = [french_ids.setdefault(w, len(french_ids)) for w in set(passage_terms(french, "fr"))]
        if en and fr and max(len(en), len(fr)) <= MOST_WORDS:
            columns[0].append(np.full(len(en) * len(fr), number))
            columns[1].append(np.repeat(en, len(fr)))
            columns[2].append(np.tile(fr, len(en)))
    pairs, en_words, fr_words = (np.concatenate(column).astype(np.int64) for column in columns)
    french_given_english = model1(pairs, en_words, fr_words)
    english_given_french = model1(pairs, fr_words, en_words)
    english_names, french_names = list(english_ids), list(french_ids)
    entries = []
    for (fr_id, en_id), (p_en, count) in english_given_french.items():
        p_fr, _ = french_given_english.get((en_id, fr_id), (0.0, 0.0))
        if count >= LEAST_COUNT and p_en * p_fr >= LEAST_PRODUCT:
            entries.append((french_names[fr_id], english_names[en_id], p_en, p_fr))
    return sorted(_best(_best(entries, word=0, score=2), word=1, score=3))


def _best(
    entries: list[tuple[str, str, float, float]], *, word: int, score: int
) -> list[tuple[str, str, float, float]]:
    by_word = defaultdict(list)
    for entry in entries:
        by_word[entry[word]].append(entry)
    return [
        entry
        for group in by_word.values()
        for entry in sorted(group, key=lambda e: -float(e[score]))[:MOST_TRANSLATIONS]
    ]


def main() -> None:
    """Build the lexicon from the folder named on the command line and write it into index/."""
    entries = build(Path(sys.argv[1]))
    lines = "".join(f"{fr}\t{en}\t{p_en:.3f}\t{p_fr:.3f}\n" for fr, en, p_en, p_fr in entries)
    LEXICON_FILE.write_bytes(gzip.compress(lines.encode(), mtime=0))
    sys.stdout.write(f"{len(entries)} entries, {LEXICON_FILE.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
