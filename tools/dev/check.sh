# shellcheck shell=bash
# ./dev check: every check prints one line, all of them run, and the exit code says whether all went well.

CHECKS_FAILED=0
readonly TIDY_FILES_MAX=24

cmd_check() {
  make_state_dirs
  ensure_packages build run check
  ensure_npm_tools
  cd "$PROJECT_DIR"
  check "format" "changed in place: look at git diff and commit" check_format
  check "include floors" "tools/check_floors.py says which folder may include what" /usr/bin/python3 tools/check_floors.py
  check "shell scripts" "shellcheck -x -a dev; shellcheck the others" check_shell
  check "names" "tools/check_names.py says which names of two files are alike" /usr/bin/python3 tools/check_names.py
  check "foreign names" "paths of one machine and addresses of package sources do not belong in files" check_foreign_names
  check "sizes" "split what is too long" /usr/bin/python3 tools/check_sizes.py
  check "error reasons" "docs/errors.md lists every reason of server/base/reasons.h" /usr/bin/python3 tools/check_errors.py
  check "migrations" "a file begins with -- migrate:up and ends with an empty -- migrate:down" check_migrations
  check "API document" "tools/openapi/generate writes docs/openapi.json" check_openapi
  check "console" "npm --prefix frontend run check" check_console
  check "clang-tidy" "the log shows the lines" check_tidy
  ((CHECKS_FAILED == 0)) || die "$CHECKS_FAILED checks failed"
  say "all checks passed"
}

# check NAME HOW_TO_FIX COMMAND...: exit code 77 means that there was nothing to check.
check() {
  local name="$1" fix="$2" log started=$SECONDS status
  log="$LOG_DIR/check-${1// /-}.log"
  shift 2
  set +e
  (set -e && "$@") >"$log" 2>&1
  status=$?
  set -e
  case "$status" in
    0) printf 'ok       %-16s %s s%s\n' "$name" "$((SECONDS - started))" "$(hints_of "$log")" ;;
    77) printf 'skipped  %-16s %s\n' "$name" "$(tail -n 1 "$log")" ;;
    *)
      printf 'failed   %-16s %s s\n' "$name" "$((SECONDS - started))"
      sed 's/^/         /' "$log" | head -n 40
      printf '         fix: %s; log: %s\n' "$fix" "$log"
      CHECKS_FAILED=$((CHECKS_FAILED + 1))
      ;;
  esac
}

# What a check that passed still wants to say: lines that begin with "hint:".
hints_of() {
  local count
  count="$(grep -c '^hint:' "$1")" || return 0
  printf ', %s hints in %s' "$count" "$1"
}

nothing_to_check() {
  say "$*"
  exit 77
}

cpp_files() { git ls-files --cached --others --exclude-standard -- '*.c' '*.cc' '*.h'; }

check_format() {
  local files before after
  mapfile -t files < <(cpp_files)
  ((${#files[@]})) || nothing_to_check "no C++ files"
  before="$(sha256sum "${files[@]}")"
  printf '%s\0' "${files[@]}" | xargs -0 -n 40 -P "$(nproc)" clang-format-14 -i --style=file
  after="$(sha256sum "${files[@]}")"
  [[ $before == "$after" ]] && return 0
  say "formatted:"
  comm -13 <(sort <<<"$before") <(sort <<<"$after") | sed 's/^[0-9a-f]* */  /'
  return 1
}

# The front door is checked with its parts, all other scripts one by one.
check_shell() {
  local file others=()
  while IFS= read -r file; do
    [[ $file == dev || $file == tools/dev/*.sh ]] && continue
    [[ -f $file ]] && is_shell_script "$file" && others+=("$file")
  done < <(git ls-files --cached --others --exclude-standard)
  shellcheck -x -a dev
  ((${#others[@]} == 0)) || shellcheck -x "${others[@]}"
}

is_shell_script() {
  local first=
  [[ $1 != *.sh ]] || return 0
  IFS= read -r -n 64 first <"$1" 2>/dev/null || true
  [[ $first =~ ^\#!.*[/\ ](ba|da)?sh ]]
}

# Paths of one developer's machine, and hosts of package sources: each machine is set up with its own.
check_foreign_names() {
  local pattern='(^|[^A-Za-z0-9._/-])/(work|root|home/[a-z])/|registry\.npmjs|registry\.yarnpkg|pypi\.(org|python)|proxy\.golang|sum\.golang|deb\.debian\.org|crates\.io|repo1?\.maven'
  # This file holds the pattern itself.
  if git grep --untracked -n -I -E "$pattern" -- . ':!tools/dev/check.sh'; then
    return 1
  fi
}

# We only go forward, but dbmate reads no file without its down mark. A number twice would be applied once.
check_migrations() {
  local file status=0 double
  for file in "$MIGRATIONS_DIR"/*.sql; do
    [[ -e $file ]] || nothing_to_check "no migrations"
    [[ "$(head -n 1 "$file")" == "-- migrate:up"* ]] || { say "$file: the first line is not -- migrate:up"; status=1; }
    grep -q '^-- migrate:down' "$file" || { say "$file: there is no line -- migrate:down"; status=1; }
  done
  double="$(basename -a "$MIGRATIONS_DIR"/*.sql | cut -d_ -f1 | sort | uniq -d)"
  [[ -z $double ]] || { say "a number twice: $double"; status=1; }
  return "$status"
}

check_openapi() {
  [[ -x tools/openapi/generate ]] || nothing_to_check "there is no tools/openapi/generate"
  tools/openapi/generate --check
}

check_console() {
  has_console || nothing_to_check "there is no frontend/package.json"
  ensure_console_modules
  npm --prefix "$CONSOLE_DIR" run check
}

# --- clang-tidy -------------------------------------------------------------------------------------------------------

# In a folder of its own, whose compile commands name every file and none of the precompiled headers of GCC, which clang
# does not read.
check_tidy() {
  local files
  configure alone
  mapfile -t files < <(changed_sources)
  ((${#files[@]})) || nothing_to_check "no changed source file that the build knows"
  make_generated_headers
  say "clang-tidy on ${#files[@]} files"
  printf '%s\0' "${files[@]}" |
    xargs -0 -n 1 -P "$(nproc)" clang-tidy-14 -p build/alone --quiet --warnings-as-errors='*' 2>&1 |
    sed '/^[0-9]* warnings\( and [0-9]* errors\)\? generated/d'
}

# The sources include headers that the build makes, from protos and SQL.
make_generated_headers() {
  local headers
  mapfile -t headers < <(ninja -C build/alone -t targets rule CUSTOM_COMMAND | grep '\.h$')
  ((${#headers[@]} == 0)) || run_ninja alone "${headers[@]}" >"$LOG_DIR/check-generated.log"
}

# Sources that differ from where this branch left main (or from the commit before), the newest TIDY_FILES_MAX of those
# that are in the compile commands.
changed_sources() {
  local base file
  base="$(git merge-base HEAD origin/main 2>/dev/null)" || base=""
  if [[ -z $base || $base == "$(git rev-parse HEAD)" ]]; then base="$(git rev-parse -q --verify HEAD~1)" || base=""; fi
  {
    git diff --name-only --diff-filter=d ${base:+"$base"} -- '*.cc'
    git ls-files --others --exclude-standard -- '*.cc'
  } | sort -u | while IFS= read -r file; do
    grep -qF "\"$PROJECT_DIR/$file\"" build/alone/compile_commands.json && printf '%s\n' "$file"
  done | xargs -r -d '\n' ls -t | head -n "$TIDY_FILES_MAX"
}
