"""A frozen encoder as a function from texts to vectors, for the linear-probe baseline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModel

from stance.training.backbone import backbone_path, load_tokenizer
from stance.training.config import ModelConfig

_BATCH = 32


def frozen_encoder(
    model: ModelConfig, *, max_tokens: int
) -> Callable[[list[str]], NDArray[np.float64]]:
    """Returns the mean of an encoder's last hidden states as a function of texts.

    Args:
        model: The encoder, as in `configs/model/`.
        max_tokens: Tokens of a text that are read; the last ones are kept.

    Returns:
        Maps n texts to vectors of shape (n, d).
    """
    path = backbone_path(model)
    tokenizer = load_tokenizer(path)
    encoder = AutoModel.from_pretrained(path, trust_remote_code=False, dtype=torch.float32).eval()

    def ids(text: str) -> list[int]:
        found = tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).ids
        return [tokenizer.cls_token_id, *found[2 - max_tokens :], tokenizer.sep_token_id]

    def embed(texts: list[str]) -> NDArray[np.float64]:
        rows = [ids(text) for text in texts]
        out = np.zeros((len(rows), encoder.config.hidden_size))
        # Texts of about one length share a batch, so that little is padded.
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        for first in range(0, len(order), _BATCH):
            own = order[first : first + _BATCH]
            out[own] = _means(encoder, [rows[i] for i in own])
        return out

    return embed


def _means(encoder: Any, rows: list[list[int]]) -> NDArray[np.float64]:
    length = max(map(len, rows))
    mask_BL = torch.tensor([[1] * len(r) + [0] * (length - len(r)) for r in rows])
    ids_BL = torch.tensor([r + [0] * (length - len(r)) for r in rows])
    with torch.inference_mode():
        hidden_BLD = encoder(input_ids=ids_BL, attention_mask=mask_BL).last_hidden_state
    weights = mask_BL[..., None].to(hidden_BLD.dtype)
    means_BD: NDArray[np.float64] = (
        ((hidden_BLD * weights).sum(1) / weights.sum(1)).double().numpy()
    )
    return means_BD
