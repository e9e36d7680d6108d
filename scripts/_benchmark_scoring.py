"""What `scripts/benchmark.py scoring` measures, side by side on the same articles."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from transformers import BartConfig, BartForSequenceClassification, pipeline

from stance import StanceClassifier
from stance.attribution.windows import make_windows, tokenize_text
from stance.inference.onnx_model import OnnxModel
from stance.ingest import with_paragraphs
from stance.schema import Article, Span
from stance.training.backbone import backbone_path, load_tokenizer
from stance.training.config import ModelConfig
from stance.training.quantize import BLOCK
from stance.training.shipped import shipped_checkpoint

BATCH_SIZES = (1, 4, 8, 16, 32)
"""Batch sizes of which the pipeline's best is taken."""

_FLOOR = (2048, 384, 1536)
_REPEATS = 20
_HIDDEN, _LAYERS = 384, 6
_EVERY = 50


_PROGRAM = str(Path(sys.executable).parent / "stance")
# Runs a command and prints the peak memory of it and its children, in MB.
_MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def seconds(work: Callable[[], object]) -> float:
    """Returns the wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Meter:
    """Adds up time, tokens and multiply-accumulates of the model calls made inside it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.tokens = 0
        self.macs = 0.0

    @contextmanager
    def on(self, model: OnnxModel) -> Iterator[None]:
        """Measures the calls of one model; its answers stay the same."""
        run = model.run

        def measured(rows: Any, types: Any = None) -> Any:
            start = time.perf_counter()
            out = run(rows, types)
            self.seconds += time.perf_counter() - start
            self.tokens += sum(map(len, rows))
            self.macs += sum(map(encoder_macs, map(len, rows)))
            return out

        model.run = measured  # type: ignore[method-assign]
        try:
            yield
        finally:
            del model.run


def encoder_macs(length: int) -> float:
    """Returns the multiply-accumulates of the encoder for one row."""
    dense = 12 * _HIDDEN**2
    attention = 2 * length * _HIDDEN
    return float(_LAYERS * length * (dense + attention))


def floor(kind: str) -> float:
    """Returns the rate of a product of 2048 x 384 x 1536 in the runtime, in 1e9 MAC a second.

    Args:
        kind: "fp32", "int8" or "int8 blocks" (a scale for each block of weights).
    """
    m, k, n = _FLOOR
    rng = np.random.default_rng(0)
    weight = rng.standard_normal((k, n)).astype(np.float32)
    inputs = [helper.make_tensor_value_info("a", TensorProto.FLOAT, [m, k])]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [m, n])]
    constant = helper.make_tensor("b", TensorProto.FLOAT, [k, n], weight.tobytes(), raw=True)
    node = helper.make_node("MatMul", ["a", "b"], ["y"])
    graph = helper.make_graph([node], "floor", inputs, outputs, [constant])
    domains = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=domains, ir_version=10)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "floor.onnx")
        if kind == "int8 blocks":
            quantizer = MatMulNBitsQuantizer(
                model, bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=4
            )
            quantizer.process()
            model = quantizer.model.model
        onnx.save(model, path)
        if kind == "int8":
            quantize_dynamic(
                model, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
            )
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    feeds = {"a": rng.standard_normal((m, k)).astype(np.float32)}
    session.run(None, feeds)
    taken = min(seconds(lambda: session.run(None, feeds)) for _ in range(_REPEATS))
    return m * k * n / taken / 1e9


def shipped_floor(rates: dict[str, float]) -> float:
    """Returns the rate of the shipped models' products, 8 of 12 by rows and 4 by blocks."""
    return 12 / (8 / rates["int8"] + 4 / rates["int8 blocks"])


def model_inputs(
    classifier: StanceClassifier, articles: Sequence[Article]
) -> tuple[list[str], list[str], int]:
    """Returns the windows and passages that the scorer's two models read, as texts.

    The third value is the number of statements that are found.
    """
    windows: list[str] = []
    passages: list[str] = []
    statements = 0
    tokenizer = classifier._tagger.tokenizer
    settings = classifier._tagger.settings
    probabilities = classifier.probabilities

    def noted(read: Sequence[str]) -> Any:
        passages.extend(read)
        return probabilities(read)

    classifier.probabilities = noted  # type: ignore[method-assign, assignment]
    try:
        for article in articles:
            classifier(article)
    finally:
        del classifier.probabilities
    for article in articles:
        attribution = classifier.attribute(article)
        statements += sum(len(speaker.statements) for speaker in attribution.speakers)
        bare = with_paragraphs(article)
        spans = [Span(p.start, p.end) for p in bare.paragraphs]
        tokens = tokenize_text(tokenizer, bare.text, spans)
        for w in make_windows(
            len(tokens), max_tokens=settings["max_tokens"], overlap=settings["overlap"]
        ):
            inside = [i for i in range(w.start, w.end) if tokens.starts[i] >= 0]
            windows.append(bare.text[tokens.starts[inside[0]] : tokens.ends[inside[-1]]])
    return windows, passages, statements


def pipelines(
    base: ModelConfig, proposition: str, windows: Sequence[str], passages: Sequence[str]
) -> dict[str, float]:
    """Returns seconds of `transformers.pipeline` with the shipped weights in fp32, by batch size.

    The pipelines are given the inputs ready made: finding them counts for our scorer alone.
    """
    out: dict[str, float] = {}
    path = backbone_path(base)
    pairs = [{"text": proposition, "text_pair": p} for p in passages]
    with tempfile.TemporaryDirectory() as folder:
        made = {}
        kinds = {"attribution": "token-classification", "stance": "text-classification"}
        for task, name in kinds.items():
            checkpoint = shipped_checkpoint(task, path, Path(folder) / task)
            made[task] = pipeline(
                name, model=str(checkpoint), tokenizer=load_tokenizer(str(checkpoint)),
                device="cpu", dtype=torch.float32, trust_remote_code=False,
            )  # fmt: skip
        cut = {"truncation": True, "max_length": 256}

        def whole(batch_size: int | None) -> None:
            size = {} if batch_size is None else {"batch_size": batch_size}
            for text in made["attribution"](list(windows), **size):
                assert text is not None
            for label in made["stance"](pairs, **cut, **size):
                assert label is not None

        out["defaults"] = seconds(lambda: whole(None))
        for size in BATCH_SIZES[1:]:
            out[f"batch {size}"] = seconds(lambda size=size: whole(size))  # type: ignore[misc]
    return out


def zero_shot(passages: Sequence[str], n: int) -> float:
    """Returns seconds a passage of a zero-shot pipeline of the size of BART-large-MNLI.

    The weights are random, since speed does not depend on them; three labels, as for our stances.
    """
    base = load_tokenizer(backbone_path(base_model()))
    config = BartConfig(
        vocab_size=len(base), d_model=1024, encoder_layers=12, decoder_layers=12,
        encoder_attention_heads=16, decoder_attention_heads=16, encoder_ffn_dim=4096,
        decoder_ffn_dim=4096, max_position_embeddings=1024, num_labels=3,
        pad_token_id=base.pad_token_id, bos_token_id=base.cls_token_id,
        eos_token_id=base.sep_token_id, decoder_start_token_id=base.sep_token_id,
        label2id={"contradiction": 0, "neutral": 1, "entailment": 2},
        id2label={0: "contradiction", 1: "neutral", 2: "entailment"},
    )  # fmt: skip
    torch.manual_seed(0)
    model = BartForSequenceClassification(config).eval()
    # BART reads the sentence's vector at its last end token; the tokenizer ends a pair with one.
    made = pipeline("zero-shot-classification", model=model, tokenizer=base, device="cpu")
    labels = ["support", "opposition", "ambiguity"]
    sample = list(itertools.islice(itertools.cycle(passages), n))
    return seconds(lambda: [made(p, labels) for p in sample]) / n


def base_model() -> ModelConfig:
    """Returns the default backbone, as `configs/model/minilm.yaml` names it."""
    from omegaconf import OmegaConf

    path = Path(__file__).resolve().parent.parent / "configs/model/minilm.yaml"
    return ModelConfig(**OmegaConf.to_container(OmegaConf.load(path)))  # type: ignore[arg-type]


def command(*arguments: str) -> tuple[float, int]:
    """Returns wall time and peak memory (MB) of `stance ARGUMENTS`, the best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([_PROGRAM, *arguments], check=True, stdout=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - start)
    printed = subprocess.run(
        [sys.executable, "-c", _MEASURED, _PROGRAM, *arguments], check=True, capture_output=True
    )
    return best, int(printed.stdout)


def article_of(n_words: int, articles: Sequence[Article]) -> str:
    """Returns whole paragraphs of articles of about so many words."""
    words: list[str] = []
    for article in articles:
        for paragraph in article.text.split("\n\n"):
            words.append(paragraph)
            if len(" ".join(words).split()) >= n_words:
                return "\n\n".join(words)
    return "\n\n".join(words)


def stream(articles: Iterable[Article], workers: int, folder: Path) -> dict[str, float]:
    """Returns seconds, articles a second and peak memory (MB) of scoring articles of a file."""
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    n = 0
    with source.open("w", encoding="utf-8") as out:
        for i, article in enumerate(articles):
            n += 1
            out.write(json.dumps({"id": f"a{i}", "title": article.title, "text": article.text}))
            out.write("\n")
    start = time.perf_counter()
    printed = subprocess.run(
        [
            sys.executable, "-c", _MEASURED, _PROGRAM, "score", str(source),
            "-o", str(target), "--workers", str(workers),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    taken = time.perf_counter() - start
    return {
        "articles": n,
        "workers": workers,
        "seconds": taken,
        "articles_a_second": n / taken,
        "peak_mb": int(printed.stdout),
    }


def mixture(concerned: Sequence[Article], others: Sequence[Article], n: int) -> Iterator[Article]:
    """Yields `n` articles of which every fiftieth is on the target, in a circle where too few."""
    on, off = itertools.cycle(concerned), itertools.cycle(others)
    return (next(on) if i % _EVERY == 0 else next(off) for i in range(n))


def mixed(
    classifier: StanceClassifier, articles: Sequence[Article], per_statement: float
) -> dict[str, float]:
    """Returns seconds of scoring a stream, with and without the screen.

    Args:
        classifier: With its screen.
        articles: The stream.
        per_statement: Seconds that the zero-shot pipeline takes for one statement.
    """
    screen = classifier._screen
    assert screen is not None
    read = [a for a in articles if screen.lets_through(a)]
    with_screen = seconds(lambda: list(classifier.score(articles, progress=False)))
    classifier._screen = None
    statements = 0
    start = time.perf_counter()
    try:
        for scored in classifier.score(articles, progress=False):
            found = [*(s.speaker for s in scored.stances), *(s.speaker for s in scored.others)]
            statements += sum(len(speaker.statements) for speaker in found)
    finally:
        classifier._screen = screen
    without = time.perf_counter() - start
    return {
        "articles": len(articles),
        "share_read": len(read) / len(articles),
        "statements": statements,
        "seconds": with_screen,
        "seconds_without_screen": without,
        "times_without_screen": without / with_screen,
        "times_zero_shot": per_statement * statements / with_screen,
    }


def by_length(
    classifier: StanceClassifier, articles: Sequence[Article], sizes: Sequence[int]
) -> list[dict[str, float]]:
    """Returns seconds of scoring one article of each of the given sizes in kB of text."""
    out = []
    for size in sizes:
        parts: list[str] = []
        length = 0
        for article in itertools.cycle(articles):
            if length >= size * 1000:
                break
            parts.append(article.text)
            length += len(article.text) + 2
        text = "\n\n".join(parts)[: size * 1000]
        taken = seconds(lambda text=text: classifier(text))  # type: ignore[misc]
        out.append({"kb": size, "seconds": taken, "ms_a_kb": 1000 * taken / size})
    return out


def plot(figures: dict[str, Any], path: Path) -> None:
    """Draws the ratios and the curve as a page that needs no network."""
    from plotly import graph_objects as go
    from plotly.subplots import make_subplots

    names = {
        "times_pipeline_best": "pipeline, best batch size",
        "times_pipeline_defaults": "pipeline, defaults",
        "times_zero_shot": "zero-shot pipeline",
    }
    figure = make_subplots(1, 2, subplot_titles=["times the time of stance", "seconds"])
    ratios = [figures[name] for name in names]
    figure.add_trace(go.Bar(x=ratios, y=list(names.values()), orientation="h", name=""), 1, 1)
    for workers in (1, 2):
        points = [p for p in figures["curve"] if p["workers"] == workers]
        x, y = [p["articles"] for p in points], [p["seconds"] for p in points]
        figure.add_trace(go.Scatter(x=x, y=y, name=f"workers: {workers}"), 1, 2)
    figure.update_xaxes(type="log")
    figure.update_yaxes(type="log", col=2)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.write_html(path, include_plotlyjs=True)
