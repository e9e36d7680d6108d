"""Where each public corpus comes from, what its files must be, its licence and its paper.

Addresses hold commit ids, so that what they name does not change. Checksums are those of the files
that the readers were written against; a held-out file, which they were not, has counts instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from stance.corpus.public import gwsd, vast

_RAW = "https://raw.githubusercontent.com"
_NLI = f"{_RAW}/felipessalvatore/NLI_datasets"
_PERSPECTRUM = f"{_RAW}/CogComp/perspectrum"
_POLNEAR_COMMIT = "9b85973d1610e219cb1280819816edcaa0587371"
_VAST = f"{_RAW}/emilyallaway/zero-shot-stance/e7c4775182b184730f350995f8260579c9e066fe/data/VAST"


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Form of a file for which there is no checksum.

    Attributes:
        columns: Columns it must have.
        n_rows: Numbers of rows it may have.
        delimiter: Between cells.
    """

    columns: tuple[str, ...]
    n_rows: tuple[int, ...]
    delimiter: str = ","


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteFile:
    """One file to fetch.

    Attributes:
        path: Where it belongs, below the folder of all corpora.
        url: Where it comes from.
        sha256: Of its bytes, or of its member's where it is stored as a zip.
        table: Its form, where `sha256` is None.
        member: Name that the fetched file gets in the zip at `path`; None where `path` is the file.
        held_out: Test material; a folder without it is whole.
    """

    path: str
    url: str
    sha256: str | None = None
    table: Table | None = None
    member: str | None = None
    held_out: bool = False

    def __post_init__(self) -> None:
        if (self.sha256 is None) == (self.table is None):
            raise ValueError(f"{self.path} needs either a checksum or a table")


@dataclass(frozen=True, kw_only=True, slots=True)
class Tree:
    """A folder of an archive to fetch.

    Attributes:
        path: Where it belongs, below the folder of all corpora.
        member: The same folder in the archive, below its only top folder.
        suffix: Of the files that are taken.
        n_files: How many there are.
        sha256: Of the lines "CHECKSUM  NAME", sorted by name, as `sha256sum` prints them.
        held_out: Test material; a folder without it is whole.
    """

    path: str
    member: str
    suffix: str
    n_files: int
    sha256: str | None = None
    held_out: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A public corpus.

    Attributes:
        title: Name and what it is.
        homepage: Its repository.
        licence: What it says on use, as far as it says anything.
        citation: Papers to cite.
        files: Files fetched one by one.
        archive_url: Zip with one top folder, which holds `trees`; None where there is none.
        trees: Folders of the archive.
    """

    title: str
    homepage: str
    licence: str
    citation: str
    files: tuple[RemoteFile, ...]
    archive_url: str | None = None
    trees: tuple[Tree, ...] = ()

    def __post_init__(self) -> None:
        if bool(self.trees) != (self.archive_url is not None):
            raise ValueError(f"{self.title}: trees and archive_url need each other")


def _polnear_tree(split: str, kind: str, suffix: str, n_files: int, sha256: str | None) -> Tree:
    return Tree(
        path=f"polnear/{split}/{kind}",
        member=f"data/{split}/{kind}",
        suffix=suffix,
        n_files=n_files,
        sha256=sha256,
        held_out=sha256 is None,
    )


def _vast_file(split: str, *, sha256: str | None = None, n_rows: int = 0) -> RemoteFile:
    name = f"vast_{split}.csv"
    return RemoteFile(
        path=f"vast/vast_{split}.zip",
        url=f"{_VAST}/{name}",
        sha256=sha256,
        table=None if sha256 else Table(columns=vast.COLUMNS, n_rows=(n_rows,)),
        member=name,
        held_out=sha256 is None,
    )


def _nli_file(name: str, member: str, commit: str, sha256: str) -> RemoteFile:
    return RemoteFile(
        path=f"nli/{name}", url=f"{_NLI}/{commit}/nli_datasets/{member}", sha256=sha256
    )


def _perspectrum_file(name: str, commit: str, sha256: str) -> RemoteFile:
    return RemoteFile(
        path=f"perspectrum/{name}",
        url=f"{_PERSPECTRUM}/{commit}/data/dataset/{name}",
        sha256=sha256,
    )


SOURCES: dict[str, Source] = {
    "polnear": Source(
        title="PolNeAR 1.0: political news with every attribution marked",
        homepage="https://github.com/networkdynamics/PolNeAR",
        licence="none stated in the repository; the articles belong to their publishers",
        citation="Newell, Margolin, Ruths: An Attribution Relations Corpus for Political News. "
        "LREC 2018.",
        files=(
            RemoteFile(
                path="polnear/metadata.tsv",
                url=f"{_RAW}/networkdynamics/PolNeAR/{_POLNEAR_COMMIT}/data/metadata.tsv",
                sha256="f3ac2352dcac7c432ee05eaca9fa32195f602450823b93c964e7ba7b8ba9f4c3",
            ),
        ),
        archive_url=f"https://codeload.github.com/networkdynamics/PolNeAR/zip/{_POLNEAR_COMMIT}",
        trees=(
            _polnear_tree(
                "train",
                "text",
                ".txt",
                840,
                "d6780b0f87a9a4f08360052f8d5508ada0f8d0530312e5e5f623ad28604a3926",
            ),
            _polnear_tree(
                "train",
                "attributions",
                ".ann",
                919,
                "a33b1c65fad79282dbff6e67fcf40cad0688dc0b633dde834f645de4676a4dec",
            ),
            _polnear_tree(
                "dev",
                "text",
                ".txt",
                84,
                "cd55cd76db0d0c249ecf4e505e1a46b1993fa8ee335cb99c65940b4d877d8a96",
            ),
            _polnear_tree(
                "dev",
                "attributions",
                ".ann",
                94,
                "ecb33637230308dfff24c43f8acdf2fd1d71c8d8aa37d1714a62245cdfa9920e",
            ),
            _polnear_tree("test", "text", ".txt", 84, None),
            _polnear_tree("test", "attributions", ".ann", 94, None),
        ),
    ),
    "gwsd": Source(
        title="GWSD: opinions in news sentences on global warming",
        homepage="https://github.com/yiweiluo/GWStance",
        licence="none stated in the repository; the sentences belong to their publishers",
        citation="Luo, Card, Jurafsky: Detecting Stance in Media on Global Warming. "
        "Findings of EMNLP 2020.",
        files=(
            RemoteFile(
                path="gwsd/GWSD.tsv",
                url=f"{_RAW}/yiweiluo/GWStance/cf97dd32769c4e2c3a206fc450642de15f790de0/GWSD.tsv",
                # 2,300 as released; 2,100 where the 200 held-out rows were taken out.
                table=Table(columns=gwsd.COLUMNS, n_rows=(2300, 2100), delimiter="\t"),
            ),
        ),
    ),
    "vast": Source(
        title="VAST: comments with their stance on many topics",
        homepage="https://github.com/emilyallaway/zero-shot-stance",
        licence="none stated in the repository; comments by readers of the New York Times",
        citation="Allaway, McKeown: Zero-Shot Stance Detection: A Dataset and Model using "
        "Generalized Topic Representations. EMNLP 2020.",
        files=(
            _vast_file(
                "train", sha256="b2f0d69a73231b8ef22f10e4df7d759cf228505ce5252506068da6aa7fe42109"
            ),
            _vast_file("dev", n_rows=2062),
            _vast_file("test", n_rows=3006),
        ),
    ),
    "nli": Source(
        title="MultiNLI dev, SNLI dev, SICK: natural language inference pairs",
        homepage="https://github.com/felipessalvatore/NLI_datasets",
        licence="MultiNLI: OANC licence and others, see its paper; SNLI: CC BY-SA 4.0; "
        "SICK: CC BY-NC-SA 3.0, not for commercial use",
        citation="Williams, Nangia, Bowman: A Broad-Coverage Challenge Corpus for Sentence "
        "Understanding through Inference. NAACL 2018. "
        "Bowman, Angeli, Potts, Manning: A large annotated corpus for learning natural language "
        "inference. EMNLP 2015. "
        "Marelli et al.: A SICK cure for the evaluation of compositional distributional semantic "
        "models. LREC 2014.",
        files=(
            _nli_file(
                "mnli_dev.csv",
                "mnli/dev.csv",
                "6c6a44156924eced94c21215cdc60397c65692c7",
                "b1bc1a5b741446cdacfdd882b68709d14bac2ede39e4153b9a272f5028726255",
            ),
            _nli_file(
                "snli_dev.csv",
                "snli/dev.csv",
                "cea2ece46fc9b713918c63b5939cfd77863718af",
                "af9cc200896596e96b04ceb752b7ee66200910ab22eda7daaa4fe70ebb44e8b3",
            ),
            _nli_file(
                "sick_train.csv",
                "sick/train.csv",
                "af8c6e47b8f3c7039d60166b67f51012016453a6",
                "e438550814be275da5593577dd253d6584d099c2325271a9b6155df83005422e",
            ),
        ),
    ),
    "perspectrum": Source(
        title="Perspectrum: claims and perspectives on them",
        homepage="https://github.com/CogComp/perspectrum",
        licence="CC BY-SA 4.0",
        citation="Chen, Khashabi, Yin, Callison-Burch, Roth: Seeing Things from a Different "
        "Angle: Discovering Diverse Perspectives about Claims. NAACL 2019.",
        files=(
            _perspectrum_file(
                "perspectrum_with_answers_v1.0.json",
                "0a8b13c1e4c78a07cc618df6a46f3153e7e3f40d",
                "39d0391d26ebe21efb1cc3162abcc3c4212d2eadfb07514129c3015d6f6ae1f1",
            ),
            _perspectrum_file(
                "perspective_pool_v1.0.json",
                "317ae35bdb09718024735d40eee54689d07d2b49",
                "d4d4e78c4777ea971d26546a8819aa9e02c5a68ffff45e10b40ca0cb91b43ae4",
            ),
            _perspectrum_file(
                "dataset_split_v1.0.json",
                "317ae35bdb09718024735d40eee54689d07d2b49",
                "5ba5296f6e5956c44a2fd014b15a3f7c10b9a253451162932acaf217f20cd7da",
            ),
            _perspectrum_file(
                "README.md",
                "0ad99f4086e2350b3b9026096cd747c60bb11642",
                "1fb9dc2185445f71efd54f0a72ae6d138f8795796c02371658d85c65dc915078",
            ),
            _perspectrum_file(
                "license.txt",
                "050596153dd58edefb56ae71613291b840e56c88",
                "e74cf0a67a45f86f07464dbd5cb1333bea2e24bfcb4551044c5e3943a4bd04aa",
            ),
        ),
    ),
    "commitmentbank": Source(
        title="CommitmentBank: how far an author is committed to an embedded claim",
        homepage="https://github.com/mcdm/CommitmentBank",
        licence="none stated in the repository; passages from the BNC, Switchboard and the WSJ",
        citation="de Marneffe, Simons, Tonhauser: The CommitmentBank: Investigating projection in "
        "naturally occurring discourse. Sinn und Bedeutung 23, 2019.",
        files=(
            RemoteFile(
                path="commitmentbank/CommitmentBank-items.csv",
                url=f"{_RAW}/mcdm/CommitmentBank/5f56f43815818912e732f91aafff22c6e757d228/"
                "CommitmentBank-items.csv",
                sha256="e06d30b2e197fe88b9917c049c534df74d35d37eddb2a55f6e7112c56e016401",
            ),
        ),
    ),
}
"""Public corpora by the name of their folder."""
