#include "base/secret.h"

#include <gtest/gtest.h>

#include <set>
#include <type_traits>

#include "base/encoding.h"

namespace invoice::base {
namespace {

class SecretTest : public ::testing::Test {
 protected:
  SecretTest() { InitCrypto(); }
};

KeyRing RingOf(std::string_view phrase) { return KeyRing(SealingKey::Derive(Secret(phrase), "test")); }

TEST_F(SecretTest, HashesAsTheStandardSays) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_F(SecretTest, ComparesWholeTexts) {
  EXPECT_TRUE(ConstantTimeEquals("abc", "abc"));
  EXPECT_TRUE(ConstantTimeEquals("", ""));
  EXPECT_FALSE(ConstantTimeEquals("abc", "abd"));
  EXPECT_FALSE(ConstantTimeEquals("abc", "ab"));
}

TEST_F(SecretTest, ApiKeysAreLongAndDifferent) {
  std::set<std::string> keys;
  for (int i = 0; i < 100; ++i) {
    const Secret key = NewApiKey();
    EXPECT_EQ(key.Reveal().size(), 46u);
    EXPECT_EQ(key.Reveal().substr(0, 3), "ie_");
    EXPECT_TRUE(Base64UrlDecode(key.Reveal().substr(3)).has_value());
    keys.emplace(key.Reveal());
  }
  EXPECT_EQ(keys.size(), 100u);
  EXPECT_EQ(HashApiKey("ie_x").size(), 64u);
}

TEST_F(SecretTest, IsCopiedAndMovedWithoutALeftover) {
  Secret first("short");
  Secret copy = first;
  Secret moved = std::move(first);
  EXPECT_EQ(copy.Reveal(), "short");
  EXPECT_EQ(moved.Reveal(), "short");
  EXPECT_TRUE(first.empty());  // NOLINT: what a move leaves behind is the point
  copy = Secret("another");
  EXPECT_EQ(copy.Reveal(), "another");
  static_assert(!std::is_convertible_v<Secret, std::string>);
}

TEST_F(SecretTest, OpensWhatItSealed) {
  const KeyRing ring = RingOf("phrase");
  for (const std::string text : {"", "x", "a longer text with \0 in it"}) {
    const std::string sealed = ring.Seal(text, "smtp_configs/1");
    EXPECT_EQ(ring.Open(sealed, "smtp_configs/1"), text);
    EXPECT_NE(ring.Seal(text, "smtp_configs/1"), sealed) << "the nonce must differ";
  }
}

TEST_F(SecretTest, OpensNothingThatWasTamperedWith) {
  const KeyRing ring = RingOf("phrase");
  const std::string sealed = ring.Seal("password", "smtp_configs/1");
  for (size_t i = 0; i < sealed.size(); ++i) {
    for (const int bit : {1, 128}) {
      std::string changed = sealed;
      changed[i] = static_cast<char>(changed[i] ^ bit);
      EXPECT_EQ(ring.Open(changed, "smtp_configs/1"), std::nullopt) << "byte " << i;
    }
  }
  for (size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_EQ(ring.Open(sealed.substr(0, size), "smtp_configs/1"), std::nullopt) << size;
  }
  EXPECT_EQ(ring.Open(sealed + "x", "smtp_configs/1"), std::nullopt);
  EXPECT_EQ(ring.Open(sealed, "smtp_configs/2"), std::nullopt) << "moved to another row";
  EXPECT_EQ(RingOf("another phrase").Open(sealed, "smtp_configs/1"), std::nullopt);
}

TEST_F(SecretTest, KeysRotate) {
  const SealingKey old_key = SealingKey::Derive(Secret("old"), "test");
  const std::string sealed = KeyRing(old_key).Seal("password", "row");
  KeyRing ring = RingOf("new");
  EXPECT_EQ(ring.Open(sealed, "row"), std::nullopt);
  ring.AddForOpening(old_key);
  EXPECT_EQ(ring.Open(sealed, "row"), "password");
  EXPECT_EQ(KeyRing::KeyIdOf(sealed), old_key.id());
  EXPECT_EQ(KeyRing::KeyIdOf(ring.Seal("x", "row")), ring.current_id());
}

TEST_F(SecretTest, KeysOfDifferentPurposesDiffer) {
  EXPECT_NE(SealingKey::Derive(Secret("phrase"), "page-token").id(),
            SealingKey::Derive(Secret("phrase"), "other").id());
  EXPECT_EQ(SealingKey::Derive(Secret("phrase"), "page-token").id(),
            SealingKey::Derive(Secret("phrase"), "page-token").id());
}

TEST_F(SecretTest, EncryptionKeyIsExactly32Bytes) {
  EXPECT_TRUE(SealingKey::FromBase64(Secret(Base64Encode(RandomBytes(32)))).ok());
  for (const size_t size : {0, 16, 31, 33, 64}) {
    EXPECT_FALSE(SealingKey::FromBase64(Secret(Base64Encode(RandomBytes(size)))).ok()) << size;
  }
  const absl::Status fault = SealingKey::FromBase64(Secret("hunter2")).status();
  EXPECT_EQ(std::string(fault.message()).find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace invoice::base
