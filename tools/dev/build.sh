# shellcheck shell=bash
# CMake and ninja with a progress line, and the console's npm build. Logs in the state folder.

readonly CONSOLE_DIR="$PROJECT_DIR/frontend"
readonly PROGRESS_EVERY_S=15

# build PRESET TARGET...
build() {
  local preset="$1"
  shift
  make_state_dirs
  with_lock "$PROJECT_DIR/build/$preset.lock" "another ./dev builds build/$preset; waiting" build_locked "$preset" "$@"
}

build_locked() {
  local preset="$1" log="$LOG_DIR/build-$1.log" started=$SECONDS
  shift
  configure "$preset"
  if ! run_ninja "$preset" "$@" 2>&1 | tee "$log" | show_progress; then
    grep -A 30 -m 1 -E '^FAILED:|^ninja: error' "$log" >&2 || tail -n 30 "$log" >&2
    die "the build failed; the whole log is $log"
  fi
  say "build: done in $((SECONDS - started)) s"
}

# Configuring takes a second or two, so it is skipped while no CMake file came, went or changed.
configure() {
  local preset="$1" folder="$PROJECT_DIR/build/$1" now
  now="$(cmake_files_hash)"
  if [[ -e $folder/build.ninja && "$(cat "$folder/.configured" 2>/dev/null)" == "$now" ]]; then
    return 0
  fi
  step "cmake --preset $preset" "$LOG_DIR/cmake-$preset.log" \
    cmake -S "$PROJECT_DIR" --preset "$preset"
  printf '%s\n' "$now" >"$folder/.configured"
}

cmake_files_hash() {
  (cd "$PROJECT_DIR" && find . \( -name build -o -name node_modules -o -name '.?*' \) -prune -o \
    \( -name CMakeLists.txt -o -name '*.cmake' -o -name CMakePresets.json \) -print | sort | xargs sha256sum) |
    sha256sum | cut -c1-16
}

run_ninja() {
  local preset="$1"
  shift
  NINJA_STATUS='[%f/%t] ' ninja -C "$PROJECT_DIR/build/$preset" -j "${DEV_JOBS:-$(nproc)}" "$@"
}

# Reads ninja's output; on a terminal one line that renews itself, elsewhere a line every PROGRESS_EVERY_S seconds.
show_progress() {
  local line last=$SECONDS
  while IFS= read -r line; do
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
    if [[ -t 1 ]]; then
      printf '\rbuild: %s/%s ' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
    elif ((SECONDS - last >= PROGRESS_EVERY_S)); then
      last=$SECONDS
      say "build: ${BASH_REMATCH[1]}/${BASH_REMATCH[2]}"
    fi
  done
  [[ ! -t 1 ]] || printf '\r'
}

# --- the console ------------------------------------------------------------------------------------------------------

has_console() { [[ -e $CONSOLE_DIR/package.json ]]; }

# Needs ensure_node.
build_console() {
  with_lock "$PROJECT_DIR/build/console.lock" "another ./dev builds the console; waiting" build_console_locked
}

build_console_locked() {
  local sources
  ensure_console_modules
  sources="$(console_hash)"
  if [[ "$(cat "$CONSOLE_DIR/dist/.sources" 2>/dev/null)" == "$sources" ]]; then
    return 0
  fi
  step "building the console" "$LOG_DIR/console-build.log" npm --prefix "$CONSOLE_DIR" run build
  printf '%s\n' "$sources" >"$CONSOLE_DIR/dist/.sources"
}

ensure_console_modules() {
  local wanted stamp="$CONSOLE_DIR/node_modules/.installed"
  wanted="$(hash_of "$CONSOLE_DIR/package.json" "$CONSOLE_DIR/package-lock.json" "$PYTHON_PINS")"
  if [[ "$(cat "$stamp" 2>/dev/null)" == "$wanted" ]]; then
    return 0
  fi
  step "installing the console's packages" "$LOG_DIR/console-packages.log" \
    npm --prefix "$CONSOLE_DIR" ci --no-progress --no-audit --no-fund
  printf '%s\n' "$wanted" >"$stamp"
}

# Everything the build reads: the console's own files, and the protos and the document its types may be made from.
console_hash() {
  (cd "$PROJECT_DIR" && {
    find frontend protos \( -name node_modules -o -name dist -o -name gen \) -prune -o -type f -print
    [[ ! -e docs/openapi.json ]] || echo docs/openapi.json
  } | sort | xargs -d '\n' sha256sum) | sha256sum | cut -c1-16
}
