# shellcheck shell=bash
# The other processes and their settings. Every start_NAME function starts one and returns when it is ready.

readonly CREDENTIALS="$DEV_DIR/credentials.json"
readonly BIN_DIR="$PROJECT_DIR/build/dev/bin"
readonly PUBLIC_API="http://$LOCAL_ADDRESS:$HTTP_PORT"

# In the order of starting; stopping goes the other way, in the groups of stop_everything.
readonly SERVICES=(postgres redis mail server worker scheduler gateway console)
readonly OUR_SERVICES=(server worker scheduler gateway console)

start_redis() {
  start_process redis "" redis-server --port 0 --unixsocket "$SOCKET_DIR/redis.sock" --unixsocketperm 700 \
    --save "" --appendonly no --dir "$SOCKET_DIR" --maxmemory 64mb --daemonize no
  wait_ready redis redis_answers
}

redis_answers() { [[ "$(redis-cli -s "$SOCKET_DIR/redis.sock" ping)" == PONG ]]; }

start_mail() {
  mkdir -p "$DEV_DIR/mail"
  start_process mail "" "$NPM_TOOLS/.bin/maildev" --ip "$BIND_ADDRESS" --smtp "$SMTP_PORT" --web-ip "$BIND_ADDRESS" \
    --web "$MAIL_UI_PORT" --mail-directory "$DEV_DIR/mail"
  wait_ready mail answers "http://$LOCAL_ADDRESS:$MAIL_UI_PORT/email"
}

answers() { curl --silent --fail --output /dev/null --max-time 3 --noproxy '*' "$1"; }

# --- our programs -----------------------------------------------------------------------------------------------------

# secret NAME: 32 random bytes in base64, made once.
secret() {
  local file="$DEV_DIR/secrets/$1"
  if [[ ! -e $file ]]; then
    mkdir -p "$DEV_DIR/secrets"
    chmod 700 "$DEV_DIR/secrets"
    head -c 32 /dev/urandom | base64 | write_private "$file"
  fi
  cat "$file"
}

# Fills SERVER_ENV, the environment of every sub-command of invoice-server.
server_environment() {
  SERVER_ENV=(
    ENVIRONMENT=development
    "DATABASE_URL=$(database_url "$APP_ROLE")"
    "REDIS_URL=redis+unix://$SOCKET_DIR/redis.sock"
    "SECRET_KEY=$(secret secret_key)"
    "ENCRYPTION_KEY=$(secret encryption_key)"
    "GRPC_LISTEN=$BIND_ADDRESS:$GRPC_PORT"
    ADMIN_LISTEN=127.0.0.1:0
    "SMTP_HOST=$LOCAL_ADDRESS" "SMTP_PORT=$SMTP_PORT" SMTP_SECURITY=NONE "SMTP_FROM=${SMTP_FROM:-invoices@example.com}"
    "LOG_LEVEL=${LOG_LEVEL:-info}"
  )
}

run_server_command() { env "${SERVER_ENV[@]}" "$BIN_DIR/invoice-server" "$@"; }

start_server() {
  start_process server "" env "${SERVER_ENV[@]}" "$BIN_DIR/invoice-server" serve
  wait_ready server port_in_use "$GRPC_PORT"
}

start_worker() { start_process worker "" env "${SERVER_ENV[@]}" "$BIN_DIR/invoice-server" worker; }

start_scheduler() { start_process scheduler "" env "${SERVER_ENV[@]}" "$BIN_DIR/invoice-server" scheduler; }

start_gateway() {
  start_process gateway "" env "HTTP_LISTEN=$BIND_ADDRESS:$HTTP_PORT" "BACKEND_ADDRESS=$LOCAL_ADDRESS:$GRPC_PORT" \
    "API_DOCS_DIR=$NPM_TOOLS/swagger-ui-dist" \
    "CORS_ORIGINS=${CORS_ORIGINS:-http://localhost:$FRONTEND_PORT,http://127.0.0.1:$FRONTEND_PORT}" \
    ADMIN_LISTEN=127.0.0.1:0 "LOG_LEVEL=${LOG_LEVEL:-info}" "$BIN_DIR/invoice-gateway"
  wait_ready gateway is_system_ready
}

# What is not ready is in the answer, so the last one is kept for the log.
is_system_ready() {
  curl --silent --show-error --fail-with-body --max-time 3 --noproxy '*' "$PUBLIC_API/health/ready" \
    >"$LOG_DIR/ready.json" 2>&1
}

start_console() {
  if ! has_console; then
    say "console: skipped, there is no frontend/package.json"
    return 0
  fi
  start_process console "" env "FRONTEND_LISTEN=$BIND_ADDRESS:$FRONTEND_PORT" "NEXT_PUBLIC_API_URL=${NEXT_PUBLIC_API_URL:-$PUBLIC_API}" \
    "API_KEY_FILE=$CREDENTIALS" node "$CONSOLE_DIR/server.mjs"
  wait_ready console answers "http://$LOCAL_ADDRESS:$FRONTEND_PORT/"
}

# Every call but health needs a key; this one is made once and kept over restarts.
ensure_credentials() {
  local key
  [[ ! -e $CREDENTIALS ]] || return 0
  key="$(run_server_command create-api-key --name dev --role ADMIN 2>"$LOG_DIR/api-key.log")" ||
    { tail -n 5 "$LOG_DIR/api-key.log" >&2; die "making the API key failed; see $LOG_DIR/api-key.log"; }
  [[ $key =~ ^[A-Za-z0-9._~+/=-]+$ ]] || die "create-api-key printed no key; see $LOG_DIR/api-key.log"
  printf '{"apiKey": "%s"}\n' "$key" | write_private "$CREDENTIALS"
}

# --- all of them ------------------------------------------------------------------------------------------------------

start_everything() {
  make_socket_dir
  start_postgres
  ensure_database
  start_redis
  start_mail
  migrate
  server_environment
  seed_once
  ensure_credentials
  start_server
  start_worker
  start_scheduler
  start_gateway
  start_console
  check_background_alive
}

# Worker and scheduler publish no port to wait for; a bad start shows within the time the others took.
check_background_alive() {
  local name
  for name in worker scheduler; do
    is_running "$name" || fail_start "$name" "$name ended while starting"
  done
}

# Doors first, stores last, so that running work can end.
stop_everything() {
  stop_processes console gateway
  stop_processes scheduler worker server
  stop_processes mail redis
  stop_processes postgres
  remove_socket_dir
}
