import pytest

from stance.errors import InputError
from stance.ingest.html import read_html
from stance.schema import ParagraphKind

SENTENCE = "The minister said on Monday that no soldier would leave the country this year."


def page(body, head=""):
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def words(article, kind=ParagraphKind.TEXT):
    return [article.text[p.start : p.end] for p in article.paragraphs if p.kind is kind]


def fields(article):
    return article.title, article.date, article.outlet, article.url


def load(fixtures, name):
    return read_html((fixtures / name).read_bytes(), name)


def test_news_site(fixtures):
    article = load(fixtures, "news_site.html")
    assert fields(article) == (
        "Minister Ilves-Raud rules out a battalion for Ukraine",
        "2025-03-11",
        "Harbour Post",
        "https://harbourpost.example/world/battalion",
    )
    assert article.id == article.source == "news_site.html"
    assert words(article, ParagraphKind.HEADLINE) == [article.title]
    text = words(article)
    assert text[0].startswith("Estonia will not send")
    assert text[0].endswith("opened in February.")
    assert text[1].startswith("“Our soldiers")
    assert text[1].endswith("“All of them.”")
    assert "within a month of a ceasefire, and nobody" in text[2]
    assert "Latvia is ready to join a force of peacekeepers, its foreign ministry said." in text
    assert "Nobody has asked us, and nobody will." in text
    assert "— Priit Sõerd (@psoerd) March 10, 2025" in text
    assert text[-1].startswith("The government meets again")
    for outside in ("cookie", "Anonymous", "Ferry stuck", "port became", "All rights", "dataLayer"):
        assert outside not in article.text


def test_json_ld(fixtures):
    article = load(fixtures, "json_ld.html")
    title = "Lisbon keeps its options open on a peace force"
    assert fields(article)[:3] == (title, "2025-09-18", "The Alfama Review")
    assert len(words(article)) == len(article.paragraphs) == 4
    assert words(article)[0].startswith("Portugal has not decided")


def test_amp(fixtures):
    article = load(fixtures, "amp.html")
    assert fields(article) == (
        "'Not one boot': mayor tells Budapest to stay out",
        "2025-05-02",
        "The Danube Mirror",
        "https://danubemirror.example/mayor",
    )
    assert len(words(article)) == 5
    # A <br> after a sentence parts two paragraphs.
    assert '"Not one boot goes over that bridge," he thundered at a packed meeting.' in words(
        article
    )
    assert "Showbiz" not in article.text
    assert not [w for w in words(article) if "READ MORE" in w or "VASHEGYI" in w]


def test_old_layout_tables(fixtures):
    article = load(fixtures, "old_tables.html")
    text = words(article)
    assert article.title is not None
    assert article.title.endswith("Vienna will not march")
    assert any(
        "Chancellor Roswitha Knödl said on Friday when asked about soldiers for" in t for t in text
    )
    assert text[-1].startswith("The cabinet will return")
    assert all(t.endswith((".", '"')) for t in text)
    assert not [t for t in text if "Weather" in t or "Copyright" in t]


def test_navigation_only(fixtures):
    with pytest.raises(InputError, match=r"^navigation_only\.html: no article text.*; save"):
        load(fixtures, "navigation_only.html")


@pytest.mark.parametrize(
    "data",
    [b"<html></html>", b"no html at all", b" ", page("<p>Home</p>").encode(), b"<html>" * 3000],
)
def test_without_article(data):
    with pytest.raises(InputError, match="no article"):
        read_html(data, "x.html")


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ("<meta http-equiv='Content-Type' content='text/html; charset=windows-1251'>", "cp1251"),
        ("<META CHARSET=koi8-u>", "koi8-u"),
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        # saved as UTF-8 under the old declaration
        ('<meta charset="windows-1251">', "utf-8"),
    ],
)
def test_charset(charset, encoding):
    article = read_html(page(f"<p>{SENTENCE} Київ.</p>" * 3, charset).encode(encoding), "x")
    assert f"{SENTENCE} Київ." in article.text


def test_latin1_is_read_as_browsers_do():
    html = page(f"<p>“{SENTENCE}” – café.</p>" * 3, '<meta charset="iso-8859-1">')
    assert f"“{SENTENCE}” – café." in read_html(html.encode("cp1252"), "x").text


def test_breaks():
    body = (
        "<p>The minister said on Monday that the<br>soldiers of the country, and those of<br>\n"
        "Latvia, would stay at home.<br><br>She then left.<br>TAMM: Why did\n she leave?</p>"
    )
    article = read_html(page(body + f"<p>{SENTENCE}</p>").encode(), "x")
    assert words(article) == [
        "The minister said on Monday that the soldiers of the country, and those of Latvia, would "
        "stay at home.",
        "She then left.",
        "TAMM: Why did she leave?",
        SENTENCE,
    ]


def test_data_tables_keep_their_rows():
    rows = "<tr><th>Country</th><th>Troops</th></tr><tr><td>Latvia</td><td>500</td></tr>"
    body = "".join(f"<p>{SENTENCE} That makes {n} of them.</p>" for n in range(8))
    article = read_html(page(f"<article>{body}<table>{rows}</table>{body}</article>").encode(), "x")
    assert "Latvia | 500" in words(article)


def test_no_metadata():
    article = read_html(page(f"<p>{SENTENCE}</p>" * 3).encode(), "x")
    assert fields(article) == (None, None, None, None)


def test_parser_failure_is_one_line(monkeypatch):
    def fail(*_args, **_kwargs):
        raise RecursionError("deep")

    monkeypatch.setattr("trafilatura.bare_extraction", fail)
    with pytest.raises(InputError, match=r"x: the HTML cannot be parsed \(RecursionError\)"):
        read_html(page("<p>text</p>").encode(), "x")
