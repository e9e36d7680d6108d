"""Gold and predictions in, scores with intervals out. Knows no model."""

from stance.evaluation.alignment import AlignedPair, Alignment, align, name_similarity
from stance.evaluation.baselines import (
    LabelledPassage,
    ProbeConfig,
    TfidfConfig,
    fit_majority,
    fit_probe,
    fit_tfidf,
    score_labels,
)
from stance.evaluation.bootstrap import Figure, bootstrap_figures
from stance.evaluation.records import (
    FieldSpan,
    SpeakerRecord,
    SpeakersByArticle,
    from_annotated,
    read_gold,
    read_predictions,
)
from stance.evaluation.report import (
    Evaluation,
    InputFile,
    evaluate,
    evaluate_files,
    render,
    render_figures,
)
from stance.evaluation.scores import confusion, score
from stance.evaluation.token_f1 import (
    ROLES,
    AttributionDocument,
    SourceLink,
    score_attribution,
    tokenize,
)

__all__ = [
    "ROLES",
    "AlignedPair",
    "Alignment",
    "AttributionDocument",
    "Evaluation",
    "FieldSpan",
    "Figure",
    "InputFile",
    "LabelledPassage",
    "ProbeConfig",
    "SourceLink",
    "SpeakerRecord",
    "SpeakersByArticle",
    "TfidfConfig",
    "align",
    "bootstrap_figures",
    "confusion",
    "evaluate",
    "evaluate_files",
    "fit_majority",
    "fit_probe",
    "fit_tfidf",
    "from_annotated",
    "name_similarity",
    "read_gold",
    "read_predictions",
    "render",
    "render_figures",
    "score",
    "score_attribution",
    "score_labels",
    "tokenize",
]
