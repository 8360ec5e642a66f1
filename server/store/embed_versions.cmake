# Makes schema_versions.h: the migrations this build was made with. cmake -D MIGRATIONS_DIR=... -D OUT_DIR=... -P embed_versions.cmake
file(GLOB files ${MIGRATIONS_DIR}/*.sql)
set(list "")
foreach(file ${files})
  get_filename_component(stem ${file} NAME_WE)
  string(REGEX REPLACE "_.*" "" version ${stem})
  string(APPEND list "\"${version}\", ")
endforeach()
file(WRITE ${OUT_DIR}/store/schema_versions.h.new
"// Made from db/migrations; do not edit.
#pragma once
namespace invoice::store {
inline constexpr const char* kSchemaVersions[] = {${list}};
}  // namespace invoice::store
")
file(COPY_FILE ${OUT_DIR}/store/schema_versions.h.new ${OUT_DIR}/store/schema_versions.h ONLY_IF_DIFFERENT)
