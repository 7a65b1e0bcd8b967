"""On which processors the model computes in bfloat16."""

from __future__ import annotations

import pytest
import torch

from index.sentence_embedder import computes_bfloat16


@pytest.mark.parametrize(
    ("supported", "avx2", "avx512_bf16", "amx", "expected"),
    [
        pytest.param(True, True, True, False, True, id="x86 with AVX-512 BF16"),
        pytest.param(True, True, False, True, True, id="x86 with AMX"),
        pytest.param(True, True, False, False, False, id="x86 that emulates it"),
        pytest.param(True, False, False, False, True, id="Arm that has it"),
        pytest.param(False, False, False, False, False, id="Arm without"),
    ],
)
def test_bfloat16_is_left_to_processors_that_have_it(
    monkeypatch: pytest.MonkeyPatch,
    *,
    supported: bool,
    avx2: bool,
    avx512_bf16: bool,
    amx: bool,
    expected: bool,
) -> None:
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: supported)
    monkeypatch.setattr(torch.cpu, "_is_avx2_supported", lambda: avx2)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: avx512_bf16)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)
    assert computes_bfloat16() is expected
