# Every task of the house. `make help` lists them.

SWIFT_BUILD = swift build
BIN = $(shell swift build --show-bin-path)
STEPS ?= 1500
SEEDS ?= 20

.DEFAULT_GOAL := help
.PHONY: help setup build release test test-fast test-prompts test-agents ci format format-check tidy generate sim chaos bench demo docs clients install clean

help: ## Show this help
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*## "} {printf "  %-12s %s\n", $$1, $$2}'

setup: ## Install what building and testing need (Debian 12; asks for nothing)
	@scripts/setup

build: ## Build everything for debugging
	$(SWIFT_BUILD)

release: ## Build orca, orcad and orca-sandbox for use
	@scripts/release

install: release ## Install them below PREFIX (default ~/.local)
	@scripts/install

test: setup ## Run all checks: format, tidy, build, unit, contract, simulator, end to end
	@scripts/test all

test-fast: ## Run the quick checks only (no processes are killed, no million tasks)
	@scripts/test fast

test-prompts: ## Type 10,000 prompts of every kind into agents and shells (a quarter of an hour)
	@ORCA_PROMPTS=$(or $(PROMPTS),10000) swift test --filter PromptsArriveTests

test-agents: ## Drive the real Claude Code, Codex and Aider with a scripted model (1.4 GB from PyPI the first time)
	@scripts/test-agents $(AGENTS)

ci: test ## Exactly what CI runs

format: ## Format all Swift files
	@swift format format --in-place --parallel $$(scripts/swift-files)

format-check: ## Check the format of all Swift files
	@swift format lint --strict --parallel $$(scripts/swift-files)

tidy: ## Check what the compiler does not: layers, sizes, forbidden words
	@scripts/tidy

generate: ## Generate Swift and OpenAPI from the protos
	@scripts/generate

clients: ## Generate, build and check the Go, TypeScript and Python clients
	@scripts/generate
	@scripts/generate-clients
	@scripts/clients

sim: ## Simulate the engine under faults (SEED=…, SEEDS=…, STEPS=…, GROUPED=1 for shared transactions)
	@$(SWIFT_BUILD) -c release --product orca-sim >&2
	@$$(swift build -c release --show-bin-path)/orca-sim $(if $(SEED),--seed $(SEED),--seeds $(SEEDS)) --steps $(STEPS) $(if $(GROUPED),--grouped)

chaos: ## Kill servers and Postgres under 64 workers, SECONDS=… long (SEED=… to repeat the faults)
	@$(SWIFT_BUILD) --build-tests >&2
	@ORCA_CHAOS_SECONDS=$(or $(SECONDS),300) $(if $(SEED),ORCA_SEED=$(SEED)) \
		swift test --skip-build --filter SharedDatabaseChaosTests

bench: ## Measure, against peers and physical limits in the same run
	@scripts/setup bench
	@scripts/bench

demo: setup ## Show the main job: a plan, four workers, a kill, a conflict, a merge
	@scripts/demo

docs: ## Generate the reference pages from the code
	@scripts/docs

clean: ## Remove everything that was built
	swift package clean
	rm -rf .build-release
