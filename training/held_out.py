"""Measure an encoder on held-out parallel text.

`python -m training.held_out PARALLEL_FOLDER MODEL_FOLDER ...` prints a line of JSON per model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import torch
import typer

from index.models import Vectors
from index.sentence_embedder import DEFAULT_MODEL
from training.encoders import Encoder
from training.parallel_text import ParallelText, read_parallel_text, sections

MOST_TOKENS: Final = 144
MOST_SECTIONS: Final = 1_200


def measure(text: ParallelText, embed: Callable[[Sequence[str]], Vectors]) -> dict[str, float]:
    """Find held-out passages by their headings, and held-out sentences by their translations.

    Returns:
        Mean reciprocal ranks: of a heading's own passage among the passages of one language
        (`fr2en`: French headings, English passages) or of both, where either of the two counts;
        as `sentences`, of a French sentence's translation.
    """
    found = [section for one in text.held_out_texts for section in sections(one)][:MOST_SECTIONS]
    headings = {
        "en": embed([section.heading.english for section in found]),
        "fr": embed([section.heading.french for section in found]),
    }
    passages = {
        "en": embed([section.passage.english for section in found]),
        "fr": embed([section.passage.french for section in found]),
    }
    figures = {
        f"{asked}2{answered}": _reciprocal_rank(headings[asked], passages[answered])
        for asked in headings
        for answered in passages
    }
    both = np.concatenate([passages["en"], passages["fr"]])
    for language, vectors in headings.items():
        figures[f"{language}2both"] = _reciprocal_rank(vectors, both)
    loose = text.held_out_loose
    french, english = embed([p.french for p in loose]), embed([p.english for p in loose])
    figures["sentences"] = _reciprocal_rank(french, english)
    return {name: round(value, 4) for name, value in figures.items()}


def _reciprocal_rank(queries: Vectors, items: Vectors) -> float:
    """Mean of 1 / rank of the best own item; item n belongs to query n modulo their number.

    Ranks count the items that are more similar; 0 if there are no queries.
    """
    if not len(queries):
        return 0.0
    similarity = queries @ items.T
    own = similarity.reshape(len(queries), -1, len(queries))
    own_best = own[np.arange(len(queries)), :, np.arange(len(queries))].max(axis=1)
    ranks = 1 + (similarity > own_best[:, None]).sum(axis=1)
    return float((1 / ranks).mean())


def main(
    parallel: Annotated[Path, typer.Argument(exists=True, file_okay=False)],
    models: Annotated[list[Path], typer.Argument(exists=True, file_okay=False)],
) -> None:
    """Measure models on the parallel text that training.distill leaves out."""
    aligner = Encoder(DEFAULT_MODEL, most_tokens=MOST_TOKENS, dtype=torch.bfloat16)
    text = read_parallel_text(parallel, aligner.embed)
    for folder in models:
        encoder = Encoder(folder, most_tokens=MOST_TOKENS, dtype=torch.bfloat16)
        figures = measure(text, encoder.embed)
        typer.echo(json.dumps({"model": folder.name, **figures}))


if __name__ == "__main__":
    typer.run(main)
