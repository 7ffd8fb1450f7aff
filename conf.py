"""What the site is made of. How each part works stands in _ext/, what it says in faq/, glossary/ and seminar/."""

import os
import sys
from pathlib import Path

here = Path(__file__).parent
sys.path[:0] = [str(here), str(here / "_ext")]  # _figures, and this project's extensions

# -- The project ---------------------------------------------------------------------------------

project = "metauni Alignment FAQ"
author = "the contributors to the metauni Alignment FAQ"
copyright = "the contributors. Text under CC BY 4.0, code under MIT"
language = "en"
version = os.environ.get("READTHEDOCS_VERSION", "latest")  # shown by those who link here, and by the e-book

# -- Where it is read ----------------------------------------------------------------------------

# Read the Docs tells the address of the version it builds; elsewhere pages name the published one.
html_baseurl = os.environ.get("READTHEDOCS_CANONICAL_URL", "https://metauni-alignment-faq.readthedocs.io/en/latest/")
# ... and where the sources are, from which Furo makes links to view and edit a page.
repository = os.environ.get("READTHEDOCS_GIT_CLONE_URL", "").removesuffix(".git")

# -- What reads and draws the pages --------------------------------------------------------------

extensions = [
    "myst_parser",  # Markdown
    "sphinx_copybutton",  # copy buttons on snippets
    "sphinxcontrib.bibtex",  # citations
    # Ours, in _ext/:
    "content_model",  # what a question, a talk and a claim are
    "questions",  # question pages and lists of them
    "claims",  # the claims of the original answer, and what became of them
    "terms",  # glossary entries
    "term_lists",  # their A–Z index and backlinks
    "cards",  # what a term means, beside a link to it
    "exports",  # the glossary as data
    "myst_xref",  # ... and what mystmd needs to link here
    "coefficients",  # the table of known learning coefficients
    "computed",  # numbers in formulas, and
    "drawings",  # pictures, computed by _figures/
    "promise",  # what was published stays where others find it
    "talks",  # the seminars
    "citations",  # author-year style
    "navigation",  # a sidebar whose cost does not grow with the site
    "search",  # a quick index
    "lean_pages",  # nothing on a page that it has no use for
    "icons",  # ... nor what every page would bring again
    "still_pages",  # nothing moves while a page arrives
    "quick_libraries",  # a quick build: libraries do the same in less time
    "all_cores",  # ... and the work is shared out
    "mathml",  # maths without JavaScript
    "mathfont",  # the glyphs it needs
    "plain_warnings",  # file:line: what is wrong: how to mend it
]

source_suffix = {".md": "markdown"}
exclude_patterns = [
    ".*",  # the virtual environment, tools' folders
    "_build",
    "_ext",
    "_figures",
    "_make",
    "tests",
    "README.md",  # read on the repository's own page
]

# A reference that leads nowhere is an error, here and on Read the Docs.
nitpicky = True

# -- Markdown ------------------------------------------------------------------------------------

myst_enable_extensions = [
    "attrs_inline",  # [text]{#id}
    "colon_fence",  # :::{glossary}
    "deflist",
    "dollarmath",  # $K(w)$
    "smartquotes",  # “…”, at a fifth of the cost of Sphinx’s own
]
myst_heading_anchors = 3
smartquotes = False

# -- Maths ---------------------------------------------------------------------------------------

# Shared by the pages, the e-book and the PDF.
math_macros = {
    "E": r"\mathbb{E}",
    "KL": r"\mathrm{KL}",
}
math_font = "ziamath:fonts/STIXTwoMath-Regular.ttf"

# -- Citations -----------------------------------------------------------------------------------

bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "faq"
bibtex_reference_style = "author_year_round"
bibtex_tooltips = False  # a fifth of a page's weight, and the list of references is a click away
# Addresses of references that stay: references.html#ref-watanabe2009algebraic
bibtex_cite_id = "ref-{key}"

# -- HTML ----------------------------------------------------------------------------------------

html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_css_files = ["faq.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {
    "source_repository": repository,
    "source_branch": os.environ.get("READTHEDOCS_GIT_IDENTIFIER", "main"),
    "source_directory": "",
} if repository else {}
# Only real snippets get a button, and a button copies no prompt.
copybutton_selector = "div.highlight pre"
copybutton_prompt_text = "$ "

# -- E-book and links to other sites ----------------------------------------------------------------

epub_show_urls = "no"
epub_exclude_files = ["search.html", "_static/copybutton.js", "_static/clipboard.min.js", "_static/math-font-LICENSE.txt"]
linkcheck_timeout = 20
linkcheck_retries = 2
linkcheck_workers = 8
linkcheck_anchors = False  # pages that make their anchors with JavaScript look broken to a checker
linkcheck_ignore = []
