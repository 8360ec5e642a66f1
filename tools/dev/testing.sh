# shellcheck shell=bash
# ./dev test and ./dev bench. Tests start their own servers on free ports and sockets; they do not need ./dev run.

readonly CHAOS_LIMIT=60m
readonly SANITIZERS_LIMIT=60m

cmd_test() {
  local labels=() ctest_args=()
  if [[ $# -eq 1 ]]; then
    case "$1" in
      chaos | soak | sanitizers)
        "run_$1"
        return
        ;;
    esac
  fi
  while (($#)); do
    case "$1" in
      -R | -E)
        (($# >= 2)) || die "$1 needs a regular expression"
        ctest_args+=("$1" "$2")
        shift
        ;;
      --)
        shift
        ctest_args+=("$@")
        break
        ;;
      -*) die "test knows -R REGEX and -E REGEX; other options of ctest come after --" ;;
      *) labels+=("$1") ;;
    esac
    shift
  done
  [[ ${#labels[@]} -eq 0 ]] || ctest_args=(-L "$(label_regex "${labels[@]}")" "${ctest_args[@]}")
  prepare_tests
  if has_console && needs_console "${labels[@]}"; then build_console; fi
  build_tests "${ctest_args[@]}"
  say "set-up and build: $SECONDS s"
  run_ctest --output-on-failure --no-tests=error -j "${DEV_JOBS:-2}" "${ctest_args[@]}"
}

# The long form of tests/e2e/chaos.py: 10,000 customers over a year, with real processes of the release build that are killed.
# It stops by itself.
run_chaos() {
  prepare_tests
  build release invoice-server invoice-gateway
  say "chaos: about 17 minutes on two cores; after $CHAOS_LIMIT it is stopped and has failed"
  INVOICE_SOURCE_DIR="$PROJECT_DIR" INVOICE_BIN_DIR="$PROJECT_DIR/build/release/bin" \
    timeout --kill-after=30s "$CHAOS_LIMIT" /usr/bin/python3 -B "$PROJECT_DIR/tests/e2e/chaos.py" --customers 10000 --days 365
}

# The long form of mixed load: SOAK_MINUTES, an hour where that is not set, on the release build.
run_soak() {
  prepare_tests
  build release invoice-server invoice-gateway
  say "soak: ${SOAK_MINUTES:-60} minutes"
  INVOICE_SOURCE_DIR="$PROJECT_DIR" INVOICE_BIN_DIR="$PROJECT_DIR/build/release/bin" \
    timeout --kill-after=30s "$((${SOAK_MINUTES:-60} + 10))m" /usr/bin/python3 -B "$PROJECT_DIR/tests/e2e/soak.py"
}

# Attacks, end-to-end tests and mixed load: gateway and server with the sanitizers of the preset asan, then the gateway with
# that of tsan before an ordinary server.
run_sanitizers() {
  prepare_tests
  build asan invoice-server invoice-gateway quiet-backend
  run_sanitizer asan --server asan
  build tsan invoice-gateway quiet-backend
  build dev invoice-server
  run_sanitizer tsan --server dev
}

run_sanitizer() {
  say "sanitizers: $*, about 10 minutes"
  INVOICE_SOURCE_DIR="$PROJECT_DIR" \
    timeout --kill-after=30s "$SANITIZERS_LIMIT" /usr/bin/python3 -B "$PROJECT_DIR/tests/e2e/sanitizers.py" "$@"
}

# needs_console LABEL...: the tests of the lower floors start no browser.
needs_console() {
  local label
  for label in "$@"; do
    [[ $label != e2e && $label != browser ]] || return 0
  done
  (($# == 0))
}

# "unit db" becomes ^(unit|db)$
label_regex() {
  local IFS='|'
  printf '^(%s)$' "$*"
}

run_ctest() { ctest --test-dir "$PROJECT_DIR/build/dev" "$@"; }

# build_tests CTEST_ARGUMENT...: all of the build and what is shipped, or what the chosen tests are and need.
build_tests() {
  local targets
  if (($# == 0)); then
    build dev all
    build release invoice-server invoice-gateway # what is shipped: optimised, GCC warns of more
    return 0
  fi
  configure dev
  mapfile -t targets < <(chosen_targets "$@")
  build dev invoice-server invoice-gateway "${targets[@]}"
}

# A test of ours has the name of its target; others have none to build.
chosen_targets() {
  comm -12 <(run_ctest -N "$@" | sed -n 's/^ *Test *#[0-9]*: //p' | sort) \
    <(ninja -C "$PROJECT_DIR/build/dev" -t targets all | sed -n 's/^\([A-Za-z0-9_-]*\): phony$/\1/p' | sort)
}

prepare_tests() {
  make_state_dirs
  ensure_packages build run test
  ensure_npm_tools
  ensure_grpcurl
  export_test_environment
}

# What the tests may use; they find nothing by themselves.
export_test_environment() {
  export INVOICE_TEST_PG_BIN="$PG_BIN"
  export INVOICE_TEST_PG_USER="$PG_USER"
  export INVOICE_DBMATE="$NPM_TOOLS/@dbmate/linux-x64/bin/dbmate"
  export INVOICE_MAILDEV="$NPM_TOOLS/.bin/maildev"
  export INVOICE_NODE="$NODE_BIN/node"
  export INVOICE_PLAYWRIGHT="$NPM_TOOLS"
  export INVOICE_GRPCURL="$GRPCURL"
  export INVOICE_CONSOLE_DIR="$CONSOLE_DIR"
  INVOICE_REDIS_SERVER="$(command -v redis-server || true)"
  INVOICE_CHROMIUM="$(command -v chromium || true)"
  export INVOICE_REDIS_SERVER INVOICE_CHROMIUM
}

# Benchmarks are the targets bench_NAME; each prints its table and writes its result to the file it gets as argument.
cmd_bench() {
  local only="${1:-}" name found=""
  prepare_tests
  ensure_packages bench
  configure release
  mkdir -p "$PROJECT_DIR/build/bench"
  for name in $(bench_names); do
    [[ -z $only || $only == "$name" ]] || continue
    found=yes
    run_bench "$name"
  done
  [[ -n $found ]] || die "no such benchmark; there are: $(bench_names | paste -sd ' ')"
}

bench_names() {
  ninja -C "$PROJECT_DIR/build/release" -t targets all | sed -n 's/^bench_\([a-z0-9_]*\): phony$/\1/p' | sort -u
}

run_bench() {
  local name="$1" result="$PROJECT_DIR/build/bench/$1.json"
  if [[ $name == rest ]]; then
    ensure_grpc_gateway
    export INVOICE_GRPC_GATEWAY="$GRPC_GATEWAY"
  fi
  build release "bench_$name" invoice-server invoice-gateway
  say "bench $name"
  rm -f "$result"
  INVOICE_SOURCE_DIR="$PROJECT_DIR" INVOICE_BIN_DIR="$PROJECT_DIR/build/release/bin" \
    "$PROJECT_DIR/build/release/bin/bench_$name" "$result"
  [[ -s $result ]] || die "bench_$name wrote no $result"
  say "written to $result"
}
