# `make` lists the targets.
SWIFT ?= swift
BUILD := $(SWIFT) build --explicit-target-dependency-import-check error
IOC := .build/release/ioc
PACKAGES := libcurl4-openssl-dev libmosquitto-dev libsqlite3-dev libzstd-dev zlib1g-dev mosquitto
FUZZ_SECONDS ?= 600

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c

.DEFAULT_GOAL := help
.PHONY: help demo run check test simulation fuzz race release deps lint format bench bench-smoke bench-build ledger faults crash mutations clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | column -t -s '|'

demo: release ## broker, simulated gateways and service in one, with a live picture
	$(IOC) demo $(ARGS)

run: release ## the service, with config/ioc.yaml
	$(IOC) run $(ARGS)

check: release ## validate config/ and devices/, run every example and rule test
	$(IOC) check

test: deps ## all tests; what failed stands at the end
	@mkdir -p .build
	$(SWIFT) test --no-parallel --explicit-target-dependency-import-check error $(ARGS) 2>&1 | tee .build/test.log || \
		{ echo "== failed"; grep -aE '✘|error:' .build/test.log; exit 1; }

fuzz: ## every decoder with made-up payloads, FUZZ_SECONDS=600 each
	Tests/Fuzz/run $(FUZZ_SECONDS) $(ARGS)

# The simulation is one thread of many seeds and left out.
# Swift tells the sanitizer to overlook memcpy and its own library, through which unspecialised generics such as the
# ring's move their values: a ring without any ordering went unseen.
race: export TSAN_OPTIONS = ignore_interceptors_accesses=0:ignore_noninstrumented_modules=0:suppressions=$(CURDIR)/Tests/Race/suppressions
race: ## ring and pipeline between threads, under the thread sanitizer
	IOC_PART=race $(SWIFT) test --force-resolved-versions --no-parallel --sanitize thread --scratch-path .build-race \
		--explicit-target-dependency-import-check error --filter 'RingTests|PipelineTests' --skip SimulationTests $(ARGS)

release: deps ## build the program: .build/release/ioc
	$(BUILD) -c release --product ioc

deps: ## install the Debian packages that are missing
	@.ci/install-packages $(PACKAGES)

lint: ## formatting, as CI checks it
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests benchmarks

format: ## put formatting right
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests benchmarks

simulation: SEEDS ?= 20000
simulation: FIRST ?= 1
simulation: deps ## the core against a model, SEEDS=100000 lives from seed FIRST=1 on, in two processes
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error
	@half=$$(($(SEEDS) / 2)); pids=; \
	for part in "$(FIRST) $$half" "$$(($(FIRST) + half)) $$(($(SEEDS) - half))"; do set -- $$part; \
		SIMULATION_FIRST_SEED=$$1 SIMULATION_SEEDS=$$2 $(SWIFT) test --skip-build --filter SimulationTests & \
		pids="$$pids $$!"; \
	done; failed=0; for pid in $$pids; do wait $$pid || failed=1; done; exit $$failed

bench: bench-build ## all benchmarks next to their peers, one table; NAME="ring decode" only those groups
	benchmarks/run $(NAME) $(ARGS)

bench-smoke: bench-build ## every benchmark in a tiny size: that none has rotted
	benchmarks/run --smoke $(NAME) $(ARGS)

bench-build: deps
	$(BUILD) -c release

ledger: release ## 10 000 QoS 1 messages a second for a minute, a kill in the middle, ledger against database
	benchmarks/ledger/once $(ARGS)

faults: release ## kills and faults for FAULTS_SECONDS (600), exact against the gateways' ledger; FAULTS_SEED repeats one
	IOC=$(CURDIR)/.build/release/ioc FAULTS_SECONDS=$(or $(FAULTS_SECONDS),600) $(SWIFT) test --no-parallel --filter 'FaultTests.campaign'

mutations: MUTATIONS ?= 100000
mutations: deps ## MUTATIONS=100000 spoiled payloads of each format through the program; MUTATIONS_SEED=N another lot
	MUTATIONS=$(MUTATIONS) $(SWIFT) test --no-parallel --filter 'IocTests.MutatedPayloadTests'

crash: SEEDS ?= 1000
crash: deps ## power cuts under the database for SEEDS (1000) seeds; CRASH_SEED=N repeats one
	CRASH_SEEDS=$(SEEDS) $(SWIFT) test --no-parallel --filter 'StoreTests.(CrashConsistency|FailingDisk)Tests'

clean: ## remove what was built
	rm -rf .build .build-fuzz .build-race
