// Calls over a real server and channel.
#include "rpc/serve.h"

#include <gmock/gmock.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "absl/synchronization/notification.h"
#include "base/deadline.h"
#include "base/log.h"
#include "base/status.h"
#include "rpc/change.h"
#include "rpc/server.h"
#include "trial.grpc.pb.h"

namespace invoice::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using trial::CreateThingRequest;
using trial::GetThingRequest;
using trial::Thing;

constexpr char kId[] = "0190f5fe-3c2a-7b3e-9c41-5e1d2a3b4c5d";

GetThingRequest Request() {
  GetThingRequest request;
  request.set_id(kId);
  return request;
}

class ServeTest : public testing::Test {
 protected:
  void SetUp() override { Start(base::kMaxConcurrentCalls); }

  void Start(int max_calls) {
    const Door door{.authenticate = Authenticate,
                    .clock = &clock_,
                    .metrics = &metrics_,
                    .max_calls = max_calls,
                    .proxies = *base::TrustedProxies::Create({"127.0.0.1", "10.0.0.0/8"})};
    server_.reset();
    api_ = *Api::Create(door, [](std::string_view) { return true; }, {Thing::descriptor()->file()->service(0)});
    AddHandlers();
    server_ = *Server::Start({.listen = {"127.0.0.1", 0}}, *api_);
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials());
    stub_ = trial::TrialService::NewStub(channel_);
  }

  static absl::StatusOr<app::Actor> Authenticate(std::string_view key) {
    if (key == "viewer") return app::Actor{.id = "1", .name = "v", .role = app::Role::kViewer};
    if (key == "finance") return app::Actor{.id = "2", .name = "f", .role = app::Role::kFinance};
    if (key == "admin") return app::Actor{.id = "3", .name = "a", .role = app::Role::kAdmin};
    return base::Failure(absl::StatusCode::kUnauthenticated, base::Reason::kUnauthenticated, "unknown key");
  }

  void AddHandlers() {
    api_->On("TrialService/GetThing",
             [this](Context& context, const GetThingRequest& request) -> absl::StatusOr<Thing> {
               if (request.filter() == "wait") {
                 go_on_.WaitForNotification();
                 return Thing();
               }
               last_call_ = context.call();
               deadline_of_thread_ = base::CurrentDeadline();
               if (request.filter() == "until cancelled") {
                 entered_.Notify();
                 while (!context.IsCancelled()) std::this_thread::yield();
                 return absl::CancelledError("as asked");
               }
               if (request.filter() == "throw") throw std::runtime_error("secret detail");
               if (request.filter() == "missing") return base::NotFound("thing", request.id());
               if (request.filter() == "fault") return absl::NotFoundError("secret detail");
               Thing thing;
               thing.set_id(request.id());
               return thing;
             });
    api_->On("TrialService/Greet", [](Context&, const GetThingRequest&) -> absl::StatusOr<Thing> { return Thing(); });
    api_->On("TrialService/CreateThing",
             [this](Context& context, const CreateThingRequest& request) -> absl::StatusOr<Thing> {
               last_call_ = context.call();
               return Answer<std::string>(
                   context, [](const std::string& name) { return Named(name); },
                   [&](const auto& encode) { return Once(context.call(), request.thing().name(), encode); });
             });
    api_->On("TrialService/WatchThing",
             [](Context&, const GetThingRequest& request, const Wake&) -> absl::StatusOr<Next<Thing>> {
               const std::string id = request.filter() == "missing" ? request.id() : "";
               return Next<Thing>([id, sent = 0](Thing* thing) mutable -> absl::StatusOr<Turn> {
                 if (sent == 3 && !id.empty()) return base::NotFound("thing", id);
                 if (sent == 3) return Turn::kEnd;
                 *thing = Named(std::string(1, static_cast<char>('a' + sent++)));
                 return Turn::kMessage;
               });
             });
  }

  static Thing Named(const std::string& name) {
    Thing thing;
    thing.set_name(name);
    return thing;
  }

  // Stands for a use case with idempotency keys.
  absl::StatusOr<app::Outcome<std::string>> Once(const app::Call& call, const std::string& name,
                                                 const app::Encode<std::string>& encode) {
    const auto kept = kept_.find(call.idempotency_key);
    if (kept != kept_.end()) return app::Outcome<std::string>{.result = "", .kept = kept->second, .replayed = true};
    if (!call.idempotency_key.empty()) kept_[call.idempotency_key] = encode(name);
    return app::Outcome<std::string>{.result = name};
  }

  static std::unique_ptr<grpc::ClientContext> As(const std::string& key) {
    auto context = std::make_unique<grpc::ClientContext>();
    if (!key.empty()) context->AddMetadata("authorization", "Bearer " + key);
    return context;
  }
  static std::string Header(const grpc::ClientContext& context, const std::string& name) {
    const auto& headers = context.GetServerInitialMetadata();
    const auto found = headers.find(name);
    return found == headers.end() ? "" : std::string(found->second.data(), found->second.size());
  }
  grpc::Status Get(grpc::ClientContext* context, const std::string& filter = "") {
    GetThingRequest request = Request();
    request.set_filter(filter);
    Thing thing;
    return stub_->GetThing(context, request, &thing);
  }

  base::SystemClock clock_;
  base::Metrics metrics_;
  app::Call last_call_;
  absl::Time deadline_of_thread_;
  std::map<std::string, std::string> kept_;
  absl::Notification go_on_;
  absl::Notification entered_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<trial::TrialService::Stub> stub_;
};

TEST_F(ServeTest, ACallReachesItsHandler) {
  auto context = As("viewer");
  context->AddMetadata("x-forwarded-for", "203.0.113.9, 198.51.100.7");
  ASSERT_TRUE(Get(context.get()).ok());
  EXPECT_EQ(last_call_.method, "invoice.trial.TrialService/GetThing");
  EXPECT_EQ(last_call_.actor.name, "v");
  EXPECT_EQ(last_call_.remote, "198.51.100.7");
  EXPECT_EQ(last_call_.request_id, Header(*context, "x-request-id"));
  EXPECT_EQ(last_call_.request_id.size(), 36u);
}

TEST_F(ServeTest, TheClientIsTheLastAddressThatIsNoProxy) {
  auto chain = As("viewer");
  chain->AddMetadata("x-forwarded-for", "203.0.113.9, 198.51.100.7");
  chain->AddMetadata("x-forwarded-for", "10.1.2.3");
  ASSERT_TRUE(Get(chain.get()).ok());
  EXPECT_EQ(last_call_.remote, "198.51.100.7");
  auto nonsense = As("viewer");
  nonsense->AddMetadata("x-forwarded-for", "198.51.100.7, <script>");
  ASSERT_TRUE(Get(nonsense.get()).ok());
  EXPECT_EQ(last_call_.remote, "127.0.0.1");
}

TEST_F(ServeTest, TheClientsRequestIdIsKeptWhereItIsPlain) {
  auto plain = As("viewer");
  plain->AddMetadata("x-request-id", "abc-1.2_3");
  ASSERT_TRUE(Get(plain.get()).ok());
  EXPECT_EQ(Header(*plain, "x-request-id"), "abc-1.2_3");
  auto strange = As("viewer");
  strange->AddMetadata("x-request-id", "a b\"c");
  ASSERT_TRUE(Get(strange.get()).ok());
  EXPECT_EQ(Header(*strange, "x-request-id").size(), 36u);
}

TEST_F(ServeTest, WithoutAKeyNothingIsServedButWhatIsPublic) {
  for (const std::string& authorization :
       {std::string(), std::string("Bearer "), std::string("Basic viewer"), std::string("Bearer other")}) {
    grpc::ClientContext context;
    if (!authorization.empty()) context.AddMetadata("authorization", authorization);
    EXPECT_EQ(Get(&context).error_code(), grpc::StatusCode::UNAUTHENTICATED) << authorization;
  }
  grpc::ClientContext context;
  Thing thing;
  EXPECT_TRUE(stub_->Greet(&context, Request(), &thing).ok());
}

TEST_F(ServeTest, TheRoleMustReachTheLevel) {
  const std::map<std::string, grpc::StatusCode> rows = {{"viewer", grpc::StatusCode::PERMISSION_DENIED},
                                                        {"finance", grpc::StatusCode::OK},
                                                        {"admin", grpc::StatusCode::OK}};
  CreateThingRequest request;
  request.mutable_thing()->set_name("n");
  for (const auto& [key, code] : rows) {
    Thing thing;
    EXPECT_EQ(stub_->CreateThing(As(key).get(), request, &thing).error_code(), code) << key;
  }
}

TEST_F(ServeTest, WhatHasNoHandlerIsUnimplementedToThoseWhoMay) {
  Thing thing;
  EXPECT_EQ(stub_->ForgetThing(As("finance").get(), Request(), &thing).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  const grpc::Status status = stub_->ForgetThing(As("admin").get(), Request(), &thing);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_THAT(status.error_message(), HasSubstr("ForgetThing is not available in this version"));
}

TEST_F(ServeTest, FieldsAreCheckedBeforeTheHandler) {
  GetThingRequest request;
  request.set_id("no-uuid");
  Thing thing;
  const grpc::Status status = stub_->GetThing(As("viewer").get(), request, &thing);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("id: expected a UUID"));
  EXPECT_THAT(last_call_.method, IsEmpty());
}

TEST_F(ServeTest, AnExceptionIsInternalAndLoggedOnce) {
  std::vector<std::string> lines;
  std::mutex mutex;
  auto context = As("viewer");
  {
    const base::ScopedLogSink sink([&](std::string_view line) {
      const std::lock_guard lock(mutex);
      if (line.find("secret detail") != std::string_view::npos) lines.emplace_back(line);
    });
    const grpc::Status status = Get(context.get(), "throw");
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_THAT(status.error_message() + status.error_details(), Not(HasSubstr("secret")));
    EXPECT_THAT(status.error_message(), HasSubstr(Header(*context, "x-request-id")));
    EXPECT_EQ(Get(As("viewer").get(), "fault").error_code(), grpc::StatusCode::INTERNAL);
    server_->Stop();
  }
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_THAT(lines[0], HasSubstr(Header(*context, "x-request-id")));
  EXPECT_THAT(lines[0], HasSubstr("\"level\":\"error\""));
}

TEST_F(ServeTest, AStatusArrivesWithItsDetails) {
  const grpc::Status status = Get(As("viewer").get(), "missing");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), 5);
  EXPECT_EQ(details.details_size(), 2);
}

TEST_F(ServeTest, AReplayAnswersTheSameAndSaysSo) {
  CreateThingRequest request;
  request.mutable_thing()->set_name("n");
  const auto create = [&](Thing* thing) {
    auto context = As("finance");
    context->AddMetadata("idempotency-key", "key-1");
    EXPECT_TRUE(stub_->CreateThing(context.get(), request, thing).ok());
    return Header(*context, "idempotency-replayed");
  };
  Thing first, second;
  EXPECT_EQ(create(&first), "");
  EXPECT_EQ(last_call_.idempotency_key, "key-1");
  EXPECT_EQ(last_call_.idempotency_digest.size(), 64u);
  EXPECT_EQ(create(&second), "true");
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
}

TEST_F(ServeTest, AnIdempotencyKeyIsBoundedAndBelongsToChanges) {
  CreateThingRequest request;
  request.mutable_thing()->set_name("n");
  Thing thing;
  auto create = As("finance");
  create->AddMetadata("idempotency-key", std::string(200, 'k'));
  EXPECT_EQ(stub_->CreateThing(create.get(), request, &thing).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  auto get = As("viewer");
  get->AddMetadata("idempotency-key", std::string(200, 'k'));
  EXPECT_TRUE(Get(get.get()).ok());
  EXPECT_EQ(last_call_.idempotency_key, "");
}

TEST_F(ServeTest, DeadlinesAreTheClientsWithinOurBounds) {
  ASSERT_TRUE(Get(As("viewer").get()).ok());
  EXPECT_LE(last_call_.deadline, absl::Now() + base::kDefaultDeadline);
  auto far = As("viewer");
  far->set_deadline(std::chrono::system_clock::now() + std::chrono::hours(5));
  ASSERT_TRUE(Get(far.get()).ok());
  EXPECT_LE(last_call_.deadline, absl::Now() + base::kMaxDeadline);
  auto near = As("viewer");
  near->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  ASSERT_TRUE(Get(near.get()).ok());
  EXPECT_LE(last_call_.deadline, absl::Now() + absl::Seconds(6));  // gRPC rounds up
  // What the call changes is not committed later.
  EXPECT_EQ(deadline_of_thread_, last_call_.deadline);
  EXPECT_EQ(base::CurrentDeadline(), absl::InfiniteFuture());
}

TEST_F(ServeTest, AStreamSendsItsMessagesAndThenItsStatus) {
  for (const auto& [filter, code] :
       std::map<std::string, grpc::StatusCode>{{"", grpc::StatusCode::OK}, {"missing", grpc::StatusCode::NOT_FOUND}}) {
    auto context = As("viewer");
    GetThingRequest request = Request();
    request.set_filter(filter);
    const auto reader = stub_->WatchThing(context.get(), request);
    std::string names;
    for (Thing thing; reader->Read(&thing);) names += thing.name();
    EXPECT_EQ(names, "abc");
    EXPECT_EQ(reader->Finish().error_code(), code);
    EXPECT_EQ(Header(*context, "x-request-id").size(), 36u);
  }
}

TEST_F(ServeTest, BytesThatAreNoMessageAreTheCallersFault) {
  GetThingRequest request = Request();
  request.set_filter("\xC3(");  // not UTF-8
  Thing thing;
  const grpc::Status status = stub_->GetThing(As("viewer").get(), request, &thing);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(stub_->GetThing(As("").get(), request, &thing).error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(ServeTest, CallsAreCounted) {
  ASSERT_TRUE(Get(As("viewer").get()).ok());
  Get(As("").get());
  server_->Stop();
  const std::string page = metrics_.Serialize();
  EXPECT_THAT(
      page,
      HasSubstr(R"(invoice_rpc_duration_seconds_count{code="OK",method="invoice.trial.TrialService/GetThing"} 1)"));
  EXPECT_THAT(page, HasSubstr(R"(code="UNAUTHENTICATED",method="invoice.trial.TrialService/GetThing"} 1)"));
}

TEST_F(ServeTest, ARequestAboveTheBoundIsRefused) {
  EXPECT_EQ(Get(As("viewer").get(), std::string(base::kMaxRequestBytes, 'x')).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(ServeTest, MoreCallsThanThreadsAreTurnedAwayAndNotQueued) {
  Start(4);
  std::atomic<int> refused = 0, served = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      GetThingRequest request = Request();
      request.set_filter("wait");
      Thing thing;
      const grpc::Status status = stub_->GetThing(As("viewer").get(), request, &thing);
      if (status.error_code() == grpc::StatusCode::UNAVAILABLE && ++refused == 4) go_on_.Notify();
      if (status.ok()) ++served;
    });
  }
  if (!go_on_.WaitForNotificationWithTimeout(absl::Seconds(20))) go_on_.Notify();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(refused, 4);
  EXPECT_EQ(served, 4);
}

TEST_F(ServeTest, StoppingLetsRunningCallsEndAndThenCancelsThem) {
  grpc::Status status;
  std::thread caller([&] { status = Get(As("viewer").get(), "until cancelled"); });
  ASSERT_TRUE(entered_.WaitForNotificationWithTimeout(absl::Seconds(20)));
  server_->Stop(absl::Milliseconds(50));
  caller.join();
  EXPECT_FALSE(status.ok());
}

// grpc.health.v1 has no header here: an empty request asks for the whole server, {status = 1} is SERVING, 2
// NOT_SERVING.
std::string HealthOf(int port) {
  grpc::GenericStub stub(grpc::CreateChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  const grpc::Slice empty;
  grpc::ByteBuffer request(&empty, 1), response;
  absl::Notification done;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request, &response,
                 [&](const grpc::Status&) { done.Notify(); });
  done.WaitForNotification();
  std::vector<grpc::Slice> slices;
  (void)response.Dump(&slices);
  std::string bytes;
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes == "\x08\x01" ? "SERVING" : bytes == "\x08\x02" ? "NOT_SERVING" : "?";
}

TEST_F(ServeTest, TheHealthServiceFollowsReadiness) {
  std::atomic<bool> ready = false;
  std::atomic<int> asked = 0;
  const auto server = *Server::Start({.listen = {"127.0.0.1", 0},
                                      .is_ready =
                                          [&] {
                                            ++asked;
                                            return ready.load();
                                          },
                                      .ready_interval = absl::Milliseconds(1)},
                                     *api_);
  EXPECT_EQ(HealthOf(server->port()), "NOT_SERVING");
  ready = true;
  for (const int before = asked; asked < before + 3;) std::this_thread::yield();
  EXPECT_EQ(HealthOf(server->port()), "SERVING");
  ready = false;
  for (const int before = asked; asked < before + 3;) std::this_thread::yield();
  EXPECT_EQ(HealthOf(server->port()), "NOT_SERVING");
}

}  // namespace
}  // namespace invoice::rpc
