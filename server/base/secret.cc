#include "base/secret.h"

#include <openssl/evp.h>
#include <sodium.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "base/encoding.h"

namespace invoice::base {
namespace {

constexpr size_t kKeySize = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
constexpr size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr size_t kTagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr size_t kKeyIdSize = 4;
// Sealed bytes: form, key id, nonce, cipher text with its tag.
constexpr char kForm = 1;
constexpr size_t kHeaderSize = 1 + kKeyIdSize;

const unsigned char* RawBytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* RawBytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

uint32_t ReadId(std::string_view bytes) {
  uint32_t id = 0;
  for (size_t i = 0; i < kKeyIdSize; ++i) id = id << 8 | static_cast<unsigned char>(bytes[i]);
  return id;
}

std::string Header(uint32_t id) {
  std::string header(1, kForm);
  for (int shift = 24; shift >= 0; shift -= 8) header += static_cast<char>(id >> shift);
  return header;
}

// The header is authenticated too, before what the caller names.
std::string AssociatedData(std::string_view header, std::string_view associated) {
  return std::string(header) + std::string(associated);
}

std::string Blake2b(std::string_view text, std::string_view key) {
  std::string hash(kKeySize, '\0');
  crypto_generichash(RawBytes(hash), hash.size(), RawBytes(text), text.size(), RawBytes(key), key.size());
  return hash;
}

}  // namespace

void InitCrypto() {
  if (sodium_init() < 0) {
    std::fputs("libsodium found no source of randomness\n", stderr);
    std::abort();
  }
}

Secret::Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.Wipe(); }

Secret& Secret::operator=(const Secret& other) {
  if (this == &other) return *this;
  Wipe();
  text_ = other.text_;
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  Wipe();
  text_ = std::move(other.text_);
  other.Wipe();
  return *this;
}

Secret::~Secret() { Wipe(); }

void Secret::Wipe() {
  // The whole buffer: a moved-from short string still holds its characters behind an empty size.
  text_.resize(text_.capacity());
  sodium_memzero(text_.data(), text_.size());
  text_.clear();
}

bool ConstantTimeEquals(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string Sha256Hex(std::string_view bytes) {
  // By OpenSSL: it uses the processor's instructions for SHA, which libsodium does not, and documents are hashed often.
  std::string hash(crypto_hash_sha256_BYTES, '\0');
  if (EVP_Digest(bytes.data(), bytes.size(), RawBytes(hash), nullptr, EVP_sha256(), nullptr) != 1) std::abort();
  return HexEncode(hash);
}

std::string RandomBytes(size_t size) {
  std::string bytes(size, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

Secret NewApiKey() { return Secret("ie_" + Base64UrlEncode(RandomBytes(32))); }

std::string HashApiKey(std::string_view key) { return Sha256Hex(key); }

SealingKey::SealingKey(std::string_view bytes) : bytes_(bytes), id_(ReadId(Blake2b("key id", bytes))) {}

absl::StatusOr<SealingKey> SealingKey::FromBase64(const Secret& text) {
  const std::optional<std::string> bytes = Base64Decode(text.Reveal());
  if (!bytes || bytes->size() != kKeySize) return absl::InvalidArgumentError("not the base64 of 32 bytes");
  return SealingKey(*bytes);
}

SealingKey SealingKey::Derive(const Secret& passphrase, std::string_view purpose) {
  // A key of BLAKE2b has at most 64 bytes, so the phrase is hashed to one first.
  return SealingKey(Blake2b(purpose, Blake2b(passphrase.Reveal(), {})));
}

KeyRing::KeyRing(SealingKey current) : current_id_(current.id()) { AddForOpening(std::move(current)); }

void KeyRing::AddForOpening(SealingKey key) { keys_.emplace(key.id(), std::move(key)); }

std::string KeyRing::Seal(std::string_view text, std::string_view associated) const {
  std::string sealed = Header(current_id_);
  const std::string data = AssociatedData(sealed, associated);
  const std::string nonce = RandomBytes(kNonceSize);
  std::string cipher(text.size() + kTagSize, '\0');
  crypto_aead_xchacha20poly1305_ietf_encrypt(RawBytes(cipher), nullptr, RawBytes(text), text.size(), RawBytes(data),
                                             data.size(), nullptr, RawBytes(nonce),
                                             RawBytes(keys_.at(current_id_).bytes_.Reveal()));
  return sealed + nonce + cipher;
}

std::optional<std::string> KeyRing::Open(std::string_view sealed, std::string_view associated) const {
  const std::optional<uint32_t> id = KeyIdOf(sealed);
  if (!id) return std::nullopt;
  const auto key = keys_.find(*id);
  if (key == keys_.end()) return std::nullopt;
  const std::string data = AssociatedData(sealed.substr(0, kHeaderSize), associated);
  const std::string_view nonce = sealed.substr(kHeaderSize, kNonceSize);
  const std::string_view cipher = sealed.substr(kHeaderSize + kNonceSize);
  std::string text(cipher.size() - kTagSize, '\0');
  const int fault = crypto_aead_xchacha20poly1305_ietf_decrypt(RawBytes(text), nullptr, nullptr, RawBytes(cipher),
                                                               cipher.size(), RawBytes(data), data.size(),
                                                               RawBytes(nonce), RawBytes(key->second.bytes_.Reveal()));
  if (fault != 0) return std::nullopt;
  return text;
}

std::optional<uint32_t> KeyRing::KeyIdOf(std::string_view sealed) {
  if (sealed.size() < kHeaderSize + kNonceSize + kTagSize || sealed.front() != kForm) return std::nullopt;
  return ReadId(sealed.substr(1));
}

}  // namespace invoice::base
