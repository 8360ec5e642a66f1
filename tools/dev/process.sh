# shellcheck shell=bash
# Background processes of ./dev: started into their own process group, remembered in RUN_DIR/NAME.pid with their start
# time (a pid alone may be somebody else's by now), stopped by pid with a bounded wait.

readonly STOP_WAIT_S=10
readonly READY_WAIT_S=60

# start_process NAME USER COMMAND...: output in LOG_DIR/NAME.log; the log of the run before is kept as NAME.log.1.
start_process() {
  local name="$1" user="$2" log="$LOG_DIR/$1.log"
  shift 2
  [[ ! -e $log ]] || mv "$log" "$log.1"
  # Job control gives the process a group of its own, so that Ctrl-C reaches ./dev alone and the order of stopping is ours.
  set -m
  run_as "$user" "$@" >"$log" 2>&1 </dev/null 9>&- &
  set +m
  local pid=$!
  disown "$pid" 2>/dev/null || true
  printf '%s %s\n' "$pid" "$(start_time_of "$pid")" >"$RUN_DIR/$name.pid"
}

# run_as USER COMMAND...: as that user, or as ourselves for an empty USER. The pid is that of the command.
run_as() {
  local user="$1"
  shift
  if [[ -z $user ]]; then
    exec "$@"
  fi
  cd /
  exec setpriv --reuid="$user" --regid="$user" --init-groups -- "$@"
}

# Field 22 of /proc/PID/stat, counted after the command's name, which may hold blanks and brackets.
start_time_of() {
  local stat
  stat="$(cat "/proc/$1/stat" 2>/dev/null)" || return 0
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  [[ $1 == Z ]] || printf '%s' "${20}"
}

# Prints the pid of NAME if it is running.
pid_of() {
  local pid started
  read -r pid started 2>/dev/null <"$RUN_DIR/$1.pid" || return 1
  [[ -n $started && "$(start_time_of "$pid")" == "$started" ]] || return 1
  printf '%s' "$pid"
}

is_running() { pid_of "$1" >/dev/null; }

# Names of all running processes, one a line.
running_processes() {
  local file name
  for file in "$RUN_DIR"/*.pid; do
    [[ -e $file ]] || continue
    name="$(basename "$file" .pid)"
    if is_running "$name"; then say "$name"; fi
  done
}

# stop_processes NAME...: a signal to each, then one bounded wait for all of them.
stop_processes() {
  local name pid signal
  for name in "$@"; do
    pid="$(pid_of "$name")" || continue
    signal=TERM
    # For PostgreSQL TERM waits for its clients; INT disconnects them and shuts down in order.
    [[ $name != postgres ]] || signal=INT
    kill -s "$signal" "$pid" 2>/dev/null || true
  done
  for name in "$@"; do
    wait_until_gone "$name" || kill_process "$name"
    rm -f "$RUN_DIR/$name.pid"
  done
}

wait_until_gone() {
  local deadline=$((SECONDS + STOP_WAIT_S))
  while is_running "$1"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

kill_process() {
  local name="$1" pid signal=KILL
  pid="$(pid_of "$name")" || return 0
  warn "$name did not stop within $STOP_WAIT_S s and was killed; see $LOG_DIR/$name.log"
  # A KILL would leave PostgreSQL's children behind; QUIT makes it drop everything at once.
  [[ $name != postgres ]] || signal=QUIT
  kill -s "$signal" "$pid" 2>/dev/null || true
}

# wait_ready NAME CHECK...: until the check succeeds; shows the log if the process ends or the time is up.
wait_ready() {
  local name="$1" deadline=$((SECONDS + READY_WAIT_S))
  shift
  until "$@" >/dev/null 2>&1; do
    is_running "$name" || fail_start "$name" "$name ended while starting"
    ((SECONDS < deadline)) || fail_start "$name" "$name was not ready within $READY_WAIT_S s"
    sleep 0.1
  done
}

fail_start() {
  tail -n 20 "$LOG_DIR/$1.log" >&2
  [[ $1 != gateway ]] || cat "$LOG_DIR/ready.json" >&2
  die "$2; its log is $LOG_DIR/$1.log"
}

port_in_use() { (exec 3<>"/dev/tcp/$LOCAL_ADDRESS/$1") 2>/dev/null; }

# require_free_ports VARIABLE...: all faults at once.
require_free_ports() {
  local variable faults=0
  for variable in "$@"; do
    if port_in_use "${!variable}"; then
      warn "port ${!variable} is in use; choose another one with $variable=..."
      faults=$((faults + 1))
    fi
  done
  ((faults == 0)) || die "$faults of the published ports are taken"
}
