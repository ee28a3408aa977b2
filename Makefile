# make         build in place (virtual environment, pinned dependencies, image, extensions)
# make demo    the same, then run the Hello appliance
# make test    the same, then every test
# make test-slow  the tests that install the package into a fresh environment
# make debug   the image with checks on: assertions, bounds, poisoned free memory
.PHONY: all demo test test-slow debug clean
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

all: $(STAMP)
	@$(BIN)/python setup.py -q build_ext --inplace

$(STAMP): pyproject.toml
	@echo "setting up $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q "setuptools==84.2.1" "Cython==3.3.1" "ninja==1.13.2" "pyelftools==0.33"
	@DEMITASSE_INSTALL_ONLY=1 $(BIN)/python -m pip install -q --no-build-isolation -e ".[dev,plot]" --config-settings editable_mode=compat
	@touch $@

debug: $(STAMP)
	@$(BIN)/python setup.py -q build_ext --inplace --checks

demo: all
	@$(BIN)/demitasse run examples/hello/hello.jar

test: all
	@$(BIN)/python -m pytest $(ARGS)

clean:
	rm -rf build

test-slow: all
	@$(BIN)/python -m pytest -m slow $(ARGS)
