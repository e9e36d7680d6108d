"""The frozen encoder of the linear probe."""

from __future__ import annotations

import numpy as np
import pytest

from stance.training.config import ModelConfig
from stance.training.embedding import frozen_encoder


@pytest.fixture(scope="module")
def embed(tiny_model):
    model = ModelConfig(
        name="tiny", source=str(tiny_model), sha256=None, init="base", attention_dropout=None
    )
    return frozen_encoder(model, max_tokens=8)


def test_a_vector_does_not_depend_on_what_shares_its_batch(embed):
    texts = ["we send soldiers", "never", "the minister said that no soldiers will go"]
    together = embed(texts)
    assert together.shape == (3, 16)
    alone = np.concatenate([embed([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert np.abs(together[0] - together[1]).max() > 1e-3


def test_the_end_of_a_long_text_is_read(embed):
    long = "weapons money oslo berlin " * 5
    np.testing.assert_allclose(
        embed([long + "we never send soldiers early not"]),
        embed(["weapons " * 9 + "we never send soldiers early not"]),
        atol=1e-5,
    )


def test_no_texts(embed):
    assert embed([]).shape == (0, 16)
