// Secrets and the few cryptographic operations of the system, by libsodium. Keys and passwords travel as `Secret`,
// never as plain strings. All functions are thread safe; a Secret is not to be changed from two threads at once.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace invoice::base {

// Must run before any other function of this file, once, in main or a test's set-up; a second call does nothing. Aborts
// where the system has no source of randomness.
void InitCrypto();

// Text that must not be seen: it is wiped when it goes and cannot be printed or logged by accident.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text) : text_(text) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  // The text itself, for the one place that needs it.
  std::string_view Reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

  friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

 private:
  void Wipe();
  std::string text_;
};

// Equal in a time that depends on the lengths only.
bool ConstantTimeEquals(std::string_view a, std::string_view b);

// SHA-256 as 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::string_view bytes);

// `size` random bytes.
std::string RandomBytes(size_t size);

// A new API key: "ie_" and 43 characters of base64url, 256 random bits.
Secret NewApiKey();
// What is stored of an API key. Plain SHA-256 is enough: a key has 256 bits of entropy, so there is nothing to guess
// that a slow hash would protect, and every call checks one.
std::string HashApiKey(std::string_view key);

// A key of 32 bytes with the id that sealed texts name it by. The id is derived from the key, so it cannot be given to
// another.
class SealingKey {
 public:
  // From 44 characters of base64 (ENCRYPTION_KEY); INVALID_ARGUMENT that does not show the text.
  static absl::StatusOr<SealingKey> FromBase64(const Secret& text);
  // From a pass phrase of high entropy (SECRET_KEY). Keys of different purposes ("page-token") have nothing in common.
  static SealingKey Derive(const Secret& passphrase, std::string_view purpose);

  uint32_t id() const { return id_; }

 private:
  friend class KeyRing;
  explicit SealingKey(std::string_view bytes);
  Secret bytes_;
  uint32_t id_;
};

// Seals texts with authenticated encryption (XChaCha20-Poly1305) and opens them again: page tokens, stored SMTP
// passwords. Sealed bytes name their key, so keys can be rotated. `associated` says what the text belongs to (a table
// and a row, a method) and must be the same for opening, so that a sealed text cannot be moved. Immutable; safe to
// share between threads.
class KeyRing {
 public:
  explicit KeyRing(SealingKey current);
  // Opens with an older key too; seals with the current one only.
  void AddForOpening(SealingKey key);

  std::string Seal(std::string_view text, std::string_view associated) const;
  // Nothing where the bytes were changed, belong to something else, or were sealed by a key that is not here.
  std::optional<std::string> Open(std::string_view sealed, std::string_view associated) const;

  uint32_t current_id() const { return current_id_; }
  // The id of the key that sealed the bytes; nothing where they are too short.
  static std::optional<uint32_t> KeyIdOf(std::string_view sealed);

 private:
  std::map<uint32_t, SealingKey> keys_;
  uint32_t current_id_;
};

}  // namespace invoice::base
