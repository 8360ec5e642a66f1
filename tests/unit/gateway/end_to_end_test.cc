// The gateway with everything it has, between a real client and a real gRPC server.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "absl/time/clock.h"
#include "base/log.h"
#include "gateway/gateway.h"
#include "gateway/http/server.h"
#include "gateway/io/io_threads.h"
#include "http_client.h"
#include "shelf_service.h"

namespace invoice::gateway {
namespace {

using Json = nlohmann::json;
using Reply = HttpClient::Reply;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

class EndToEnd : public ::testing::Test {
 protected:
  EndToEnd() : sink_([this](std::string_view line) { log_ += std::string(line) + "\n"; }) {
    server_ = HttpServer::Start({.listen = {"127.0.0.1", 0}, .io = io_}, [this](std::shared_ptr<Exchange> exchange) {
                gateway_.Handle(std::move(exchange));
              }).value();
    client_ = std::make_unique<HttpClient>(server_->port());
  }
  // As in the gateway's main(): calls that still end tell the gateway, and write lines.
  ~EndToEnd() override {
    server_.reset();
    backend_.reset();
    io_->Stop();
  }

  static Gateway::Parts Parts() {
    return {Routes::Build("gateway.test").value(),
            Cors::Create({"http://localhost:3000"}).value(),
            {OpenApiPage(R"({"openapi":"3.0.3"})")}};
  }

  Reply Get(const std::string& target, const Headers& headers = {}) { return client_->Get(target, headers); }

  // The body must be the one form of an error.
  static Json ErrorOf(const Reply& reply) {
    EXPECT_EQ(reply.Header("Content-Type"), "application/json");
    const Json body = Json::parse(reply.body, nullptr, false);
    EXPECT_TRUE(body.is_object() && body.size() == 1 && body.contains("error")) << reply.body;
    EXPECT_EQ(body["error"]["code"], reply.status);
    return body["error"];
  }

  std::string log_;
  base::ScopedLogSink sink_;
  std::unique_ptr<ShelfServer> backend_server_ = std::make_unique<ShelfServer>();
  const std::shared_ptr<IoThreads> io_ = std::make_shared<IoThreads>();
  std::unique_ptr<Backend> backend_ =
      std::make_unique<Backend>("127.0.0.1:" + std::to_string(backend_server_->port), *io_);
  base::Metrics metrics_;
  Gateway gateway_{Parts(), {*backend_, absl::Seconds(2), absl::Minutes(1)}, metrics_};
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<HttpClient> client_;
};

TEST_F(EndToEnd, AnswersAUnaryCall) {
  const Reply reply = Get("/v1/books/a%2Fb");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("Content-Type"), "application/json");
  EXPECT_EQ(reply.Header("Cache-Control"), "no-store");
  EXPECT_EQ(reply.Header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(reply.Header("Content-Length"), std::to_string(reply.body.size()));
  EXPECT_EQ(Json::parse(reply.body)["id"], "a/b");
}

TEST_F(EndToEnd, BodiesAndMasksReachTheBackend) {
  EXPECT_EQ(Json::parse(client_->Send("POST", "/v1/books", R"({"title":"\u20ac","tags":["a"]})").body)["title"],
            "\u20ac");
  const Json patched =
      Json::parse(client_->Send("PATCH", "/v1/books/7", R"({"title":"N","author":{"fullName":"A"}})").body);
  EXPECT_EQ(patched["id"], "7");
  EXPECT_EQ(patched["shown"], "title,author.fullName");
}

TEST_F(EndToEnd, PassesMetadataByTheClosedList) {
  const Reply reply =
      Get("/v1/books/replayed", {{"Authorization", "Bearer K"}, {"X-Request-Id", "my-id"}, {"X-Evil", "1"}});
  EXPECT_EQ(reply.Header("X-Request-Id"), "my-id");
  EXPECT_EQ(reply.Header("Idempotency-Replayed"), "true");
  const auto metadata = backend_server_->shelf.LastMetadata();
  EXPECT_THAT(metadata, AllOf(Contains(Pair("authorization", "Bearer K")), Contains(Pair("x-request-id", "my-id")),
                              Contains(Pair("x-forwarded-for", "127.0.0.1")), Not(Contains(Pair("x-evil", "1")))));
}

TEST_F(EndToEnd, ShowsTheBackendsErrors) {
  const Reply taken = Get("/v1/books/taken");
  EXPECT_EQ(taken.status, 409);
  const Json error = ErrorOf(taken);
  EXPECT_EQ(error["status"], "ALREADY_EXISTS");
  EXPECT_EQ(error["message"], "the id is taken");
  EXPECT_EQ(error["details"][0]["metadata"]["id"], "taken");
  const Reply busy = Get("/v1/books/busy");
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.Header("Retry-After"), "1");
}

TEST_F(EndToEnd, HidesWhatTheBackendDidNotMeanToSay) {
  const Reply reply = Get("/v1/books/bug");
  EXPECT_EQ(reply.status, 500);
  EXPECT_THAT(reply.body, Not(HasSubstr("stack trace")));
  EXPECT_THAT(log_, HasSubstr("stack trace"));
}

TEST_F(EndToEnd, BadInputNeverReachesTheBackend) {
  const Reply reply = client_->Send("POST", "/v1/books", R"({"editors":[{"birthYear":"secret"}]})");
  EXPECT_EQ(reply.status, 400);
  const Json error = ErrorOf(reply);
  EXPECT_EQ(error["message"], "editors[0].birthYear: expected a 32-bit integer");
  EXPECT_EQ(error["details"][1]["fieldViolations"][0]["field"], "editors[0].birthYear");
  EXPECT_EQ(client_->Send("POST", "/v1/books", "{'a':1}").status, 400);
  EXPECT_EQ(client_->Send("POST", "/v1/books", "{\"title\":\"\xff\"}").status, 400);
  EXPECT_EQ(Get("/v1/books/%zz").status, 400);
}

TEST_F(EndToEnd, OtherMediaTypesAreRefused) {
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"}) {
    const Reply reply = client_->Send("POST", "/v1/books", "{}", {{"Content-Type", type}});
    EXPECT_EQ(reply.status, 415) << type;
    EXPECT_EQ(ErrorOf(reply)["details"][0]["reason"], "UNSUPPORTED_MEDIA_TYPE");
  }
}

TEST_F(EndToEnd, UnknownPathsAndMethods) {
  for (const char* path :
       {"/", "/v1/books/", "/v1/nothing", "/v1/books/7:nothing", "/V1/books", "/gateway.test.ShelfService/Hidden"}) {
    const Reply reply = Get(path);
    EXPECT_EQ(reply.status, 404) << path;
    EXPECT_EQ(ErrorOf(reply)["status"], "NOT_FOUND");
  }
  const Json named = ErrorOf(Get("/v1/boks"));
  EXPECT_THAT(named["message"].get<std::string>(), HasSubstr("did you mean /v1/books?"));
  EXPECT_EQ(named["details"][0]["metadata"]["nearest"], "/v1/books");
  EXPECT_THAT(ErrorOf(Get("/secret-path"))["message"].get<std::string>(), Not(HasSubstr("secret")));
  const Reply reply = client_->Send("PUT", "/v1/books/7");
  EXPECT_EQ(reply.status, 405);
  EXPECT_EQ(reply.Header("Allow"), "DELETE, GET, PATCH, HEAD, OPTIONS");
  EXPECT_EQ(ErrorOf(reply)["details"][0]["reason"], "METHOD_NOT_ALLOWED");
  EXPECT_EQ(client_->Send("POST", "/health").status, 405);
}

TEST_F(EndToEnd, HeadIsGetWithoutItsBody) {
  const Reply get = Get("/v1/books/7/cover");
  const Reply head = client_->Send("HEAD", "/v1/books/7/cover");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(head.Header("Content-Length"), get.Header("Content-Length"));
  EXPECT_EQ(client_->Send("HEAD", "/v1/books/7:readAloud").status, 405);
  EXPECT_EQ(Get("/v1/books/7").status, 200) << "the connection is still in order";
}

TEST_F(EndToEnd, OptionsAndPreflights) {
  const Reply plain = client_->Send("OPTIONS", "/v1/books");
  EXPECT_EQ(plain.status, 204);
  EXPECT_EQ(plain.Header("Allow"), "GET, POST, HEAD, OPTIONS");
  const Headers preflight = {{"Origin", "http://localhost:3000"}, {"Access-Control-Request-Method", "POST"}};
  const Reply allowed = client_->Send("OPTIONS", "/v1/books", "", preflight);
  EXPECT_EQ(allowed.status, 204);
  EXPECT_EQ(allowed.Header("Access-Control-Allow-Origin"), "http://localhost:3000");
  EXPECT_THAT(allowed.Header("Access-Control-Allow-Methods"), HasSubstr("POST"));
  EXPECT_EQ(allowed.Header("Vary"), "Origin");
  EXPECT_EQ(client_->Send("OPTIONS", "/v1/nothing", "", preflight).status, 404);
  // An error answer, too, must be readable by the page that asked.
  EXPECT_EQ(Get("/v1/nothing", {{"Origin", "http://localhost:3000"}}).Header("Access-Control-Allow-Origin"),
            "http://localhost:3000");
  EXPECT_EQ(Get("/v1/books/7", {{"Origin", "http://evil.test"}}).Header("Access-Control-Allow-Origin"), "");
}

TEST_F(EndToEnd, FilesArriveAsTheyAre) {
  const Reply reply = Get("/v1/books/7/cover");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, std::string("\x89\0\n", 3));
  EXPECT_EQ(reply.Header("Content-Type"), "image/png");
  EXPECT_EQ(reply.Header("Content-Length"), "3");
  EXPECT_EQ(reply.Header("Content-Disposition"), "attachment; filename=\"__.png\"; filename*=UTF-8''%C3%A9.png");
  // A logo may be an SVG: opened by its address it must run nothing.
  EXPECT_EQ(reply.Header("X-Content-Type-Options"), "nosniff");
  EXPECT_THAT(reply.Header("Content-Security-Policy"), AllOf(HasSubstr("default-src 'none'"), HasSubstr("sandbox")));
  EXPECT_EQ(Get("/v1/books/large/cover").body.size(), size_t{10} << 20);
}

TEST_F(EndToEnd, StreamsAsEvents) {
  const Reply reply = Get("/v1/books/7:readAloud", {{"Accept", "text/event-stream"}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("Content-Type"), "text/event-stream");
  EXPECT_THAT(reply.body, EndsWith("}\n\n"));
  std::vector<int> pages;
  for (size_t start = 0; start < reply.body.size(); start = reply.body.find("\n\n", start) + 2) {
    ASSERT_EQ(reply.body.substr(start, 6), "data: ");
    pages.push_back(Json::parse(reply.body.substr(start + 6, reply.body.find('\n', start) - start - 6))["pageCount"]);
  }
  EXPECT_THAT(pages, ::testing::ElementsAre(1, 2, 3));
}

TEST_F(EndToEnd, StreamsAsLines) {
  const Reply reply = Get("/v1/books/7:readAloud", {{"Accept", "*/*"}});
  EXPECT_EQ(reply.Header("Content-Type"), "application/x-ndjson");
  EXPECT_EQ(std::count(reply.body.begin(), reply.body.end(), '\n'), 3);
  EXPECT_EQ(Json::parse(reply.body.substr(0, reply.body.find('\n')))["title"], "line\nbreak");
  EXPECT_EQ(Get("/v1/books/none:readAloud").body, "");
}

TEST_F(EndToEnd, StreamsThatFail) {
  const Reply refused = Get("/v1/books/refused:readAloud");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(ErrorOf(refused)["status"], "ALREADY_EXISTS");
  const Reply lines = Get("/v1/books/broken:readAloud");
  EXPECT_EQ(lines.status, 200);
  EXPECT_EQ(std::count(lines.body.begin(), lines.body.end(), '\n'), 3);
  EXPECT_THAT(lines.body, AllOf(HasSubstr("\n{\"error\":{\"code\":409"), EndsWith("}\n")));
  const Reply events = Get("/v1/books/broken:readAloud", {{"Accept", "text/event-stream"}});
  EXPECT_THAT(events.body, HasSubstr("\n\nevent: error\ndata: {\"error\":{\"code\":409"));
}

TEST_F(EndToEnd, FilesInPieces) {
  const Reply reply = Get("/v1/books/7:export");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("Content-Type"), "text/csv");
  EXPECT_EQ(reply.Header("Content-Disposition"), "attachment; filename=\"books.csv\"");
  EXPECT_EQ(reply.body, "row 1\nrow 2\nrow 3\n");
  EXPECT_EQ(Get("/v1/books/refused:export").status, 409);
  // Half a file must not pass for a whole one: the last chunk is missing.
  BareConnection bare(server_->port());
  bare.Send("GET /v1/books/broken:export HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(bare.ReadAll(), AllOf(HasSubstr("row 2\n"), Not(HasSubstr("\r\n0\r\n"))));
}

TEST_F(EndToEnd, ASlowBackendIsGivenUp) {
  const Reply reply = Get("/v1/books/stuck");
  EXPECT_EQ(reply.status, 504);
  EXPECT_EQ(ErrorOf(reply)["status"], "DEADLINE_EXCEEDED");
  EXPECT_TRUE(backend_server_->shelf.WaitUntilCancelled());
}

TEST_F(EndToEnd, AClientThatGoesAwayCancelsItsCall) {
  BareConnection bare(server_->port());
  bare.Send("GET /v1/books/stuck:readAloud HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");
  EXPECT_THAT(bare.ReadUntil("\"pageCount\":1"), HasSubstr("\"pageCount\":1"));
  ASSERT_TRUE(backend_server_->shelf.WaitUntilCalled());
  bare.Close();
  EXPECT_TRUE(backend_server_->shelf.WaitUntilCancelled());
}

TEST_F(EndToEnd, ABackendThatIsAwayIsToldAndComesBack) {
  EXPECT_EQ(Get("/v1/books/7").status, 200);
  const int port = backend_server_->port;
  backend_server_.reset();
  const Reply away = Get("/v1/books/7");
  EXPECT_EQ(away.status, 503);
  EXPECT_EQ(away.Header("Retry-After"), "1");
  EXPECT_EQ(ErrorOf(away)["details"][0]["reason"], "BACKEND_UNREACHABLE");
  EXPECT_THAT(away.body, Not(HasSubstr("127.0.0.1")));
  EXPECT_EQ(Get("/health/ready").status, 503);
  backend_server_ = std::make_unique<ShelfServer>(port);
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (Get("/v1/books/7").status != 200 && absl::Now() < end) absl::SleepFor(absl::Milliseconds(20));
  EXPECT_EQ(Get("/v1/books/7").status, 200);
}

TEST_F(EndToEnd, HealthPages) {
  const Reply health = Get("/health");
  EXPECT_EQ(health.status, 200);
  EXPECT_EQ(Json::parse(health.body)["status"], "healthy");
  v1::GetReadinessResponse readiness;
  readiness.set_status("ready");
  readiness.set_database("connected");
  readiness.set_redis("unavailable");
  readiness.set_migrations("current");
  backend_server_->health.Set(readiness);
  const Reply ready = Get("/health/ready");
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(Json::parse(ready.body),
            Json::parse(R"({"status":"ready","version":"","database":"connected","redis":"unavailable",
                                                    "migrations":"current","problems":[]})"));
  readiness.set_status("not_ready");
  readiness.add_problems("no database");
  backend_server_->health.Set(readiness);
  const Reply not_ready = Get("/health/ready");
  EXPECT_EQ(not_ready.status, 503);
  EXPECT_EQ(Json::parse(not_ready.body)["problems"][0], "no database");
}

TEST_F(EndToEnd, ServesTheOpenApiDocument) {
  const Reply reply = Get("/api/openapi.json");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, R"({"openapi":"3.0.3"})");
  EXPECT_EQ(client_->Send("POST", "/api/openapi.json").Header("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(Get("/api/docs").status, 404) << "there is no viewer";
}

TEST(ApiDocs, AreMadeOfTheViewersFiles) {
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / "swagger-ui-dist";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "swagger-ui-bundle.js") << "script";
  std::filesystem::remove(folder / "swagger-ui.css");
  EXPECT_THAT(std::string(ApiDocsPages(folder).status().message()), HasSubstr("swagger-ui.css"));
  std::ofstream(folder / "swagger-ui.css") << "style";
  const auto pages = ApiDocsPages(folder);
  ASSERT_TRUE(pages.ok()) << pages.status();
  EXPECT_TRUE(std::any_of(pages->begin(), pages->end(), [](const auto& page) { return page.path == "/api/docs/"; }));
  for (const StaticPage& page : *pages) {
    EXPECT_TRUE(page.path.starts_with("/api/docs")) << page.path;
    EXPECT_THAT(HeaderValue(page.headers, "Content-Security-Policy"), HasSubstr("default-src 'self'"));
    // Everything that the page loads is one of the pages.
    for (size_t at = page.body.find("=\"/"); page.path == "/api/docs" && at != std::string::npos;
         at = page.body.find("=\"/", at + 1)) {
      const std::string target = page.body.substr(at + 2, page.body.find('"', at + 2) - at - 2);
      EXPECT_TRUE(std::any_of(pages->begin(), pages->end(), [&](const StaticPage& other) {
        return other.path == target;
      })) << target;
    }
  }
}

TEST(IndexPages, NameWhatThereIs) {
  const auto with = IndexPages({OpenApiPage("{}"), {"/api/docs", "text/html", "page", {}}});
  std::vector<std::string> paths;
  for (const StaticPage& page : with) {
    paths.push_back(page.path);
    const Json body = Json::parse(page.body);
    EXPECT_EQ(body["docs"], "/api/docs");
    EXPECT_EQ(body["openapi"], "/api/openapi.json");
    EXPECT_EQ(body["readiness"], "/health/ready");
  }
  EXPECT_THAT(paths, AllOf(Contains("/"), Contains("/api"), Contains("/api/"), Contains("/api/v1")));
  EXPECT_FALSE(Json::parse(IndexPages({}).front().body).contains("docs"));
}

TEST_F(EndToEnd, LogsAndCountsByRouteAndNeverByInput) {
  Get("/v1/books/secret-id", {{"Authorization", "Bearer secret-key"}, {"X-Request-Id", "rid-1"}});
  Get("/v1/books?q=secret-query");
  Get("/v1/secret-path");
  EXPECT_THAT(log_, AllOf(HasSubstr(R"("request_id":"rid-1","method":"GET","path":"/v1/books/{id}","status":200)"),
                          Not(HasSubstr("secret"))));
  const std::string page = metrics_.Serialize();
  EXPECT_THAT(page, AllOf(HasSubstr(R"(route="/v1/books/{id}")"), HasSubstr(R"(route="unmatched")"),
                          HasSubstr("invoice_http_request_seconds_bucket"), Not(HasSubstr("secret"))));
}

TEST_F(EndToEnd, StoppingEndsEventStreams) {
  BareConnection bare(server_->port());
  bare.Send("GET /v1/books/stuck:readAloud HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");
  bare.ReadUntil("\"pageCount\":1");
  const absl::Time start = absl::Now();
  server_->Stop(absl::Seconds(8));
  EXPECT_LT(absl::Now() - start, absl::Seconds(4)) << "it was waited for";
  EXPECT_TRUE(backend_server_->shelf.WaitUntilCancelled());
  EXPECT_THAT(bare.ReadAll(), HasSubstr("event: error"));
}

TEST_F(EndToEnd, StoppingLetsRunningRequestsEnd) {
  Reply reply;
  std::thread running([&] { reply = HttpClient(server_->port()).Get("/v1/books/gate"); });
  ASSERT_TRUE(backend_server_->shelf.WaitUntilCalled());
  BareConnection idle(server_->port());
  std::thread stopping([&] { server_->Stop(absl::Seconds(8)); });
  backend_server_->shelf.OpenGate();
  running.join();
  stopping.join();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(server_->open_connections(), 0);
}

}  // namespace
}  // namespace invoice::gateway
