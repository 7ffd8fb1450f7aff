# begin
extensions = ["myst_parser", "sphinx.ext.intersphinx"]
intersphinx_mapping = {
    "metauni": ("https://metauni-alignment-faq.readthedocs.io/en/latest/", None),
}
# end
project = "A site that links here"
