// The process that draws a logo, and its bounds.
#include "pdf/logo_drawer.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "pdf/logo_process.h"
#include "tests/support/environment.h"
#include "tests/unit/pdf/files.h"

namespace invoice::pdf {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kMost = absl::Seconds(3);

// One path of many curves with a wide stroke: some hundred kilobytes that take minutes to draw.
std::string CostlySvg() {
  std::string path = "M0 0";
  for (int i = 0; i < 60'000; ++i) path += fmt::format("C{} 9 9 {} 5 5", i % 97, i % 89);
  return fmt::format(
      "<svg xmlns='http://www.w3.org/2000/svg' width='100' height='100'><path d='{}' stroke='black' "
      "stroke-width='500' stroke-linejoin='round' fill='none'/></svg>",
      path);
}

class LogoDrawerTest : public ::testing::Test {
 protected:
  LogoDrawer drawer_{{test::BinDir() + "/draw_logo"}};
};

// A drawer whose process is a shell script.
LogoDrawer DrawerOf(const std::string& script) { return LogoDrawer({"/bin/sh", "-c", script}); }

TEST_F(LogoDrawerTest, DrawsAsTheFunctionDoes) {
  for (const char* type : {"png", "jpg", "svg"}) {
    const std::string upload = testing::LogoFile(type);
    const auto form = drawer_.Draw(upload, absl::InfiniteFuture());
    ASSERT_TRUE(form.ok()) << type << ": " << form.status();
    const auto expected = FormOfLogo(upload);
    EXPECT_EQ(form->content_type, expected->content_type);
    EXPECT_EQ(form->form_type, expected->form_type);
    EXPECT_TRUE(form->bytes == expected->bytes) << type;
  }
}

TEST_F(LogoDrawerTest, RefusesAsTheFunctionDoes) {
  for (const std::string& upload : {std::string(), std::string("GIF89a"), testing::LogoFile("png").substr(0, 99),
                                    std::string("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")}) {
    const absl::Status status = drawer_.Draw(upload, absl::InfiniteFuture()).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(status, FormOfLogo(upload).status());
  }
}

TEST_F(LogoDrawerTest, RefusesInTimeWhatTakesMinutes) {
  const std::string costly = CostlySvg();
  absl::Status status = absl::UnavailableError("not tried");
  // A machine that is too busy to tell says so, as quickly.
  for (int tries = 0; tries < 20 && absl::IsUnavailable(status); ++tries) {
    const absl::Time start = absl::Now();
    status = drawer_.Draw(costly, absl::InfiniteFuture()).status();
    EXPECT_LT(absl::Now() - start, kMost);
  }
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(base::DetailOf(status).fields.at(0).expected, HasSubstr("1 s of processor time"));
}

TEST_F(LogoDrawerTest, EndsAtTheDeadlineOfTheCall) {
  const absl::Time start = absl::Now();
  EXPECT_TRUE(absl::IsUnavailable(drawer_.Draw(CostlySvg(), start + absl::Milliseconds(200)).status()));
  EXPECT_LT(absl::Now() - start, absl::Seconds(1));
}

TEST_F(LogoDrawerTest, BoundsTheProcessesThatRun) {
  const std::string costly = CostlySvg();
  const absl::Time start = absl::Now();
  std::vector<absl::Status> statuses(2 * base::kMaxLogoProcesses);
  std::vector<std::thread> threads;
  for (absl::Status& status : statuses) {
    threads.emplace_back([&] { status = drawer_.Draw(costly, absl::InfiniteFuture()).status(); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LT(absl::Now() - start, kMost);
  int busy = 0;
  for (const absl::Status& status : statuses) {
    if (absl::IsUnavailable(status)) ++busy;
  }
  EXPECT_GE(busy, base::kMaxLogoProcesses);
  EXPECT_TRUE(drawer_.Draw(testing::LogoFile("svg"), absl::InfiniteFuture()).ok());
}

TEST_F(LogoDrawerTest, AProcessThatBreaksRefusesTheImage) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      DrawerOf("kill -SEGV $$").Draw(testing::LogoFile("svg"), absl::InfiniteFuture()).status()));
}

TEST_F(LogoDrawerTest, AProcessThatCannotStartIsNoFaultOfTheImage) {
  const std::string svg = testing::LogoFile("svg");
  EXPECT_TRUE(absl::IsInternal(DrawerOf("exit 1").Draw(svg, absl::InfiniteFuture()).status()));
  EXPECT_TRUE(absl::IsInternal(LogoDrawer({"/nowhere"}).Draw(svg, absl::InfiniteFuture()).status()));
}

TEST_F(LogoDrawerTest, TakesNoMoreThanAFormMayHave) {
  const absl::Time start = absl::Now();
  EXPECT_TRUE(absl::IsInvalidArgument(
      DrawerOf("cat /dev/zero").Draw(testing::LogoFile("svg"), absl::InfiniteFuture()).status()));
  EXPECT_LT(absl::Now() - start, kMost);
}

TEST_F(LogoDrawerTest, TheProcessKnowsNothingOfThisOne) {
  ::setenv("SECRET_OF_THE_TEST", "secret", 1);
  const int open = ::dup(1);
  const auto answer = [](const std::string& script) {
    const std::string whole = "text=$(" + script + "); printf 'refused %d\\n%s' ${#text} \"$text\"";
    return base::DetailOf(DrawerOf(whole).Draw("<svg/>", absl::InfiniteFuture()).status()).fields.at(0).expected;
  };
  EXPECT_EQ(answer("/usr/bin/env | /bin/grep -c SECRET"), "0");
  // Its three streams, and the folder that is listed.
  EXPECT_EQ(answer("/bin/ls /proc/self/fd | /usr/bin/wc -l"), "4");
  ::close(open);
}

TEST(LogoAnswerTest, IsReadAsItWasWritten) {
  const LogoForm form{"image/svg+xml", "image/png", std::string("\0 a\nb", 5)};
  const auto read = ReadLogoAnswer(LogoAnswer(form));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->content_type, form.content_type);
  EXPECT_EQ(read->form_type, form.form_type);
  EXPECT_EQ(read->bytes, form.bytes);
  const absl::Status refused = base::InvalidField("content", "something else");
  EXPECT_EQ(ReadLogoAnswer(LogoAnswer(refused)).status(), refused);
}

TEST(LogoAnswerTest, APartOfItIsNone) {
  const std::string whole = LogoAnswer(LogoForm{"image/png", "image/png", "bytes"});
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(ReadLogoAnswer(whole.substr(0, size)).status())) << size;
  }
  for (const char* answer :
       {"drawn a b 1 2\nx", "other 1\nx", "drawn 1\nx", "refused a b 1\nx", "\n", "drawn a b -1\n"}) {
    EXPECT_TRUE(absl::IsDataLoss(ReadLogoAnswer(answer).status())) << answer;
  }
}

}  // namespace
}  // namespace invoice::pdf
