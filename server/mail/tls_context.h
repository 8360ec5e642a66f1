// The TLS side of one connection: what is trusted, and what was found out in the handshake. Inside mail/ only. Not
// thread safe.
#pragma once

#include <memory>
#include <string>

#include "Poco/Net/Context.h"

namespace invoice::mail {

struct TlsSession {
  Poco::Net::Context::Ptr context;
  std::string verify_error;  // why the certificate was not trusted, in OpenSSL's words
  std::string version;       // "TLSv1.3"
  std::string cipher;
};

// A client's session of TLS 1.2 or later. With `verify` the certificate has to lead to a root of `ca_file`, or of the
// system where that is empty. Throws Poco::Exception, for instance where the file cannot be read.
std::unique_ptr<TlsSession> NewTlsSession(bool verify, const std::string& ca_file);

}  // namespace invoice::mail
