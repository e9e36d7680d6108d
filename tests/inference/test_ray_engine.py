"""The scorer as a stage of Ray Data, on a local cluster of two workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from itertools import cycle, islice

import psutil
import pytest

from stance import StanceClassifier
from stance.errors import InputError, MissingExtraError
from stance.inference.pool import score_each
from stance.ingest import from_text
from stance.schema import Article

# Ray warns of its own old settings while it reads its own defaults.
pytestmark = pytest.mark.filterwarnings("ignore")

TEXTS = (
    "Ana Weiss said on Monday that not a single soldier would go to Ukraine.",
    "“We will send a battalion once the guns fall silent,” Tove Olsvik said in Oslo.",
    "The harbour of Kiel was closed on Tuesday because of a storm, the mayor said.",
)


def articles(n):
    texts = enumerate(islice(cycle(TEXTS), n))
    return [from_text(f"{text} It was day {i}.", id=f"a{i}") for i, text in texts]


def records(outcomes):
    return [(article.id, result.records(include_empty=True)) for article, result in outcomes]


def scored(given, **options):
    return score_each(given, model=None, any_language=True, threads=1, **options)


@pytest.fixture(scope="module")
def cluster():
    ray = pytest.importorskip("ray", reason="Ray is an extra: pip install 'speaker-stance[ray]'")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield ray
    ray.shutdown()


def test_two_ray_workers_give_the_records_of_one_process(cluster):
    given = articles(40)
    expected = records(scored(given, workers=1))
    assert records(scored(given, workers=2, engine="ray")) == expected
    assert any(found[0]["stance"] for _, found in expected)


def test_a_killed_worker_loses_nothing(cluster):
    given = articles(120)
    expected = [article.id for article in given]
    seen = []
    killed = 0
    for article, _ in scored(given, workers=2, engine="ray"):
        seen.append(article.id)
        if len(seen) == 5:
            for process in psutil.Process().children(recursive=True):
                if not killed and "RayScorer" in " ".join(process.cmdline()):
                    os.kill(process.pid, signal.SIGKILL)
                    killed += 1
    assert killed == 1
    assert seen == expected


def test_ray_is_imported_only_when_asked_for():
    code = """
        import sys
        from stance.inference.pool import score_each
        from stance.ingest import from_text
        options = {"model": None, "any_language": True, "threads": 1, "workers": 1}
        list(score_each([from_text("Nobody spoke.")], **options))
        sys.exit("ray" in sys.modules)
    """
    assert subprocess.run([sys.executable, "-c", textwrap.dedent(code)]).returncode == 0


def test_without_ray_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'speaker-stance\[ray\]'"):
        next(iter(scored(articles(1), workers=2, engine="ray")))


def test_unknown_engine_is_one_line():
    with pytest.raises(InputError, match="--engine spark: no such engine; give processes or ray"):
        next(iter(scored(articles(1), workers=2, engine="spark")))


def test_an_article_that_cannot_be_read_is_no_end_of_the_run():
    outcome = StanceClassifier.from_pretrained().outcome(Article(text=" ", id="x"))
    assert isinstance(outcome, InputError)
