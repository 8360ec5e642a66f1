#include "rpc/page_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/status.h"
#include "rpc/digest.h"
#include "trial.pb.h"

namespace invoice::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PageTokenTest : public testing::Test {
 protected:
  PageTokenTest()
      : clock_(absl::FromUnixSeconds(1'800'000'000)), tokens_(Tokens("a secret of at least 32 characters")) {
    request_.set_filter("open");
    request_.set_page_size(10);
  }
  PageTokens Tokens(std::string_view secret) {
    base::InitCrypto();
    return PageTokens(base::Secret(secret), clock_);
  }
  void ExpectRefused(const trial::GetThingRequest& request, const PageTokens& tokens) {
    const auto cursor = tokens.Open(request);
    ASSERT_FALSE(cursor.ok());
    EXPECT_EQ(cursor.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(base::DetailOf(cursor.status()).reason, base::Reason::kInvalidPageToken);
  }

  base::FakeClock clock_;
  PageTokens tokens_;
  trial::GetThingRequest request_;
};

TEST_F(PageTokenTest, TheFirstPageHasNoToken) {
  EXPECT_THAT(*tokens_.Open(request_), IsEmpty());
  EXPECT_EQ(tokens_.Seal(request_, {}), "");
}

TEST_F(PageTokenTest, AnyTextsComeBack) {
  const std::vector<std::string> cursor = {"caf\xC3\xA9 3:x", "", std::string("\0:1", 3)};
  request_.set_page_token(tokens_.Seal(request_, cursor));
  request_.set_page_size(20);  // may change from page to page
  EXPECT_EQ(*tokens_.Open(request_), cursor);
  EXPECT_EQ(request_.page_token().find("caf"), std::string::npos);
}

TEST_F(PageTokenTest, ATokenOfOtherFiltersTypeOrSecretIsRefused) {
  const std::string token = tokens_.Seal(request_, {"a", "b"});
  trial::GetThingRequest other = request_;
  other.set_filter("closed");
  other.set_page_token(token);
  ExpectRefused(other, tokens_);
  request_.set_page_token(token);
  ExpectRefused(request_, Tokens("another secret of 32 characters.."));
}

TEST_F(PageTokenTest, AChangedOrInventedTokenIsRefused) {
  std::string token = tokens_.Seal(request_, {"a"});
  token[token.size() / 2] = token[token.size() / 2] == 'A' ? 'B' : 'A';
  for (const std::string& bad : {token, std::string("x"), std::string("!!"), std::string(40, 'A')}) {
    request_.set_page_token(bad);
    ExpectRefused(request_, tokens_);
  }
}

TEST_F(PageTokenTest, ATokenEndsWithItsDay) {
  request_.set_page_token(tokens_.Seal(request_, {"a"}));
  clock_.Advance(base::kPageTokenKeep);
  EXPECT_THAT(*tokens_.Open(request_), ElementsAre("a"));
  clock_.Advance(absl::Seconds(1));
  ExpectRefused(request_, tokens_);
}

TEST(Digest, IsTheSameForTheSameContentAndNoOther) {
  trial::Thing a;
  a.set_name("x");
  a.mutable_payment_terms()->set_days(3);
  trial::Thing b;  // set in another order, with a default and an unknown field beside
  b.mutable_payment_terms()->set_days(3);
  b.set_email("");
  b.set_name("x");
  b.GetReflection()->MutableUnknownFields(&b)->AddVarint(999, 1);
  EXPECT_EQ(Digest(a), Digest(b));
  EXPECT_EQ(Digest(a).size(), 64u);
  b.set_count(0);  // explicit presence counts
  EXPECT_NE(Digest(a), Digest(b));
}

TEST(Digest, TellsApartWhatReadsAlike) {
  trial::Thing one, two;
  one.add_cc_emails("a");
  one.add_cc_emails("b");
  two.add_cc_emails("a1:b");
  EXPECT_NE(CanonicalText(one), CanonicalText(two));
  trial::Thing small, large;
  small.set_small("v");
  large.set_large("v");
  EXPECT_NE(CanonicalText(small), CanonicalText(large));
  trial::Thing::Part part;
  EXPECT_NE(CanonicalText(trial::Thing()), CanonicalText(part));
}

}  // namespace
}  // namespace invoice::rpc
