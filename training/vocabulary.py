"""French words for an encoder whose word pieces are English.

A tokenizer made for English cuts most French words into pieces that mean nothing. The words here
are added as tokens that match whole words only, so that no English word is cut differently, except
those that are spelled like one of them; words that the English side has are therefore left out.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.analysis import passage_terms

WHOLE_SHARE: Final = 0.02
"""A word is left out if the English side has it more than this often for each time in French."""
TRANSLATION_WEIGHT: Final = 0.6

_LEAST_COUNT: Final = 3
_BATCH: Final = 10_000


def choose_words(
    tokenizer: Tokenizer, english: Sequence[str], french: Sequence[str], *, limit: int
) -> list[str]:
    """Choose the French words that save the most pieces.

    Args:
        tokenizer: The one that cuts them now.
        english: Texts whose words must be cut as they are now.
        french: Texts whose words are counted.
        limit: Most words to choose.

    Returns:
        Words as the normalizer leaves them (lower case, no accents), most saved pieces first.
    """
    counts = _word_counts(tokenizer, french)
    english_counts = _word_counts(tokenizer, english)
    frequent = [
        word
        for word, count in counts.items()
        if count >= _LEAST_COUNT
        and word.isalpha()
        and word.isascii()
        and english_counts[word] <= WHOLE_SHARE * count
    ]
    encoded = tokenizer.encode_batch_fast(frequent, add_special_tokens=False)
    saved = {
        word: (len(one.ids) - 1) * counts[word]
        for word, one in zip(frequent, encoded, strict=True)
        if len(one.ids) > 1
    }
    return sorted(saved, key=lambda word: (-saved[word], word))[:limit]


def _word_counts(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        normalized = tokenizer.normalizer.normalize_str(text)
        counts.update(word for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normalized))
    return counts


def with_words(
    settings: Mapping[str, object], words: Sequence[str]
) -> tuple[dict[str, object], list[int]]:
    """Add whole words to the settings of a WordPiece tokenizer, and drop its unused pieces.

    Args:
        settings: What `tokenizer.json` holds.
        words: Words to add after the pieces; none of them is a piece or added already.

    Returns:
        The new settings, and for each of their pieces, in order, its number before; the new words
        follow those and have none.
    """
    new = json.loads(json.dumps(settings))
    old: dict[str, int] = new["model"]["vocab"]
    added = {token["content"]: token["id"] for token in new["added_tokens"]}
    numbers = {**old, **added}
    kept = [t for t in sorted(numbers, key=numbers.__getitem__) if not t.startswith("[unused")]
    place = {token: number for number, token in enumerate(kept)}
    new["model"]["vocab"] = {token: place[token] for token in kept if token in old}
    for token in new["added_tokens"]:
        token["id"] = place[token["content"]]
    for special in new["post_processor"]["special_tokens"].values():
        special["ids"] = [place[token] for token in special["tokens"]]
    if isinstance(new.get("padding"), dict):
        new["padding"]["pad_id"] = place[new["padding"]["pad_token"]]
    new["added_tokens"] += [
        {
            "id": len(kept) + number,
            "content": word,
            "single_word": True,
            "lstrip": False,
            "rstrip": False,
            "normalized": True,
            "special": False,
        }
        for number, word in enumerate(words)
    ]
    return new, [numbers[token] for token in kept]


def first_vectors(
    words: Sequence[str],
    tokenizer: Tokenizer,
    vectors: NDArray[np.float32],
    lexicon: Iterable[tuple[str, str, float]],
    english: Iterable[str],
) -> NDArray[np.float32]:
    """Make the vectors that training begins with for new words.

    A word begins as the weighted mean of the pieces of its English translations, mixed with the
    mean of the pieces that it was cut into; as the latter alone where the lexicon lacks it.

    Args:
        words: The new words.
        tokenizer: The one before, which cuts them.
        vectors: The vectors of its pieces, shape (pieces, dimension).
        lexicon: (French stem, English stem, probability).
        english: Texts that tell which English words have a stem.

    Returns:
        Shape (words, dimension).
    """
    translations: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for french_stem, english_stem, probability in lexicon:
        translations[french_stem].append((english_stem, probability))
    frequent: dict[str, str] = {}
    for word, _ in _word_counts(tokenizer, english).most_common(30_000):
        for stem in passage_terms(word, "en")[:1]:
            frequent.setdefault(stem, word)
    made = np.empty((len(words), vectors.shape[1]), dtype=np.float32)
    for row, word in enumerate(words):
        made[row] = _mean_of(word, tokenizer, vectors)
        stems = passage_terms(word, "fr")[:1]
        known = [
            (frequent[stem], probability)
            for stem, probability in translations.get(stems[0] if stems else "", [])
            if stem in frequent
        ]
        if known:
            weights = np.array([probability for _, probability in known])
            rows = np.stack([_mean_of(name, tokenizer, vectors) for name, _ in known])
            meant = (weights / weights.sum()) @ rows
            made[row] += TRANSLATION_WEIGHT * (meant - made[row])
    return made


def _mean_of(word: str, tokenizer: Tokenizer, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    mean: NDArray[np.float32] = vectors[tokenizer.encode(word, add_special_tokens=False).ids].mean(
        axis=0
    )
    return mean


def copy_with_tokenizer(
    source: Path, target: Path, settings: Mapping[str, object], vocabulary_size: int
) -> None:
    """Copy a model folder without its weights, and give it another tokenizer."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.safetensors", "vocab.txt"))
    text = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
    (target / "tokenizer.json").write_text(text, encoding="utf-8")
    config = json.loads((target / "config.json").read_text(encoding="utf-8"))
    config["vocab_size"] = vocabulary_size
    text = json.dumps(config, indent=2) + "\n"
    (target / "config.json").write_text(text, encoding="utf-8")
