// What a server refuses to start with, and that the real API is none of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "rpc/api.h"
#include "trial.pb.h"
#include "trial_faulty.pb.h"

namespace invoice::rpc {
namespace {

using ::testing::HasSubstr;

class StartupTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Api>> Create(const std::vector<const google::protobuf::ServiceDescriptor*>& services) {
    return Api::Create(
        {.authenticate = nullptr, .clock = &clock_, .metrics = &metrics_}, [](std::string_view) { return true; },
        services);
  }
  base::SystemClock clock_;
  base::Metrics metrics_;
};

TEST_F(StartupTest, FaultyOptionsAreNamed) {
  const auto* file = trial::faulty::Empty::descriptor()->file();
  const std::vector<std::pair<std::string, std::string>> rows = {{"NoAccess", "no access level"},
                                                                 {"BadBody", "no field thing"},
                                                                 {"BadPath", "no field id"},
                                                                 {"BadRules", "BadPattern.code"}};
  for (const auto& [service, message] : rows) {
    const auto api = Create({file->FindServiceByName(service)});
    ASSERT_FALSE(api.ok()) << service;
    EXPECT_THAT(std::string(api.status().message()), HasSubstr(message));
  }
}

TEST_F(StartupTest, RulesMustFitTheirFields) {
  RuleBook book([](std::string_view) { return true; });
  EXPECT_FALSE(book.Compile(trial::faulty::BadFit::descriptor()).ok());
  EXPECT_FALSE(book.Compile(trial::faulty::BadMaximum::descriptor()).ok());
}

TEST_F(StartupTest, AHandlerOfOtherMessagesAborts) {
  auto api = Create({trial::Thing::descriptor()->file()->service(0)});
  ASSERT_TRUE(api.ok());
  EXPECT_DEATH((*api)->On("TrialService/Nothing",
                          [](Context&, const trial::GetThingRequest&) -> absl::StatusOr<trial::Thing> {
                            return trial::Thing();
                          }),
               "handler does not fit");
  EXPECT_DEATH((*api)->On("TrialService/GetThing",
                          [](Context&, const trial::Thing&) -> absl::StatusOr<trial::Thing> { return trial::Thing(); }),
               "handler does not fit");
}

TEST_F(StartupTest, TheWholeApiIsServed) {
  const auto api = Create(InvoiceServices());
  ASSERT_TRUE(api.ok()) << api.status();
  std::set<std::string> served;
  for (const auto* service : InvoiceServices()) served.insert(service->name());
  std::set<std::string> written;
  for (const auto& file :
       std::filesystem::directory_iterator(std::string(std::getenv("INVOICE_SOURCE_DIR")) + "/protos/invoice/v1")) {
    std::ifstream text(file.path());
    for (std::string line; std::getline(text, line);) {
      if (line.rfind("service ", 0) == 0) written.insert(line.substr(8, line.find(' ', 8) - 8));
    }
  }
  EXPECT_EQ(served, written);
  EXPECT_GT((*api)->Missing().size(), 40u);  // all of them, without a handler
}

}  // namespace
}  // namespace invoice::rpc
