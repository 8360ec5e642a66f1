#include "tests/support/postgres.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "fmt/format.h"
#include "tests/support/environment.h"

namespace invoice::test {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void GiveUp(const std::string& what) {
  std::fprintf(stderr, "test set-up failed: %s\n", what.c_str());
  std::exit(3);
}

}  // namespace

Postgres& Postgres::Instance() {
  static Postgres instance;
  return instance;
}

// PostgreSQL does not run as root: as root, all its programs run as the user of INVOICE_TEST_PG_USER.
std::string Postgres::Command(const std::string& program) const {
  const std::string path = Env("INVOICE_TEST_PG_BIN", "/usr/lib/postgresql/15/bin") + "/" + program;
  if (::geteuid() != 0) return path;
  return "runuser -u " + Env("INVOICE_TEST_PG_USER", "postgres") + " -- " + path;
}

void Postgres::Run(const std::string& command) const {
  const std::string all = fmt::format("cd / && {} >> {}/commands.log 2>&1", command, folder_);
  if (std::system(all.c_str()) != 0) GiveUp(fmt::format("{} (see {}/commands.log)", command, folder_));
}

Postgres::Postgres() {
  char name[] = "/tmp/invoice-test-XXXXXX";
  if (::mkdtemp(name) == nullptr) GiveUp("mkdtemp");
  folder_ = name;
  if (::geteuid() == 0) Run(fmt::format("chown {} {}", Env("INVOICE_TEST_PG_USER", "postgres"), folder_));
  Run(fmt::format("{} -D {}/data -U owner -A trust -E UTF8 --locale=C.UTF-8 --no-sync", Command("initdb"), folder_));
  Start();
  MakeTemplate();
}

Postgres::~Postgres() {
  Crash();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

// A child of this process with a death signal, so that a test binary that is killed leaves no server behind.
void Postgres::Start() {
  std::vector<std::string> words = {"setpriv", "--pdeathsig", "QUIT"};
  if (::geteuid() == 0) {
    const std::string user = Env("INVOICE_TEST_PG_USER", "postgres");
    words.insert(words.end(), {"--reuid", user, "--regid", user, "--init-groups"});
  }
  words.insert(words.end(),
               {Env("INVOICE_TEST_PG_BIN", "/usr/lib/postgresql/15/bin") + "/postgres", "-D", folder_ + "/data"});
  for (const std::string& setting :
       {std::string("listen_addresses="), "unix_socket_directories=" + folder_, std::string("fsync=off"),
        std::string("full_page_writes=off"), std::string("log_lock_waits=on"), std::string("max_connections=200")}) {
    words.insert(words.end(), {"-c", setting});
  }
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const int log = ::open((folder_ + "/log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  server_ = ::fork();
  if (server_ == 0) {
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    if (::chdir("/") == 0) ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  ::close(log);
  Run(fmt::format("timeout 60 sh -c 'until pg_isready -q -h {}; do sleep 0.02; done'", folder_));
}

void Postgres::Crash() {
  ::kill(server_, SIGQUIT);
  ::waitpid(server_, nullptr, 0);
}

std::string Postgres::Log() const {
  std::ifstream file(folder_ + "/log");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The migrations as dbmate applies them: the part after "-- migrate:up", and the version in schema_migrations.
void Postgres::MakeTemplate() {
  const std::string psql = fmt::format("psql -q -v ON_ERROR_STOP=1 -h {} -U owner", folder_);
  Run(psql + " -d postgres -c 'CREATE ROLE invoice_app LOGIN' -c 'CREATE DATABASE invoice_template'");
  Run(psql + " -d invoice_template -c 'CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)'");
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(SourceDir() + "/db/migrations")) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    const std::string version = file.stem().string().substr(0, file.stem().string().find('_'));
    Run(fmt::format("{} -d invoice_template -1 -f '{}' -c \"INSERT INTO schema_migrations VALUES ('{}')\"", psql,
                    file.string(), version));
  }
}

std::string Postgres::NewDatabase() {
  const std::string name = fmt::format("test_{}", ++databases_);
  Run(fmt::format("psql -q -h {} -U owner -d postgres -c 'CREATE DATABASE {} TEMPLATE invoice_template'", folder_,
                  name));
  return fmt::format("host={} user=invoice_app dbname={}", folder_, name);
}

std::string Postgres::NewEmptyDatabase() {
  const std::string name = fmt::format("test_{}", ++databases_);
  Run(fmt::format("psql -q -h {} -U owner -d postgres -c 'CREATE DATABASE {}'", folder_, name));
  return fmt::format("host={} user=owner dbname={}", folder_, name);
}

std::string Postgres::OwnerUrl(const std::string& application_url) const {
  std::string url = application_url;
  url.replace(url.find("invoice_app"), std::string("invoice_app").size(), "owner");
  return url;
}

}  // namespace invoice::test
