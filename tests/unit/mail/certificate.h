// Certificates for tests, made by the openssl command in a folder of their own that goes with the object.
#pragma once

#include <string>

#include "Poco/Net/Context.h"
#include "Poco/TemporaryFile.h"

namespace invoice::mail {

class Certificate {
 public:
  // Self-signed, for the names of a subjectAltName ("DNS:localhost,IP:127.0.0.1").
  explicit Certificate(const std::string& names);

  std::string certificate_file() const { return folder_.path() + "/certificate.pem"; }
  std::string key_file() const { return folder_.path() + "/key.pem"; }
  Poco::Net::Context::Ptr ServerContext() const;

 private:
  Poco::TemporaryFile folder_;
};

}  // namespace invoice::mail
