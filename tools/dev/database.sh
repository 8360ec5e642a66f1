# shellcheck shell=bash
# The private PostgreSQL cluster: reached by a Unix socket only, run by a user that is not root, never the system's own.

readonly PG_BIN=/usr/lib/postgresql/15/bin
readonly MIGRATIONS_DIR="$PROJECT_DIR/db/migrations"
readonly DATABASE=invoice
readonly OWNER_ROLE=invoice_owner # owns the schema, runs the migrations
readonly APP_ROLE=invoice_app     # what our programs log in as; has what the migrations grant it

# PostgreSQL refuses to run as root; Debian's package brings a user for it.
PG_USER=
[[ $EUID -ne 0 ]] || PG_USER=postgres
readonly PG_USER

# Sockets lie in a short path below /tmp, since a socket's path ends at 107 bytes and a clone may lie deep.
# The file says where, for the commands that come later.
readonly SOCKET_NOTE="$RUN_DIR/sockets"

make_socket_dir() {
  remove_socket_dir
  SOCKET_DIR="$(mktemp -d /tmp/invoice-XXXXXX)"
  chmod 711 "$SOCKET_DIR"
  mkdir "$SOCKET_DIR/pg"
  [[ -z $PG_USER ]] || chown "$PG_USER" "$SOCKET_DIR/pg"
  printf '%s\n' "$SOCKET_DIR" >"$SOCKET_NOTE"
}

remove_socket_dir() {
  local old
  old="$(cat "$SOCKET_NOTE" 2>/dev/null)" || return 0
  [[ $old == /tmp/invoice-?????? && ! -L $old && -O $old ]] && rm -rf "$old"
  rm -f "$SOCKET_NOTE"
}

load_socket_dir() {
  is_running postgres || die "nothing runs in $DEV_DIR; start it with ./dev run"
  SOCKET_DIR="$(cat "$SOCKET_NOTE")"
}

# database_url ROLE
database_url() { printf 'postgresql:///%s?host=%s/pg&user=%s' "$DATABASE" "$SOCKET_DIR" "$1"; }

# --- the cluster ------------------------------------------------------------------------------------------------------

# Where PG_USER cannot reach the state folder (a clone below /root, say), the cluster goes to /var/lib.
find_cluster_dir() {
  CLUSTER_DIR="$DEV_DIR/postgres"
  [[ -n $PG_USER ]] || return 0
  if ! setpriv --reuid="$PG_USER" --regid="$PG_USER" --init-groups -- test -x "$DEV_DIR"; then
    mkdir -p /var/lib/invoice-enterprise
    chmod 755 /var/lib/invoice-enterprise
    CLUSTER_DIR="/var/lib/invoice-enterprise/$(printf '%s' "$DEV_DIR" | sha256sum | cut -c1-16)"
  fi
}

ensure_cluster() {
  local making
  find_cluster_dir
  if [[ -e $CLUSTER_DIR/PG_VERSION ]]; then
    [[ "$(cat "$CLUSTER_DIR/PG_VERSION")" == 15 ]] ||
      die "$CLUSTER_DIR is of another PostgreSQL version; ./dev run --fresh makes a new one"
    return 0
  fi
  # Made aside and moved, so that an interruption leaves no half cluster.
  making="$CLUSTER_DIR.new"
  rm -rf "$making" "$CLUSTER_DIR"
  mkdir -p "$making"
  chmod 700 "$making"
  [[ -z $PG_USER ]] || chown "$PG_USER" "$making"
  step "making the database cluster" "$LOG_DIR/initdb.log" init_cluster "$making"
  mv "$making" "$CLUSTER_DIR"
}

init_cluster() {
  (run_as "$PG_USER" "$PG_BIN/initdb" --pgdata "$1" --username postgres --encoding UTF8 --locale C.UTF-8 \
    --auth-local peer --auth-host reject --no-instructions)
  # Only this machine's user who runs ./dev may log in, as any role; there are no passwords to lose.
  printf 'local all all peer map=dev\n' >"$1/pg_hba.conf"
  printf 'dev %s postgres\ndev %s %s\ndev %s %s\n' "$(id -un)" "$(id -un)" "$OWNER_ROLE" "$(id -un)" "$APP_ROLE" \
    >"$1/pg_ident.conf"
}

start_postgres() {
  ensure_cluster
  start_process postgres "$PG_USER" "$PG_BIN/postgres" -D "$CLUSTER_DIR" \
    -c listen_addresses= -c unix_socket_directories="$SOCKET_DIR/pg" -c port=5432 \
    -c max_connections=100 -c timezone=UTC -c log_timezone=UTC -c "log_line_prefix=%m [%p] %q%u@%d " \
    -c log_lock_waits=on -c deadlock_timeout=1s -c log_min_duration_statement=500
  wait_ready postgres "$PG_BIN/pg_isready" -q -h "$SOCKET_DIR/pg" -p 5432 -U postgres -d postgres
}

as_superuser() { "$PG_BIN/psql" -X -q -v ON_ERROR_STOP=1 -h "$SOCKET_DIR/pg" -p 5432 -U postgres "$@"; }

ensure_database() {
  as_superuser -d postgres >"$LOG_DIR/database.log" 2>&1 <<SQL || die "making the database failed; see $LOG_DIR/database.log"
SELECT format('CREATE ROLE %I LOGIN', role)
  FROM unnest(ARRAY['$OWNER_ROLE', '$APP_ROLE']) AS role
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role)
\gexec
SELECT 'CREATE DATABASE $DATABASE OWNER $OWNER_ROLE'
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$DATABASE')
\gexec
SQL
}

# --- migrations and demo data -----------------------------------------------------------------------------------------

migrate() {
  [[ -d $MIGRATIONS_DIR ]] || die "there is no $MIGRATIONS_DIR"
  step "applying migrations" "$LOG_DIR/migrate.log" run_dbmate up
}

run_dbmate() {
  DATABASE_URL="$(database_url "$OWNER_ROLE")" "$NPM_TOOLS/@dbmate/linux-x64/bin/dbmate" \
    --migrations-dir "$MIGRATIONS_DIR" --no-dump-schema "$@"
}

seed() {
  step "seeding demo data" "$LOG_DIR/seed.log" run_seed
}

# A thousand small transactions that need not wait for the disk.
run_seed() { PGOPTIONS='-c synchronous_commit=off' run_server_command seed; }

# The marker keeps a restart from seeding what a developer has changed or deleted since.
seed_once() {
  [[ ! -e $DEV_DIR/seeded ]] || return 0
  seed
  touch "$DEV_DIR/seeded"
}

cmd_migrate() {
  load_socket_dir
  ensure_npm_tools
  migrate
}

# The demo data walks through a year by a clock of its own; a worker or a scheduler would do the jobs of that year today.
cmd_seed() {
  local name paused=() status=0
  load_socket_dir
  server_environment
  for name in worker scheduler; do
    ! is_running "$name" || paused+=("$name")
  done
  stop_processes "${paused[@]}"
  (seed) || status=$?
  for name in "${paused[@]}"; do "start_$name"; done
  return "$status"
}
