# Headers of other projects that nearly every file of some libraries reads, compiled once for all of these libraries. Only foreign headers, so
# that a change of ours compiles no more than the files that include it.

# precompiled(NAME DEPS a b HEADERS <x> <y>): a library of nothing but its precompiled headers.
function(precompiled)
  cmake_parse_arguments(arg "" "NAME" "DEPS;HEADERS" ${ARGN})
  set(source ${CMAKE_BINARY_DIR}/${arg_NAME}.cc)
  file(CONFIGURE OUTPUT ${source} CONTENT "// Made by CMake.\n")
  invoice_library(NAME ${arg_NAME} SOURCES ${source} DEPS ${arg_DEPS})
  target_precompile_headers(${arg_NAME} PRIVATE ${arg_HEADERS})
endfunction()

set(common_headers
  <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <set> <string> <string_view> <utility> <vector>
  <absl/status/statusor.h> <absl/strings/str_cat.h> <absl/synchronization/mutex.h> <absl/time/civil_time.h> <absl/time/time.h>
  <fmt/format.h>)
set(common_libraries absl::statusor absl::strings absl::synchronization absl::time fmt::fmt)

precompiled(NAME precompiled_common DEPS ${common_libraries} HEADERS ${common_headers})
precompiled(NAME precompiled_json DEPS ${common_libraries} HEADERS ${common_headers} <nlohmann/json.hpp>)
precompiled(NAME precompiled_grpc
  DEPS ${common_libraries} protobuf::libprotobuf PkgConfig::grpcpp
  HEADERS ${common_headers} <google/protobuf/descriptor.h> <google/protobuf/message.h> <google/protobuf/timestamp.pb.h>
          <grpcpp/server_context.h> <grpcpp/support/method_handler.h> <grpcpp/support/sync_stream.h>)

# invoice_precompiled(grpc invoice_rpc_core invoice_rpc): these targets begin with those headers. Their flags and
# definitions must be the same as those of the headers.
function(invoice_precompiled kind)
  foreach(library ${ARGN})
    target_precompile_headers(${library} REUSE_FROM precompiled_${kind})
  endforeach()
endfunction()
