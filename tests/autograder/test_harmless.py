"""What a learner sent is shown as text, or not at all."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.harmless import harmless_cell, harmless_markdown, harmless_output

HARMFUL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<IMG SRC=x ONERROR=alert(1)//",
    "<svg/onload=alert(1)>",
    "<iframe src='data:text/html,<script>alert(1)</script>'></iframe>",
    "text\n\n<div onclick='alert(1)'>\n\nmore",
    "<!-- --><style>body{display:none}</style>",
    "[a](javascript:alert(1))",
    "[a]( JaVaScRiPt:alert(1) )",
    "[a](java&#115;cript:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a][b]\n\n[b]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![a](vbscript:x)",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "<b onmouseover=alert(1)>b</b>",
    "<b>fine</b><p onload=x>",
]


class Acting(HTMLParser):
    """Collects what could act in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        tag = tag.split("/")[0]
        if tag in ("script", "style", "iframe", "object", "embed", "svg", "form", "input", "meta", "base", "link"):
            self.found.append(tag)
        for name, value in attrs:
            target = re.sub(r"\s", "", value or "").lower()
            if name.startswith("on") or (
                name in ("href", "src") and re.match(r"(java|vb)script:|data:(?!image/)", target)
            ):
                self.found.append(f"{tag} {name}={value}")


def acts(source: str) -> list[str]:
    """What acts when nbconvert, and so formgrader and feedback, shows this Markdown."""
    page = Acting()
    page.feed(MarkdownWithMath(renderer=IPythonRenderer(escape=False)).render(source) + "<p>The page goes on.</p>")
    return page.found


@pytest.mark.parametrize("source", HARMFUL)
def test_markdown_cannot_act(source: str) -> None:
    assert acts(harmless_markdown(source)) == []


def test_the_detector_detects() -> None:
    """But for three that this renderer of Markdown escapes by itself."""
    harmless = [source for source in HARMFUL if not acts(source)]
    assert [source.split("\n")[0].split("=")[0] for source in harmless] == ["<IMG SRC", "<svg/onload", "```"]


@given(
    st.lists(
        st.sampled_from([*HARMFUL, "`", "```", "\n", "\n\n", "> ", "$x<y$", "<b>", "~~~", "\\", "    "]), max_size=6
    )
)
def test_no_mixture_acts(parts: list[str]) -> None:
    assert acts(harmless_markdown("".join(parts))) == []


@pytest.mark.parametrize(
    "source",
    [
        "Plain *words*, `code`, **bold**, a [link](https://example.org) and $0 \\le x$.",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "> quoted\n\n1. one\n2. two",
        "x<sub>1</sub><br/> and <b>bold</b>",
        "if 1 < 2 and 3<4",
    ],
)
def test_honest_markdown_stays_as_it_is(source: str) -> None:
    assert harmless_markdown(source) == source


def test_an_inequality_without_spaces_still_reads_as_one() -> None:
    assert harmless_markdown("It converges for $0<lr<1/4$.") == "It converges for $0&lt;lr<1/4$."


def test_an_output_keeps_text_tables_and_pictures() -> None:
    data = {
        "text/plain": "<b>as text</b>",
        "text/html": "<table onclick='x'><tr><td>1</td></tr></table><script>alert(1)</script>",
        "image/png": "iVBORw0KGgo=",
        "image/jpeg": '"><script>alert(1)</script>',
        "application/javascript": "alert(1)",
        "text/markdown": "<script>alert(1)</script>",
    }
    metadata = {"width": "1 onerror=alert(1)", "isolated": True}
    shown = harmless_output({"output_type": "display_data", "data": data, "metadata": metadata})
    assert shown["metadata"] == {}
    assert shown["data"].keys() == {"text/plain", "text/html", "image/png"}
    assert shown["data"]["text/html"].startswith("<table><tbody><tr><td>1</td></tr></tbody></table>&lt;script&gt;")
    assert data["application/javascript"] == "alert(1)", "the given output is left as it was"


def test_pictures_pasted_into_an_answer_stay_and_nothing_else() -> None:
    bundle = {"image/png": "iVBORw0KGgo=", 'image/png"><script>': "eA==", "text/html": "PGI+"}
    cell = {
        "cell_type": "markdown",
        "id": 'a"><script>',
        "metadata": {},
        "source": "x",
        "attachments": {"p.png": bundle},
    }
    clean = harmless_cell(cell)
    assert clean["attachments"] == {"p.png": {"image/png": "iVBORw0KGgo="}}
    assert re.fullmatch(r"[A-Za-z0-9_-]+", clean["id"])
