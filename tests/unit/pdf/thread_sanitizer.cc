// What the thread sanitizer shall not report: glib locks with futexes of its own, which the sanitizer does not see, so
// everything that pango's threads hand over looks like a race. Our own code is still checked.
extern "C" const char* __tsan_default_suppressions();

extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:libpangoft2-1.0.so\n"
         "called_from_lib:libpangocairo-1.0.so\n"
         "called_from_lib:libpango-1.0.so\n"
         "called_from_lib:libharfbuzz.so\n"
         "called_from_lib:libglib-2.0.so\n"
         "called_from_lib:libgobject-2.0.so\n"
         "called_from_lib:libfontconfig.so\n"
         "called_from_lib:libcairo.so\n";
}
