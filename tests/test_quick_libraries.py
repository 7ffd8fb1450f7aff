"""What libraries are spared changes nothing: a page with all that this site has little or none of is drawn the same without it."""

from __future__ import annotations

import shutil

from conftest import TinySite

RARE = """\
---
orphan: true
---

# Rare things

A footnote[^one], and another[^two].

[^one]: The first, with $K(w)$.
[^two]: The second.

> A quotation.
>
> > Within one.

---

```{only} html
Only here.
```

```{only} latex
Only there.
```

```python
>>> 1 + 1  # doctest: +SKIP
2
```

```{highlight} python
```

```
y = 2
```

```{py:function} f(x)
What it does.
```

![A button](_static/screenshot.png)

```{figure} _static/screenshot.png
:name: shot
A caption.
```

{sub-ref}`today` and [the figure](#shot).

```{eval-rst}
.. [Ref] A citation.

See [Ref]_ and a target_.

.. _target: https://example.org/

>>> 3
3

.. index:: rare

|release|
```
"""
HARD = "Gödel, {K}urt", r"{\"U}ber --- \emph{formal} sentences, and {Other} ``things'' at 5\,\%"


def test_pages_are_the_same_without_them(tiny: TinySite) -> None:
    (tiny.folder / "rare.md").write_text(RARE, encoding="utf-8")
    author, title = HARD
    with (tiny.folder / "references.bib").open("a", encoding="utf-8") as references:
        references.write(f"\n@misc{{hard1931,\n  author = {{{author}}},\n  title = {{{title}}},\n  year = {{1931}},\n}}\n")
    tiny.edit("faq/basics/what-is-it-not.md", "A theory of everything", "A theory {cite:p}`hard1931` of everything")

    def build() -> dict[str, bytes]:
        shutil.rmtree(tiny.folder / "_build")
        result = tiny.make()
        assert result.returncode == 0, result.stderr
        return {name: data for name, data in tiny.fingerprint().items() if name != ".buildinfo"}

    quick = build()
    text = quick["rare.html"].decode()
    assert all(words in text for words in ("The second.", "Within one.", "Only here.", "What it does.", "A caption.", "A citation."))
    assert "Only there." not in text
    assert "SKIP" not in text
    assert "Über" in quick["references.html"].decode()
    tiny.edit("conf.py", '    "quick_libraries",', "    #")
    assert build() == quick
