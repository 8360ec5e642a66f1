# shellcheck shell=bash
# ./dev run, stop, restart, status and logs.

FOLLOWER= # the process group that shows the logs

cmd_run() {
  local fresh="" detach=""
  while (($#)); do
    case "$1" in
      --fresh) fresh=yes ;;
      --detach) detach=yes ;;
      *) die "run knows --fresh and --detach, not $1" ;;
    esac
    shift
  done
  make_state_dirs
  take_run_lock
  require_free_ports HTTP_PORT GRPC_PORT FRONTEND_PORT SMTP_PORT MAIL_UI_PORT
  ensure_packages build run
  ensure_npm_tools
  build dev invoice-server invoice-gateway
  if has_console; then build_console; fi
  [[ -z $fresh ]] || forget_data
  trap 'stop_after_run $?' EXIT
  trap 'exit 130' INT TERM HUP
  start_everything
  print_addresses
  if [[ -n $detach ]]; then
    trap - EXIT
    say "running in the background; ./dev logs follows it, ./dev stop ends it"
    return 0
  fi
  follow
}

# Held while the foreground runs; a detached run is known by its processes.
take_run_lock() {
  local running
  exec 9>"$DEV_DIR/lock"
  flock -n 9 || die "another ./dev run is at work in $DEV_DIR; use ./dev stop, or another DEV_DIR and other ports"
  running="$(running_processes | paste -sd ' ')"
  [[ -z $running ]] || die "already running in $DEV_DIR: $running; ./dev stop ends it, ./dev restart NAME renews one"
  printf '%s %s\n' "$$" "$(start_time_of "$$")" >"$RUN_DIR/foreground"
}

stop_after_run() {
  local status="$1"
  trap - EXIT
  trap '' INT TERM HUP
  say ""
  say "stopping ..."
  stop_everything
  [[ -z $FOLLOWER ]] || kill -- "-$FOLLOWER" 2>/dev/null || true
  say "stopped"
  exit "$status"
}

# --fresh: the data and what belongs to it; pinned tools and builds stay.
forget_data() {
  find_cluster_dir
  rm -rf "$CLUSTER_DIR" "$DEV_DIR/mail" "$DEV_DIR/secrets" "$DEV_DIR/seeded" "$CREDENTIALS"
  say "starting over: the old database, mails and keys are gone"
}

# The console gets the key by itself only where nobody else can ask for it.
key_note() { [[ $BIND_ADDRESS == 127.0.0.1 ]] || printf '   (asks for the API key: BIND_ADDRESS is not 127.0.0.1)'; }

print_addresses() {
  cat <<TABLE

ready
  console        http://$LOCAL_ADDRESS:$FRONTEND_PORT$(key_note)
  REST API       $PUBLIC_API/api/v1       docs $PUBLIC_API/api/docs
  health         $PUBLIC_API/health/ready
  gRPC           $LOCAL_ADDRESS:$GRPC_PORT   (reflection is on)
  caught mail    http://$LOCAL_ADDRESS:$MAIL_UI_PORT   (SMTP $LOCAL_ADDRESS:$SMTP_PORT)
  database       psql '$(database_url "$APP_ROLE")'
  API key        $CREDENTIALS   (role ADMIN; send it as "Authorization: Bearer KEY")
  logs           $LOG_DIR

The database holds a year of demo data: two vendors, ten customers and their invoices. Try:
  curl -H "Authorization: Bearer \$(sed 's/.*: "\(.*\)".*/\1/' '$CREDENTIALS')" $PUBLIC_API/api/v1/customers

TABLE
}

# Shows the logs until Ctrl-C or ./dev stop; says when a process ends, and lets the others go on.
follow() {
  local name reported=" "
  # A process group of its own, so that it still shows how the others stop after Ctrl-C.
  set -m
  show_logs 0 "${OUR_SERVICES[@]}" 9>&- &
  FOLLOWER=$!
  set +m
  while [[ -n "$(running_processes)" ]]; do
    for name in "${SERVICES[@]}"; do
      [[ -e $RUN_DIR/$name.pid && $reported != *" $name "* ]] || continue
      is_running "$name" && continue
      reported+="$name "
      warn "$name ended; its log is $LOG_DIR/$name.log, ./dev restart $name starts it again"
    done
    sleep 1
  done
}

# show_logs LINES NAME...: follows logs, each line with its process's name before it.
show_logs() {
  local lines="$1" name line files=()
  shift
  for name in "$@"; do files+=("$LOG_DIR/$name.log"); done
  # Not awk: Debian's waits for a full buffer when it reads from a pipe.
  tail -v -n "$lines" -F "${files[@]}" 2>/dev/null | while IFS= read -r line; do
    if [[ $line =~ ^==\>\ .*/([a-z]+)\.log\ \<==$ ]]; then
      name="${BASH_REMATCH[1]}"
    elif [[ -n $line ]]; then
      printf '%-9s %s\n' "$name" "$line"
    fi
  done
}

# --- the other commands -----------------------------------------------------------------------------------------------

cmd_stop() {
  local pid
  if [[ -e $DEV_DIR/lock ]] && ! flock -n "$DEV_DIR/lock" true; then
    pid="$(foreground_pid)" || die "$DEV_DIR is locked, but not by a ./dev run"
    stop_foreground "$pid"
    return 0
  fi
  if [[ -z "$(running_processes)" ]]; then
    say "nothing runs in $DEV_DIR"
    return 0
  fi
  stop_everything
  say "stopped"
}

foreground_pid() {
  local pid started
  read -r pid started 2>/dev/null <"$RUN_DIR/foreground" || return 1
  [[ -n $started && "$(start_time_of "$pid")" == "$started" ]] || return 1
  printf '%s' "$pid"
}

# The one that runs in another terminal stops its processes itself; four groups of at most STOP_WAIT_S each.
stop_foreground() {
  kill -s TERM "$1"
  flock -w $((4 * STOP_WAIT_S + 5)) "$DEV_DIR/lock" true || die "the ./dev run with pid $1 did not stop"
  say "stopped"
}

cmd_restart() {
  local name="${1:-}" known
  known=" ${SERVICES[*]} "
  [[ -n $name && $known == *" $name "* ]] || die "restart needs one of:$known"
  load_restart_context "$name"
  stop_processes "$name"
  "start_$name"
  sleep 0.2
  is_running "$name" || fail_start "$name" "$name ended while starting"
  say "$name runs again"
}

load_restart_context() {
  SOCKET_DIR="$(cat "$SOCKET_NOTE" 2>/dev/null)" || die "nothing runs in $DEV_DIR; start it with ./dev run"
  ensure_npm_tools
  case "$1" in
    server | worker | scheduler | gateway) build dev invoice-server invoice-gateway ;;
    console) build_console ;;
  esac
  server_environment
}

cmd_status() {
  local name pid
  for name in "${SERVICES[@]}"; do
    if pid="$(pid_of "$name")"; then
      printf '%-10s running, pid %s, log %s%s\n' "$name" "$pid" "$LOG_DIR/$name.log" "$(metrics_note "$name")"
    else
      printf '%-10s not running\n' "$name"
    fi
  done
  is_running postgres || return 1
  SOCKET_DIR="$(cat "$SOCKET_NOTE")"
  print_addresses
}

# Where the process shows its metrics, as its log says.
metrics_note() {
  local port
  port="$(sed -n 's/.*"event":"listening".*"admin\(_port":\|":"[^"]*:\)\([0-9]*\).*/\2/p' "$LOG_DIR/$1.log" 2>/dev/null | tail -n 1)"
  [[ -z $port ]] || printf ', metrics http://127.0.0.1:%s/metrics' "$port"
}

cmd_logs() {
  local name="${1:-}"
  if [[ -z $name ]]; then
    show_logs 20 "${SERVICES[@]}"
    return 0
  fi
  [[ -e $LOG_DIR/$name.log ]] || die "there is no log of $name; there are: $(cd "$LOG_DIR" 2>/dev/null && echo *.log)"
  tail -n 100 -F "$LOG_DIR/$name.log"
}
