#include "certificate.h"

#include <cstdlib>

#include "Poco/Net/SSLManager.h"
#include "fmt/format.h"
#include "gtest/gtest.h"

namespace invoice::mail {

Certificate::Certificate(const std::string& names) {
  folder_.createDirectories();
  const std::string command = fmt::format(
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test "
      "-addext subjectAltName={} -keyout {} -out {} 2>/dev/null",
      names, key_file(), certificate_file());
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
}

Poco::Net::Context::Ptr Certificate::ServerContext() const {
  using Poco::Net::Context;
  Poco::Net::initializeSSL();
  Context::Params params;
  params.privateKeyFile = key_file();
  params.certificateFile = certificate_file();
  params.verificationMode = Context::VERIFY_NONE;
  return new Context(Context::TLS_SERVER_USE, params);
}

}  // namespace invoice::mail
