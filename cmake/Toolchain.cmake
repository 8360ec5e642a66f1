# Compiler, linker and sanitizers: the same for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_compile_options(-pthread)  # the same for all, so that they can share precompiled headers
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

set(INVOICE_SANITIZE "" CACHE STRING "Sanitizers of -fsanitize=, empty for none")
if(INVOICE_SANITIZE)
  add_compile_options(-fsanitize=${INVOICE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  # With sanitizers GCC 12 takes empty optionals for uninitialized.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized>)
  if(INVOICE_SANITIZE MATCHES thread)
    # Asio has fences, which this sanitizer does not see; its queues have mutexes too.
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  endif()
  add_link_options(-fsanitize=${INVOICE_SANITIZE})
endif()

find_program(INVOICE_CCACHE ccache)
if(INVOICE_CCACHE)
  # Paths below the project are hashed as relative ones, so that every clone shares one cache. With CCACHE_DEPEND a miss
  # costs no run of the preprocessor.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${INVOICE_CCACHE})
  add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
endif()

find_program(INVOICE_MOLD mold)
if(INVOICE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
