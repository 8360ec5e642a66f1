# shellcheck shell=bash
# Debian packages: finds what is missing and installs it in one step, without starting any system service.

readonly PACKAGE_LIST="$PARTS_DIR/packages.txt"

# ensure_packages GROUP...
ensure_packages() {
  local missing
  [[ -z ${DEV_SKIP_PACKAGES:-} ]] || return 0
  require_debian_12
  missing="$(missing_packages "$@")"
  [[ -n $missing ]] || return 0
  say "installing Debian packages: $missing"
  make_state_dirs
  # shellcheck disable=SC2086  # a list of package names
  step "apt-get install" "$LOG_DIR/packages.log" install_packages $missing
}

require_debian_12() {
  local release
  # shellcheck source=/dev/null
  release="$(. /etc/os-release 2>/dev/null && printf '%s %s' "${ID:-}" "${VERSION_ID:-}")" || true
  [[ $release == "debian 12" ]] ||
    die "this is not Debian 12 ($release): install the equals of tools/dev/packages.txt and set DEV_SKIP_PACKAGES=1"
}

# missing_packages GROUP...: one line of names.
missing_packages() {
  local wanted installed
  wanted="$(packages_of "$@")"
  # shellcheck disable=SC2086
  installed="$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p' | sort -u)" || true
  comm -23 <(printf '%s\n' "$wanted") <(printf '%s\n' "$installed") | paste -sd ' '
}

packages_of() {
  local groups=" $* "
  awk -v groups="$groups" '/^#/ || NF < 2 { next } index(groups, " " $1 " ") { print $2 }' "$PACKAGE_LIST" | sort -u
}

# Runs in a subshell of its own (see step), whose end restores the services, after Ctrl-C too.
install_packages() {
  trap restore_services EXIT
  keep_services_quiet
  run_apt update
  run_apt install -y --no-install-recommends "$@"
}

run_apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 "$@"; }

# Packages of servers make a cluster or start a service when they are installed. We start our own, in the state
# folder, so for the time of the installation both are switched off; an existing policy or cluster is left alone.
readonly SERVICE_POLICY=/usr/sbin/policy-rc.d
readonly SERVICE_POLICY_MARK="written by ./dev of invoice-enterprise"
readonly CLUSTER_POLICY=/etc/postgresql-common/createcluster.d/invoice-enterprise.conf

keep_services_quiet() {
  if [[ ! -e $SERVICE_POLICY ]]; then
    printf '#!/bin/sh\n# %s\nexit 101\n' "$SERVICE_POLICY_MARK" | as_root tee "$SERVICE_POLICY"
    as_root chmod 755 "$SERVICE_POLICY"
  fi
  as_root mkdir -p "$(dirname "$CLUSTER_POLICY")"
  printf 'create_main_cluster = false\n' | as_root tee "$CLUSTER_POLICY"
}

restore_services() {
  if grep -qsF "$SERVICE_POLICY_MARK" "$SERVICE_POLICY"; then as_root rm -f "$SERVICE_POLICY"; fi
  as_root rm -f "$CLUSTER_POLICY"
}
