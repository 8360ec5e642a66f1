# The functions every folder's CMakeLists.txt is made of.

# invoice_library(NAME invoice_base SOURCES a.cc b.cc DEPS absl::status)
function(invoice_library)
  cmake_parse_arguments(arg "" "NAME" "SOURCES;DEPS" ${ARGN})
  if(arg_SOURCES)
    add_library(${arg_NAME} STATIC ${arg_SOURCES})
    set(scope PUBLIC)
    target_compile_options(${arg_NAME} PRIVATE -Wall -Wextra -Werror -Wno-missing-field-initializers)
  else()
    add_library(${arg_NAME} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${arg_NAME} ${scope} ${CMAKE_SOURCE_DIR}/server ${CMAKE_SOURCE_DIR})
  target_link_libraries(${arg_NAME} ${scope} ${arg_DEPS})
endfunction()

# invoice_binary(NAME invoice-server SOURCES main.cc DEPS invoice_rpc)
function(invoice_binary)
  cmake_parse_arguments(arg "" "NAME" "SOURCES;DEPS" ${ARGN})
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_compile_options(${arg_NAME} PRIVATE -Wall -Wextra -Werror -Wno-missing-field-initializers)
  target_include_directories(${arg_NAME} PRIVATE ${CMAKE_SOURCE_DIR}/server ${CMAKE_SOURCE_DIR})
  target_link_libraries(${arg_NAME} PRIVATE ${arg_DEPS})
  if(INVOICE_SANITIZE MATCHES thread)
    target_sources(${arg_NAME} PRIVATE ${CMAKE_SOURCE_DIR}/tools/sanitizers/abseil_mutex.cc)
    target_link_libraries(${arg_NAME} PRIVATE absl::synchronization absl::time)
  endif()
endfunction()

# invoice_test(NAME unit_domain LABEL unit SOURCES a_test.cc DEPS invoice_domain [DATA_DIR dir])
# One GoogleTest binary, one ctest entry. Tests find the source tree by the environment variable INVOICE_SOURCE_DIR.
function(invoice_test)
  cmake_parse_arguments(arg "" "NAME;LABEL;TIMEOUT" "SOURCES;DEPS" ${ARGN})
  invoice_binary(NAME ${arg_NAME} SOURCES ${arg_SOURCES} DEPS ${arg_DEPS} GTest::gmock_main)
  add_test(NAME ${arg_NAME} COMMAND ${arg_NAME})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  set_tests_properties(${arg_NAME} PROPERTIES
    LABELS ${arg_LABEL}
    TIMEOUT ${arg_TIMEOUT}
    ENVIRONMENT "INVOICE_SOURCE_DIR=${CMAKE_SOURCE_DIR};INVOICE_BIN_DIR=${CMAKE_BINARY_DIR}/bin")
endfunction()
