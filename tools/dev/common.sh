# shellcheck shell=bash
# Messages, the state folder and locks. Sourced first by ./dev; the other parts build on it.

DEV_DIR="$(realpath -m "${DEV_DIR:-$PROJECT_DIR/.dev}")"
readonly DEV_DIR
readonly LOG_DIR="$DEV_DIR/logs"
readonly RUN_DIR="$DEV_DIR/run"
DEV_CACHE="$(realpath -m "${DEV_CACHE:-${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/invoice-enterprise}")"
readonly DEV_CACHE

readonly BIND_ADDRESS="${BIND_ADDRESS:-127.0.0.1}"
# Where this machine itself finds what listens there.
LOCAL_ADDRESS="$BIND_ADDRESS"
[[ $BIND_ADDRESS != 0.0.0.0 ]] || LOCAL_ADDRESS=127.0.0.1
readonly LOCAL_ADDRESS
readonly HTTP_PORT="${HTTP_PORT:-8000}"
readonly GRPC_PORT="${GRPC_PORT:-50051}"
readonly FRONTEND_PORT="${FRONTEND_PORT:-3000}"
readonly SMTP_PORT="${SMTP_PORT:-1025}"
readonly MAIL_UI_PORT="${MAIL_UI_PORT:-8025}"

# libpq and dbmate read these; a developer's own settings must not lead to another database.
unset PGHOST PGHOSTADDR PGPORT PGUSER PGPASSWORD PGDATABASE PGSERVICE PGOPTIONS PGDATA DATABASE_URL REDIS_URL

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

make_state_dirs() {
  mkdir -p "$DEV_DIR" "$LOG_DIR" "$RUN_DIR"
}

# step NAME LOG COMMAND...: one line, the output in LOG, and on failure its tail and path.
step() {
  local name="$1" log="$2" started=$SECONDS status
  shift 2
  mkdir -p "$(dirname "$log")"
  say "$name ..."
  # Not `if "$@"`: inside a condition bash would go on after a failed line of a function.
  set +e
  (set -e && "$@") >"$log" 2>&1
  status=$?
  set -e
  if ((status != 0)); then
    tail -n 25 "$log" >&2
    die "$name failed; the whole log is $log"
  fi
  say "$name: done in $((SECONDS - started)) s"
}

as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "this needs root: run ./dev as root, or install sudo"
  fi
}

# hash_of FILE...: one short name for the contents of the files.
hash_of() { cat "$@" | sha256sum | cut -c1-16; }

# with_lock FILE MESSAGE COMMAND...: waits for FILE's lock, saying MESSAGE if it has to.
# Runs in a subshell, so the lock ends with the command.
with_lock() (
  local file="$1" message="$2"
  shift 2
  mkdir -p "$(dirname "$file")"
  exec 8>"$file"
  if ! flock -n 8; then
    say "$message"
    flock 8
  fi
  "$@"
)

# write_private FILE: standard input into a file that only we can read, whole or not at all.
write_private() (
  umask 077
  cat >"$1.new"
  mv "$1.new" "$1"
)
