# 每个目标各自都能从一份干净的检出开始。 Every target works on its own, from a clean checkout.
# make PYTHON=python3.12 …  用别的 Python；make test ARGS='-k linear'  给 pytest 的参数。

PYTHON ?= python3
CHROMIUM ?= /usr/bin/chromium
ARGS ?=
EXAMPLE := examples/xiangyuan_2023

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -qq

# The stamps carry the interpreter's version and the checkout's place, so that a new Python, a moved or copied checkout, or
# a change of pyproject.toml or requirements.lock makes .venv afresh. Empty where there is no Python 3: `need_python` says so.
TAG := $(shell $(PYTHON) -c 'import os, sys, zlib; print("%d.%d.%d-%08x" % (*sys.version_info[:3], zlib.crc32(os.fsencode(sys.base_prefix + os.getcwd()))))' 2>/dev/null)
READY := $(VENV)/ready-$(TAG)
LINT_READY := $(VENV)/lint-ready-$(TAG)
MEASURE_READY := $(VENV)/measure-ready-$(TAG)
BENCH_READY := $(VENV)/bench-ready-$(TAG)

# What reaches every branch of the rooms by itself; the tests left out by name work in other processes.
MEASURED := tests/test_cases.py tests/test_problems.py $(addprefix tests/,reading ir quantity rules backends)
NOT_MEASURED := test_attack or _of_a_table or _of_an_attachment or test_columnar or test_polars or test_sql

# The tools of a release need some sixty distributions of their own: they live apart, and never beside what is tested.
RELEASE := build/release
RELEASE_READY := $(RELEASE)/ready-$(TAG)
RELEASE_PIP := $(RELEASE)/bin/python -m pip --disable-pip-version-check -qq

unexport PYTHONPATH PYTHONHOME

# Targets share .venv and some write where others read: with -j too they run one after another.
.NOTPARALLEL:
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help score test lint bench coverage mutation soak golden schemas axe wheel install-check sbom advisories lock clean browser-tools spark-tools

define need_python
command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo '找不到 $(PYTHON)，请安装 Python 3.11 以上。 $(PYTHON) was not found; Python 3.11 or newer is needed: apt-get install python3 python3-venv' >&2; exit 1; }
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) 是 $$($(PYTHON) -V 2>&1)，需要 3.11 以上。 Python 3.11 or newer is needed: make PYTHON=python3.11 …" >&2; exit 1; }
$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo '$(PYTHON) 缺少 venv 或 ensurepip，请安装 Debian 软件包 python3-venv。 $(PYTHON) lacks venv or ensurepip: apt-get install python3-venv' >&2; exit 1; }
endef

help: ## 列出各目标 list the targets (default)
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1	/p' Makefile | while IFS='	' read -r name told; do printf '  make %-13s %s\n' "$$name" "$$told"; done

score: $(READY) ## 计算示例项目的得分 score the example project
	@$(VENV)/bin/perfeval score $(EXAMPLE)

test: $(READY) ## 全部测试 all tests
	@$(PY) -m pytest $(ARGS)

lint: $(LINT_READY) ## 静态检查 ruff and mypy --strict
	@$(PY) -m ruff check .
	@$(PY) -m mypy --strict

bench: $(BENCH_READY) ## 性能指标，约一刻钟，未达到则失败 measure the performance figures, some 15 minutes; fail where one is missed
	@status=0; $(PY) benchmarks/run.py || status=1; $(PY) benchmarks/batches/measure.py || status=1; exit $$status

coverage: $(MEASURE_READY) ## 分支覆盖率，须为 100% branch coverage of the rooms a score depends on, 100 % or fail
	@mkdir -p build
	@$(PY) -m coverage run -m pytest -k 'not ($(NOT_MEASURED))' $(MEASURED) $(ARGS)
	@$(PY) -m coverage report

mutation: $(MEASURE_READY) ## 变异测试，约几十分钟 mutation score of the same rooms; takes long
	@$(PY) benchmarks/mutation.py $(ARGS)

soak: $(READY) ## 发布前的长时间测试 the long runs before a release: make soak ARGS='--kills 1000 kills'
	@$(PY) tests/soak.py $(ARGS)

golden: $(READY) ## 重写期望文件 rewrite the golden files; read the difference before committing it
	@$(PY) -m pytest --update-golden $(ARGS)

schemas: $(READY) ## 重写 JSON Schema rewrite src/perfeval/schemas from the models
	@$(PY) -m perfeval.schemas

axe: browser-tools $(READY) ## 检查 HTML 报告的无障碍 accessibility of the HTML report, in Chromium
	@cd tests/browser && npm ci --silent --ignore-scripts --no-audit --no-fund
	@$(VENV)/bin/perfeval score -q $(EXAMPLE) -o reports
	@CHROMIUM='$(CHROMIUM)' node tests/browser/axe.mjs reports/report.html

wheel: $(READY) ## 构建安装包到 dist/，两次构建须逐字节相同 build the wheel into dist/: two builds, one sha256
	@cd tests && ../$(PY) -m supply.wheel

install-check: wheel ## 在别处按锁文件安装并打分 install the wheel elsewhere, from the lock with hashes, and let it score
	@cd tests && ../$(PY) -m supply.installed

sbom: wheel $(RELEASE_READY) ## 组成清单 dist/sbom.cdx.json bill of materials, CycloneDX
	@cd tests && ../$(PY) -m supply.installed --sbom ../$(RELEASE)/bin/cyclonedx-py

advisories: $(READY) $(RELEASE_READY) ## 查依赖的漏洞公告（要联网） known vulnerabilities of what is locked, by pip-audit; needs the network
	@cd tests && ../$(PY) -m supply.advisories ../$(RELEASE)/bin/pip-audit

lock: $(RELEASE_READY) ## 重写 requirements.lock pin the newest run-time and test dependencies, with hashes
	@{ echo '# 运行和测试用的依赖，固定版本与校验值；由 make lock 生成。'; \
	   echo '# What running and testing need, pinned, with hashes: Python 3.11 and newer, any platform. Made by `make lock`.'; \
	   echo '#   pip install --require-hashes -r requirements.lock'; \
	   $(RELEASE)/bin/uv pip compile pyproject.toml --extra test --universal --python-version 3.11 \
	     --generate-hashes --no-header --no-emit-index-url --no-emit-find-links -q; \
	 } > build/requirements.lock && mv build/requirements.lock requirements.lock

clean: ## 删去一切生成的东西 remove everything that was made
	@rm -rf $(VENV) build dist reports examples/*/reports tests/browser/node_modules
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis src/*.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml requirements.lock
	@$(need_python)
	@echo '准备 $(VENV) … preparing $(VENV) …' >&2
	@$(PYTHON) -m venv --clear $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps -e .
	@# an installed package comes with byte code, an editable one does not: one run writes it, the templates' too
	@env -u PYTHONDONTWRITEBYTECODE $(VENV)/bin/perfeval score -q $(EXAMPLE) -o $(VENV)/warm || true
	@touch $@

$(LINT_READY): $(READY)
	@$(PIP) install -e '.[lint]'
	@touch $@

$(MEASURE_READY): $(READY)
	@$(PIP) install -e '.[measure]'
	@touch $@

$(BENCH_READY): $(READY)
	@$(PIP) install -e '.[bench]'
	@touch $@

$(RELEASE_READY): pyproject.toml
	@$(need_python)
	@echo '准备 $(RELEASE) … preparing $(RELEASE) …' >&2
	@$(PYTHON) -m venv --clear $(RELEASE)
	@$(RELEASE_PIP) install $$($(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["release"])')
	@touch $@

spark-tools: ## 用 apt 安装 Spark 要的 Java 17 install Java 17, which Spark needs, through apt (as root)
	@java -version 2>/dev/null || apt-get install -y --no-install-recommends openjdk-17-jre-headless || { \
	  echo '缺少 Java 17，请安装。 Java 17 is missing: apt-get update && apt-get install openjdk-17-jre-headless' >&2; exit 1; }
	@java -version

browser-tools:
	@{ command -v npm && command -v node && command -v '$(CHROMIUM)'; } >/dev/null 2>&1 || { \
	  echo '缺少浏览器或 Node.js，请安装。 Chromium or Node.js is missing: apt-get install chromium nodejs npm' >&2; exit 1; }
