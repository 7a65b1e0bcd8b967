"""Newsdesk and what people would use instead, each behind the same few calls.

Libraries are imported by the class that needs them, so that each is measured with its own alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

import index
from corpus.models import Draft

MODEL: Final = Path(index.__file__).parent / "default_model"
_PIECE_CHARACTERS: Final = 1_000
_OVERLAP_CHARACTERS: Final = 200
_PASSAGES: Final = 24


class Contender(Protocol):
    """An index of articles in a folder, which knows them by their external ids."""

    def __init__(self, folder: Path) -> None:
        """Load what building and asking need, and what is in the folder."""

    def build(self, drafts: Sequence[Draft]) -> int:
        """Index and save; return how many passages that were."""

    def add(self, draft: Draft) -> None:
        """Add one article, and save."""

    def remove(self, external_id: str) -> None:
        """Remove one article, and save."""

    def rebuild(self, drafts: Sequence[Draft]) -> None:
        """Build again, taking over what can be; `drafts` is all there is, the last of them new."""

    def build_anew(self, drafts: Sequence[Draft]) -> None:
        """Embed all again; may run in another thread than `search`, which goes on meanwhile."""

    def search(self, question: str, asked_at: date | None) -> list[str]:
        """Name articles by their external ids, best first, published by `asked_at` if it can."""


class Newsdesk:
    """The product, as the bot runs it: a rebuild is steps on the one thread that answers."""

    def __init__(self, folder: Path) -> None:
        from bot.app import App
        from bot.settings import Settings

        self._app = App(Settings.from_env({"NEWSDESK_DATA": str(folder)}))
        self._app.__enter__()
        self._worker = ThreadPoolExecutor(1)
        self._worker.submit(self._app.indexer.open).result()
        self._app.load()

    def build(self, drafts: Sequence[Draft]) -> int:
        list(self._app.ingest.add(drafts))
        self._worker.submit(self._app.indexer.catch_up).result()
        return self._worker.submit(self._app.indexer.status).result().passages

    def add(self, draft: Draft) -> None:
        list(self._app.ingest.add([draft]))
        self._worker.submit(self._app.indexer.catch_up).result()

    def remove(self, external_id: str) -> None:
        self._app.store.remove(self._app.store.find(external_id).id)
        self._worker.submit(self._app.indexer.catch_up).result()

    def rebuild(self, drafts: Sequence[Draft]) -> None:
        self.add(drafts[-1])
        self._rebuild(full=False)

    def build_anew(self, drafts: Sequence[Draft]) -> None:
        self._rebuild(full=True)

    def _rebuild(self, *, full: bool) -> None:
        steps = self._app.indexer.rebuild(full=full)
        while self._worker.submit(next, steps, None).result() is not None:
            pass

    def search(self, question: str, asked_at: date | None) -> list[str]:
        asked = self._worker.submit(self._app.retriever.retrieve, question, asked_at=asked_at)
        return [ranked.article.external_id or "" for ranked in asked.result().articles]


class _Plain:
    """An index that knows no way to rebuild but to build."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def rebuild(self, drafts: Sequence[Draft]) -> None:
        self.build(drafts)

    def build_anew(self, drafts: Sequence[Draft]) -> None:
        type(self)(self._folder / "anew").build(drafts)

    def build(self, drafts: Sequence[Draft]) -> int:
        raise NotImplementedError


class LangChain(_Plain):
    """RecursiveCharacterTextSplitter, HuggingFaceEmbeddings and LangChain's FAISS store.

    The store is kept as FAISS's own file and JSON: LangChain's is a pickle, which nothing here is.
    """

    def __init__(self, folder: Path) -> None:
        import faiss
        from langchain_community.docstore.in_memory import InMemoryDocstore
        from langchain_community.vectorstores import FAISS
        from langchain_core.documents import Document
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        super().__init__(folder)
        self._vectors: Any = faiss
        self._faiss: Any = FAISS
        self._embeddings = HuggingFaceEmbeddings(
            model_name=str(MODEL), model_kwargs={"device": "cpu"}
        )
        self._splitter = RecursiveCharacterTextSplitter(
            chunk_size=_PIECE_CHARACTERS, chunk_overlap=_OVERLAP_CHARACTERS
        )
        self._store: Any = None
        if (folder / "pieces.json").is_file():
            kept = json.loads((folder / "pieces.json").read_bytes())
            pieces = {key: Document(**piece) for key, piece in kept["pieces"].items()}
            places = {int(row): key for row, key in kept["places"].items()}
            vectors = faiss.read_index(str(folder / "vectors.faiss"))
            self._store = FAISS(self._embeddings, vectors, InMemoryDocstore(pieces), places)

    def _save(self) -> None:
        pieces = self._store.docstore._dict  # noqa: SLF001 - the store does not list what it has
        told = {
            key: {"page_content": piece.page_content, "metadata": piece.metadata}
            for key, piece in pieces.items()
        }
        kept = {"pieces": told, "places": self._store.index_to_docstore_id}
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "pieces.json").write_text(json.dumps(kept), encoding="utf-8")
        self._vectors.write_index(self._store.index, str(self._folder / "vectors.faiss"))

    def _pieces(self, drafts: Sequence[Draft]) -> list[Any]:
        return self._splitter.create_documents(
            [f"{draft.title}\n\n{draft.text}" for draft in drafts],
            [{"article": draft.external_id} for draft in drafts],
        )

    def build(self, drafts: Sequence[Draft]) -> int:
        pieces = self._pieces(drafts)
        self._store = self._faiss.from_documents(pieces, self._embeddings)
        self._save()
        return len(pieces)

    def add(self, draft: Draft) -> None:
        self._store.add_documents(self._pieces([draft]))
        self._save()

    def remove(self, external_id: str) -> None:
        kept = self._store.docstore._dict  # noqa: SLF001 - the store has no look-up by metadata
        self._store.delete([k for k, d in kept.items() if d.metadata["article"] == external_id])
        self._save()

    def search(self, question: str, asked_at: date | None) -> list[str]:
        found = self._store.similarity_search(question, k=_PASSAGES)
        return list(dict.fromkeys(piece.metadata["article"] for piece in found))


class _Paragraphs(_Plain):
    """Each paragraph with its article's title, kept in the order in which it is indexed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._file = folder / "paragraphs.json"
        self._known: list[tuple[str, str]] = []
        if self._file.is_file():
            self._known = [tuple(known) for known in json.loads(self._file.read_bytes())]

    def build(self, drafts: Sequence[Draft]) -> int:
        self._known = list(_paragraphs(drafts))
        self._index()
        return len(self._known)

    def _index(self) -> None:
        """Index all that is known, and save."""
        raise NotImplementedError

    def _save_paragraphs(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(self._known), encoding="utf-8")


class SentenceTransformersFaiss(_Paragraphs):
    """The model and a flat FAISS index."""

    def __init__(self, folder: Path) -> None:
        import faiss
        from sentence_transformers import SentenceTransformer

        super().__init__(folder)
        self._faiss: Any = faiss
        self._model = SentenceTransformer(str(MODEL), device="cpu")
        self._vectors = folder / "vectors.faiss"
        self._flat: Any = None
        if self._vectors.is_file():
            self._flat = faiss.read_index(str(self._vectors))

    def _embed(self, texts: list[str]) -> Any:  # noqa: ANN401 - the library is untyped
        return self._model.encode(texts, normalize_embeddings=True, show_progress_bar=False)

    def _index(self) -> None:
        vectors = self._embed([text for _, text in self._known])
        self._flat = self._faiss.IndexFlatIP(vectors.shape[1])
        self._flat.add(vectors)
        self._save()

    def _save(self) -> None:
        self._save_paragraphs()
        self._faiss.write_index(self._flat, str(self._vectors))

    def add(self, draft: Draft) -> None:
        added = list(_paragraphs([draft]))
        self._flat.add(self._embed([text for _, text in added]))
        self._known += added
        self._save()

    def remove(self, external_id: str) -> None:
        gone = [row for row, (article, _) in enumerate(self._known) if article == external_id]
        self._flat.remove_ids(self._faiss.IDSelectorBatch(gone))
        self._known = [known for known in self._known if known[0] != external_id]
        self._save()

    def search(self, question: str, asked_at: date | None) -> list[str]:
        _, rows = self._flat.search(self._embed([question]), _PASSAGES)
        return list(dict.fromkeys(self._known[row][0] for row in rows[0] if row >= 0))


class Bm25(_Paragraphs):
    """bm25s, which can only index all anew."""

    def __init__(self, folder: Path) -> None:
        import bm25s

        super().__init__(folder)
        self._bm25s: Any = bm25s
        self._words: Any = bm25s.BM25.load(folder / "words") if self._known else None

    def _tokens(self, texts: list[str]) -> Any:  # noqa: ANN401 - the library is untyped
        return self._bm25s.tokenize(texts, show_progress=False)

    def _index(self) -> None:
        self._words = self._bm25s.BM25()
        self._words.index(self._tokens([text for _, text in self._known]), show_progress=False)
        self._save_paragraphs()
        self._words.save(self._folder / "words")

    def add(self, draft: Draft) -> None:
        self._known += _paragraphs([draft])
        self._index()

    def remove(self, external_id: str) -> None:
        self._known = [known for known in self._known if known[0] != external_id]
        self._index()

    def search(self, question: str, asked_at: date | None) -> list[str]:
        wanted = min(_PASSAGES, len(self._known))
        rows, _ = self._words.retrieve(self._tokens([question]), k=wanted, show_progress=False)
        return list(dict.fromkeys(self._known[row][0] for row in rows[0]))


CONTENDERS: Final[dict[str, type[Contender]]] = {
    "Newsdesk": Newsdesk,
    "LangChain": LangChain,
    "sentence-transformers + FAISS": SentenceTransformersFaiss,
    "BM25 (bm25s)": Bm25,
}


def _paragraphs(drafts: Sequence[Draft]) -> Iterator[tuple[str, str]]:
    for draft in drafts:
        for paragraph in draft.text.split("\n\n"):
            yield draft.external_id or "", f"{draft.title}\n{paragraph}"
