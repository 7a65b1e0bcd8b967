"""Models other than the shipped one: folders, the hub's cache, and everything that can be wrong.

The model is made here: BERT with one small layer, seeded random weights, and a letter for a token.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import string
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import perf_counter
from unittest.mock import Mock

import huggingface_hub.constants
import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast

from bot.error_messages import message_for
from index import sentence_embedder
from index.errors import ModelUnavailableError
from index.reranker import CrossEncoderReranker
from index.sentence_embedder import SentenceEmbedder
from tests.integration.permissions import unprivileged
from tests.integration.terminal import Terminal

# As it is before the tests of the terminal let all commands share what was loaded once.
LOAD = SentenceEmbedder.load
ENGLISH = "Represent this sentence for searching relevant passages: "
MAX_TOKENS = 32
REVISION = "0123456789abcdef0123456789abcdef01234567"
PROMPTS = {"query": "ask: ", "document": "tell: "}
LETTERS = [*string.ascii_lowercase, *(f"##{letter}" for letter in string.ascii_lowercase), ":"]


def _make(folder: Path, *, seed: int, prompts: dict[str, str]) -> None:
    parts = folder.with_name(f"{folder.name} parts")
    parts.mkdir()
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS]
    (parts / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(vocab=str(parts / "vocab.txt")).save_pretrained(parts)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        initializer_range=0.5,
    )
    BertModel(config).save_pretrained(parts)
    layers = [Transformer(str(parts), max_seq_length=MAX_TOKENS), Pooling(config.hidden_size)]
    SentenceTransformer(modules=layers, prompts=prompts, device="cpu").save(
        str(folder), create_model_card=False
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with models: "tiny" has prompts, "plain" has none, "other" has other weights."""
    folder = tmp_path_factory.mktemp("modèles faits ici")
    _make(folder / "tiny", seed=1, prompts=PROMPTS)
    _make(folder / "plain", seed=1, prompts={})
    _make(folder / "other", seed=2, prompts=PROMPTS)
    return folder


@pytest.fixture
def copied(made: Path, accented: Path) -> Callable[[str, str], Path]:
    """Copy a model, so that a test may give it a name, or damage it."""

    def copy(model: str, name: str) -> Path:
        return Path(shutil.copytree(made / model, accented / name))

    return copy


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch, accented: Path) -> pytest.MonkeyPatch:
    """Allow the hub to be asked, wherever a test puts it, and begin with an empty cache."""
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(accented / "cache"))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    return monkeypatch


def _load(folder: Path) -> SentenceEmbedder:
    return LOAD(str(folder))


def test_a_folder_is_loaded_with_its_own_prompts(made: Path) -> None:
    tiny, plain = _load(made / "tiny"), _load(made / "plain")
    assert tiny.dimension == 16
    np.testing.assert_allclose(tiny.embed_query("abc"), plain.embed_query("ask: abc"), atol=0.02)
    np.testing.assert_allclose(
        tiny.embed_passages(["abc"]), plain.embed_passages(["tell: abc"]), atol=0.02
    )
    assert np.abs(tiny.embed_query("abc") - plain.embed_query("abc")).max() > 0.05


def test_a_folder_in_the_settings_is_searched_with_after_a_rebuild(
    terminal: Terminal, copied: Callable[[str, str], Path]
) -> None:
    text = b"The council of Brest ordered two electric boats for the harbour this morning. " * 2
    other = {"EMBEDDING_MODEL": str(copied("plain", "mon modèle"))}
    terminal("add", "-", stdin=text)
    assert "newsdesk rebuild" in terminal("search", "boats", **other).err
    assert terminal("rebuild", **other).code == 0
    assert [found["article_id"] for found in terminal("search", "boats", "--json", **other).json]
    assert terminal("status", "--json", **other).json["index"]["model"].startswith("mon modèle:")


def test_tokens_are_counted_as_the_model_reads_them(made: Path) -> None:
    assert _load(made / "plain").count_tokens(["", "abc", "a b"]) == [2, 5, 4]
    assert _load(made / "tiny").count_tokens(["", "abc"]) == [7, 10]
    long = "a " * 1_000
    assert _load(made / "plain").count_tokens([long]) == [1_002]


def test_no_more_is_read_than_the_model_says(made: Path) -> None:
    plain = _load(made / "plain")
    assert plain.max_tokens == MAX_TOKENS
    same = "a " * (MAX_TOKENS - 2)
    one, other = plain.embed_passages([f"{same}b", f"{same}z z z"])
    np.testing.assert_allclose(one, other, atol=0.02)


def test_the_id_tells_weights_prompts_and_names_apart(
    made: Path, copied: Callable[[str, str], Path]
) -> None:
    models = [made / "tiny", copied("other", "tiny"), copied("plain", "named")]
    again = copied("tiny", "deeper/tiny")
    prompted = copied("tiny", "prompted/tiny")
    config = prompted / "config_sentence_transformers.json"
    settings = json.loads(config.read_text(encoding="utf-8"))
    settings["prompts"]["query"] = "say: "
    config.write_text(json.dumps(settings), encoding="utf-8")
    ids = [_load(folder).model_id for folder in [*models, prompted]]
    assert len(set(ids)) == len(ids)
    assert _load(again).model_id == ids[0]
    assert ids[0].startswith("tiny:")


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [("multilingual-e5-small", "query: ", "passage: "), ("bge-small-en", ENGLISH, "")],
)
def test_a_family_that_forgets_its_prompts_gets_them(
    made: Path, copied: Callable[[str, str], Path], name: str, query: str, passage: str
) -> None:
    plain, family = _load(made / "plain"), _load(copied("plain", name))
    np.testing.assert_allclose(
        family.embed_query("abc"), plain.embed_query(f"{query}abc"), atol=0.02
    )
    np.testing.assert_allclose(
        family.embed_passages(["abc"]), plain.embed_passages([f"{passage}abc"]), atol=0.02
    )
    assert family.count_tokens(["abc"]) == plain.count_tokens([f"{passage}abc"])


def test_a_family_is_known_by_the_cache_and_by_the_configuration(
    copied: Callable[[str, str], Path],
) -> None:
    cached = copied("plain", "models--intfloat--e5-small/snapshots/0123456789abcdef")
    assert _load(cached).count_tokens(["abc"]) == [5 + len("passage:")]
    renamed = copied("plain", "renamed")
    assert _load(renamed).count_tokens(["abc"]) == [5]
    config = json.loads((renamed / "config.json").read_text(encoding="utf-8"))
    config["_name_or_path"] = "intfloat/e5-small"
    (renamed / "config.json").write_text(json.dumps(config), encoding="utf-8")
    assert _load(renamed).count_tokens(["abc"]) == [5 + len("passage:")]


def test_prompts_of_its_own_stand_instead_of_those_of_the_family(
    made: Path, copied: Callable[[str, str], Path]
) -> None:
    own, family = _load(made / "tiny"), _load(copied("tiny", "tiny-e5"))
    np.testing.assert_allclose(own.embed_query("abc"), family.embed_query("abc"), atol=0.02)
    one = copied("plain", "one-e5")
    config = one / "config_sentence_transformers.json"
    settings = json.loads(config.read_text(encoding="utf-8"))
    settings["prompts"] = {"query": "ask: "}
    config.write_text(json.dumps(settings), encoding="utf-8")
    assert _load(one).count_tokens(["abc"]) == [5]


def _cut(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])


def _garble(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"no weights at all")


def _lose_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def _garble_config(folder: Path) -> None:
    (folder / "config.json").write_text("{", encoding="utf-8")


def _garble_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("[]", encoding="utf-8")


def _empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


@pytest.mark.parametrize("damage", [_cut, _garble, _garble_config, _garble_tokenizer])
def test_a_damaged_model_is_unavailable(
    copied: Callable[[str, str], Path], damage: Callable[[Path], None]
) -> None:
    folder = copied("tiny", "damaged")
    damage(folder)
    with pytest.raises(ModelUnavailableError) as raised:
        _load(folder)
    assert raised.value.reason == "it is no model that sentence-transformers can load"


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="permissions are others there")
@pytest.mark.parametrize(("place", "mode"), [("a/b", 0o000), ("a/b", 0o444), ("a", 0o000)])
def test_a_folder_that_may_not_be_read_is_unavailable(
    tmp_path: Path, place: str, mode: int
) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / place).chmod(mode)
    with (
        unprivileged(tmp_path),
        pytest.raises(ModelUnavailableError, match="permission denied") as raised,
    ):
        LOAD("a/b")
    (tmp_path / place).chmod(0o755)
    assert raised.value.setting == "EMBEDDING_MODEL"


def test_a_file_that_may_not_be_read_is_no_surprise(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without the superuser's rights it might be Python's own files that cannot be read.
    refused = Mock(side_effect=PermissionError(13, "Permission denied"))
    monkeypatch.setattr(sentence_embedder, "sha256", refused)
    with pytest.raises(ModelUnavailableError, match="permission denied"):
        _load(made / "tiny")


def _pickle_weights(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    torch.save(weights, folder / "pytorch_model.bin")


def _add_pickled_layer(folder: Path) -> None:
    """Add what a layer behind the encoder has, as sentence-transformers saved it once."""
    (folder / "2_Dense").mkdir()
    torch.save({}, folder / "2_Dense" / "pytorch_model.bin")


@pytest.mark.parametrize("change", [_pickle_weights, _add_pickled_layer, _lose_weights, _empty])
def test_a_model_without_safetensors_is_refused(
    copied: Callable[[str, str], Path], change: Callable[[Path], None]
) -> None:
    folder = copied("tiny", "pickled")
    change(folder)
    with pytest.raises(ModelUnavailableError) as raised:
        _load(folder)
    sentence, _ = message_for(raised.value, reference="")
    assert f"{folder} cannot be loaded: its weights are not there as safetensors" in sentence
    with pytest.raises(ModelUnavailableError) as raised:
        CrossEncoderReranker.load(str(folder))
    sentence, _ = message_for(raised.value, reference="")
    assert "safetensors" in sentence
    assert "RERANKER_MODEL" in sentence
    assert "EMBEDDING_MODEL" not in sentence


NOWHERE = ["./no model here", "../models", "~/no model here", "~nobody-here/model", "/no/where"]


@pytest.mark.parametrize("name", NOWHERE)
def test_a_folder_that_is_not_there_is_not_asked_of_the_hub(
    name: str, online: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ModelUnavailableError, match="no such folder") as raised:
        LOAD(name)
    assert raised.value.model == name


@pytest.mark.parametrize("name", ["nobody/nothing", "nothing", "a b/c", "x/y/z"])
def test_offline_only_the_cache_is_searched(name: str) -> None:
    with pytest.raises(ModelUnavailableError, match="HF_HUB_OFFLINE") as raised:
        LOAD(name)
    assert raised.value.model.endswith(name)


def _cache(model: Path, repository: Path) -> None:
    """Lay a model where the hub's library keeps what it has fetched."""
    shutil.copytree(model, repository / "snapshots" / REVISION)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(REVISION, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "owner"), [("nobody/tiny", "nobody"), ("tiny", "sentence-transformers")]
)
def test_a_model_in_the_cache_needs_no_hub(
    made: Path, accented: Path, online: pytest.MonkeyPatch, name: str, owner: str
) -> None:
    repository = accented / "cache" / f"models--{owner}--tiny"
    _cache(made / "tiny", repository)
    cached = LOAD(name)
    assert cached.model_id.startswith(f"{name}:")
    np.testing.assert_allclose(
        cached.embed_query("abc"), _load(made / "tiny").embed_query("abc"), atol=0.02
    )
    (repository / "refs" / "main").write_text(REVISION[::-1], encoding="utf-8")
    (repository / "snapshots" / REVISION).rename(repository / "snapshots" / REVISION[::-1])
    assert LOAD(name).model_id != cached.model_id


@pytest.mark.parametrize("load", [LOAD, CrossEncoderReranker.load])
def test_of_a_model_that_the_hub_has_without_safetensors_nothing_is_fetched(
    online: pytest.MonkeyPatch, load: Callable[[str], object]
) -> None:
    asked: list[str] = []

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            files = [{"rfilename": name} for name in ("config.json", "pytorch_model.bin")]
            body = json.dumps({"id": "nobody/pickled", "siblings": files}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as hub:
        Thread(target=hub.serve_forever, daemon=True).start()
        online.setattr(huggingface_hub.constants, "ENDPOINT", f"http://127.0.0.1:{hub.server_port}")
        with pytest.raises(ModelUnavailableError, match="not there as safetensors"):
            load("nobody/pickled")
        hub.shutdown()
    assert asked == ["/api/models/nobody/pickled"]


@pytest.mark.parametrize("load", [LOAD, CrossEncoderReranker.load])
def test_a_pickle_in_the_cache_is_not_loaded(
    copied: Callable[[str, str], Path],
    accented: Path,
    online: pytest.MonkeyPatch,
    load: Callable[[str], object],
) -> None:
    _cache(copied("tiny", "pickled"), accented / "cache" / "models--nobody--tiny")
    _pickle_weights(accented / "cache" / "models--nobody--tiny" / "snapshots" / REVISION)
    online.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelUnavailableError, match="not on this machine as safetensors"):
        load("nobody/tiny")


@pytest.mark.parametrize("listens", [True, False], ids=["silent", "closed"])
def test_a_hub_that_does_not_answer_is_given_up_within_seconds(
    online: pytest.MonkeyPatch, *, listens: bool
) -> None:
    with socket.socket() as hub:
        hub.bind(("127.0.0.1", 0))
        if listens:
            hub.listen()
        address = f"http://127.0.0.1:{hub.getsockname()[1]}"
        online.setattr(huggingface_hub.constants, "ENDPOINT", address)
        began = perf_counter()
        with pytest.raises(ModelUnavailableError, match="cannot be reached"):
            LOAD("nobody/nothing")
        assert perf_counter() - began < 12
