# cmake -DINPUT=openapi.json -DOUTPUT=openapi.cc -P embed_openapi.cmake: the document as a constant. Literals are cut into
# pieces, because a compiler may bound the length of one.
set(content "")
if(EXISTS ${INPUT})
  file(READ ${INPUT} content HEX)
endif()
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" content "${content}")
string(REGEX REPLACE "((\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f])(\\\\x[0-9a-f][0-9a-f]))" "\\1\"\n    \"" content "${content}")
file(WRITE ${OUTPUT} "#include \"gateway/openapi.h\"

namespace invoice::gateway {
namespace {
constexpr char kDocument[] =
    \"${content}\";
}  // namespace

std::string_view OpenApiDocument() { return {kDocument, sizeof(kDocument) - 1}; }

}  // namespace invoice::gateway
")
