# The metauni Alignment FAQ: `make` lists what can be done. Nothing needs to be prepared but Python 3.11 or newer.
VENV     ?= .venv
BUILD    ?= _build
PORT     ?= 8000
OPTIONS  ?=
STRICT   := --nitpicky --fail-on-warning --keep-going
SPHINX    = $(VENV)/bin/python -m sphinx --jobs auto --quiet

.DEFAULT_GOAL := help
.PHONY: help html serve test lock unused linkcheck epub bench screenshot requirements clean

help:  ## show this list
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z]*\):.*## /  \1|/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-14s %s\n", $$1, $$2 }'
	@echo "  ...          any other Sphinx builder, for example make text or make dirhtml"

# Sphinx writes page by page, so it works on a copy: a build that fails leaves the last good site whole.
# The copy spares re-reading unchanged pages, unless the machinery itself is newer than it.
html: $(VENV)/site.ok  ## build the site into _build/html, strictly
	@next=$(BUILD)/next.$$$$; trap 'rm -rf "$$next"' EXIT INT TERM; mkdir -p "$$next"; \
	if [ -f $(BUILD)/doctrees/environment.pickle ] && [ -d $(BUILD)/html ] && \
	   [ -z "$$(find conf.py _ext $(VENV)/site.ok -newer $(BUILD)/doctrees/environment.pickle -not -name '*.pyc' -not -type d)" ]; \
	then cp -R -p $(BUILD)/html $(BUILD)/doctrees "$$next"; fi; \
	$(SPHINX) -b html $(STRICT) $(OPTIONS) -d "$$next/doctrees" . "$$next/html" && \
	mkdir -p "$$next/old" && \
	for part in html doctrees; do \
	  { [ ! -e $(BUILD)/$$part ] || mv $(BUILD)/$$part "$$next/old/"; } && mv "$$next/$$part" $(BUILD)/$$part || exit 1; \
	done
	@echo "Built. Open file://$(abspath $(BUILD))/html/index.html"

serve: $(VENV)/dev.ok  ## build, serve on localhost:8000 and reload the browser on every save
	@$(VENV)/bin/python -m sphinx_autobuild --jobs auto --nitpicky --port $(PORT) --re-ignore '/(_build|\.venv|\.git|tests)/' \
	  --watch _ext -d $(BUILD)/serve/doctrees . $(BUILD)/serve/html

test: html $(VENV)/dev.ok  ## run every test, a real browser included
	@$(VENV)/bin/python -m pytest --numprocesses auto $(OPTIONS) tests

lock: $(VENV)/site.ok  ## promise every new address in addresses.lock, for ever
	@$(MAKE) --no-print-directory html OPTIONS="-D record_addresses=1 $(OPTIONS)"

unused: $(VENV)/site.ok  ## list the terms that nothing refers to
	@$(SPHINX) -b dummy -D list_unused_terms=1 $(OPTIONS) -d $(BUILD)/doctrees-unused . $(BUILD)/unused

linkcheck: $(VENV)/site.ok  ## check every link to other sites (needs the network)
	@$(SPHINX) -b linkcheck $(OPTIONS) -d $(BUILD)/doctrees-linkcheck . $(BUILD)/linkcheck

epub: $(VENV)/site.ok  ## build the e-book into _build/epub
	@$(SPHINX) -b epub $(STRICT) $(OPTIONS) -d $(BUILD)/doctrees-epub . $(BUILD)/epub
	@echo "Built. Open $(BUILD)/epub/*.epub"

bench: $(VENV)/dev.ok  ## time builds of 100, 400 and 1,000 questions beside stock Furo and MkDocs Material (20 minutes)
	@[ -x $(BUILD)/bench-venv/bin/mkdocs ] || { mkdir -p $(BUILD) && _make/venv $(BUILD)/bench-venv tests/bench/requirements.txt; }
	@$(VENV)/bin/python tests/bench/bench.py --mkdocs $(BUILD)/bench-venv/bin/mkdocs $(OPTIONS)

screenshot: html $(VENV)/dev.ok  ## photograph the founding question for the README
	@$(VENV)/bin/python tests/screenshot.py $(BUILD)/html _static/screenshot.png

requirements:  ## lock the newest allowed packages (needs uv)
	@for list in requirements requirements-dev tests/bench/requirements; do \
	  uv pip compile --quiet --upgrade --universal --fork-strategy fewest --generate-hashes --python-version 3.11 \
	    --custom-compile-command "make requirements" $$list.in -o $$list.txt || exit 1; \
	done

clean:  ## remove everything that was built, the virtual environment included
	@rm -rf $(BUILD) $(VENV) $(VENV).log

$(VENV)/site.ok: requirements.txt _make/venv
	@_make/venv $(VENV) requirements.txt && touch $@

$(VENV)/dev.ok: $(VENV)/site.ok requirements-dev.txt
	@_make/venv $(VENV) requirements-dev.txt && touch $@

# Anything else is taken for the name of a Sphinx builder.
%: $(VENV)/site.ok
	@$(VENV)/bin/python -m sphinx -M $@ . $(BUILD) --jobs auto --quiet $(STRICT) $(OPTIONS) -d $(BUILD)/doctrees-$@

# ... but make must not take its own files for builders.
Makefile requirements.txt requirements-dev.txt _make/venv: ;
