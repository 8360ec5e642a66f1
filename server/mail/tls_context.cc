#include "mail/tls_context.h"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <mutex>

#include "Poco/Net/SSLManager.h"

namespace invoice::mail {
namespace {

// Where a TlsSession hangs on its SSL_CTX.
int SessionIndex() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

TlsSession* SessionOf(const SSL* ssl) {
  return static_cast<TlsSession*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), SessionIndex()));
}

// Takes OpenSSL's verdict as it is and keeps the reason. Poco's own callback would ask a process-wide handler, which
// may be one that asks on the console.
int OnVerify(int ok, X509_STORE_CTX* store) {
  if (ok == 1) return ok;
  const auto* ssl = static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  SessionOf(ssl)->verify_error = X509_verify_cert_error_string(X509_STORE_CTX_get_error(store));
  return 0;
}

void OnInfo(const SSL* ssl, int where, int /*ret*/) {
  if ((where & SSL_CB_HANDSHAKE_DONE) == 0) return;
  SessionOf(ssl)->version = SSL_get_version(ssl);
  SessionOf(ssl)->cipher = SSL_get_cipher_name(ssl);
}

}  // namespace

std::unique_ptr<TlsSession> NewTlsSession(bool verify, const std::string& ca_file) {
  using Poco::Net::Context;
  static std::once_flag once;
  std::call_once(once, [] { Poco::Net::initializeSSL(); });
  Context::Params params;
  params.caLocation = ca_file;
  params.loadDefaultCAs = ca_file.empty();
  // STRICT, because RELAXED trusts any host name that resolves to this machine.
  params.verificationMode = verify ? Context::VERIFY_STRICT : Context::VERIFY_NONE;
  params.cipherList = "HIGH:!aNULL:!eNULL:!MD5:!3DES";
  auto session = std::make_unique<TlsSession>();
  session->context = new Context(Context::TLS_CLIENT_USE, params);
  session->context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
  SSL_CTX* ssl_context = session->context->sslContext();
  SSL_CTX_set_ex_data(ssl_context, SessionIndex(), session.get());
  SSL_CTX_set_info_callback(ssl_context, OnInfo);
  if (verify) SSL_CTX_set_verify(ssl_context, SSL_VERIFY_PEER, OnVerify);
  return session;
}

}  // namespace invoice::mail
