"""Prints what a term means: python terms.py rlct"""

import json
import sys
from urllib.request import urlopen

with urlopen("https://metauni-alignment-faq.readthedocs.io/en/latest/glossary.json") as answer:
    terms = json.load(answer)["terms"]
for term in terms:
    if sys.argv[1].lower() in (name.lower() for name in [term["id"], term["name"], *term["synonyms"]]):
        print(f"{term['name']}: {term['definition']['text']}\n{term['url']}")
