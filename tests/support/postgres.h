// A private PostgreSQL for one test binary: started on first use in a folder and on a socket of its own, migrated once
// into a template, stopped when the process ends. Each test takes a database copied from the template.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

namespace invoice::test {

class Postgres {
 public:
  // Started on first use; ends the test binary with a message where it cannot be.
  static Postgres& Instance();
  ~Postgres();

  // A new database with the migrated schema, as the application role sees it; a libpq conninfo.
  std::string NewDatabase();
  // A new database without a schema, as its owner.
  std::string NewEmptyDatabase();
  // The same database as its owner (for looking and for breaking things).
  std::string OwnerUrl(const std::string& application_url) const;

  // Stops the server at once, as a crash would, and starts it again.
  void Crash();
  void Start();

  // What the server has logged so far.
  std::string Log() const;

 private:
  Postgres();
  std::string Command(const std::string& program) const;
  void Run(const std::string& command) const;
  void MakeTemplate();

  std::string folder_;
  int databases_ = 0;
  pid_t server_ = -1;
};

}  // namespace invoice::test
