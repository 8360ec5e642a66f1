# Makes statements.h and statements.cc from sql/*.sql: one named constant a file, comments stripped (SOCI's parser would read quotes in
# them). Called as: cmake -D SQL_DIR=... -D OUT_DIR=... -P embed_sql.cmake
# What several statements share, a list of columns or a filter, is a file in sql/parts and stands in them as @its_name@.
file(GLOB parts ${SQL_DIR}/parts/*.sql)
foreach(part ${parts})
  get_filename_component(name ${part} NAME_WE)
  file(READ ${part} text)
  string(STRIP "${text}" ${name})
endforeach()

file(GLOB files ${SQL_DIR}/*.sql)
set(declarations "")
set(definitions "")
set(list "")
foreach(file ${files})
  get_filename_component(stem ${file} NAME_WE)
  string(REPLACE "_" ";" words ${stem})
  set(constant "k")
  foreach(word ${words})
    string(SUBSTRING ${word} 0 1 first)
    string(SUBSTRING ${word} 1 -1 rest)
    string(TOUPPER ${first} first)
    string(APPEND constant "${first}${rest}")
  endforeach()
  file(READ ${file} text)
  string(REGEX REPLACE "--[^\n]*" "" text "${text}")
  string(STRIP "${text}" text)
  string(CONFIGURE "${text}" text @ONLY)
  string(CONFIGURE "${text}" text @ONLY) # of parts in parts
  string(APPEND declarations "extern const Sql ${constant};\n")
  string(APPEND definitions "const Sql ${constant}{\"${stem}\", R\"sql(${text})sql\"};\n")
  string(APPEND list "      &${constant},\n")
endforeach()
file(WRITE ${OUT_DIR}/store/statements.h.new
"// Made from server/store/sql/*.sql; do not edit.
#pragma once
#include <vector>
#include \"store/sql.h\"
namespace invoice::store::sql {
${declarations}
// Every statement, for the test that prepares them all.
const std::vector<const Sql*>& All();
}  // namespace invoice::store::sql
")
file(WRITE ${OUT_DIR}/store/statements.cc.new
"// Made from server/store/sql/*.sql; do not edit.
#include \"store/statements.h\"
namespace invoice::store::sql {
${definitions}
const std::vector<const Sql*>& All() {
  static const std::vector<const Sql*> all = {
${list}  };
  return all;
}
}  // namespace invoice::store::sql
")
foreach(name statements.h statements.cc)
  file(COPY_FILE ${OUT_DIR}/store/${name}.new ${OUT_DIR}/store/${name} ONLY_IF_DIFFERENT)
endforeach()
