// Codings, entity tags and resumed streams through the whole gateway, between a real client and a real gRPC server.
#include <gmock/gmock.h>
#include <google/rpc/status.pb.h>
#include <grpcpp/server_builder.h>

#include "gateway/gateway.h"
#include "gateway/http/server.h"
#include "gateway/io/io_threads.h"
#include "gateway/transcode/error_info.h"
#include "http_client.h"
#include "mapping.grpc.pb.h"

namespace invoice::gateway {
namespace {

using ::gateway::mapping::Content;
using ::gateway::mapping::Event;
using ::gateway::mapping::Message;
using ::gateway::mapping::Named;
using Reply = HttpClient::Reply;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kVersion[] = "v1";

grpc::Status Failed(grpc::StatusCode code, const std::string& reason) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message("m");
  *status.add_details() = PackErrorInfo({reason, "test", {}});
  return {code, "m", status.SerializeAsString()};
}

class MessagingService final : public ::gateway::mapping::Messaging::Service {
  grpc::Status GetMessage(grpc::ServerContext*, const ::gateway::mapping::GetMessageRequest* request,
                          Message* message) override {
    message->set_message_id(request->message_id());
    message->set_text(std::string(static_cast<size_t>(request->revision()), 'x'));
    message->set_etag(request->message_id() == "untagged" ? "" : kVersion);
    return grpc::Status::OK;
  }
  grpc::Status PatchMessage(grpc::ServerContext*, const ::gateway::mapping::UpdateMessageRequest* request,
                            Message* message) override {
    if (request->message().text() == "busy") return Failed(grpc::StatusCode::ABORTED, "LOCK");
    const std::string& etag = request->message().etag();
    if (!etag.empty() && etag != kVersion) return Failed(grpc::StatusCode::ABORTED, "STALE_ETAG");
    *message = request->message();
    message->set_etag("v2");
    return grpc::Status::OK;
  }
};

class EventsService final : public ::gateway::mapping::Events::Service {
  grpc::Status Watch(grpc::ServerContext*, const ::gateway::mapping::WatchRequest* request,
                     grpc::ServerWriter<Event>* writer) override {
    for (int64_t at = request->after() + 1; at <= 3; ++at) {
      Event event;
      event.set_position(at);
      event.set_text("e");
      writer->Write(event);
    }
    return grpc::Status::OK;
  }
  grpc::Status WatchNamed(grpc::ServerContext*, const ::gateway::mapping::WatchNamedRequest*,
                          grpc::ServerWriter<::gateway::mapping::NamedEvent>* writer) override {
    for (const char* position : {"a:1", "", "b\nevent: evil"}) {
      ::gateway::mapping::NamedEvent event;
      event.set_position(position);
      writer->Write(event);
    }
    return grpc::Status::OK;
  }
};

class DownloadsService final : public ::gateway::mapping::Downloads::Service {
  grpc::Status Download(grpc::ServerContext*, const Named* request, Content* content) override {
    content->set_content_type(request->name() == "csv" ? "text/csv" : "application/pdf");
    content->set_data(std::string(20'000, 'x'));
    return grpc::Status::OK;
  }
};

class Conditional : public ::testing::Test {
 protected:
  Conditional() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&messaging_);
    builder.RegisterService(&events_);
    builder.RegisterService(&downloads_);
    grpc_ = builder.BuildAndStart();
    backend_ = std::make_unique<Backend>("127.0.0.1:" + std::to_string(port), *io_);
    gateway_ = std::make_unique<Gateway>(
        Gateway::Parts{
            Routes::Build("gateway.mapping").value(),
            Cors::Create({"http://localhost:3000"}).value(),
            {OpenApiPage("{\"openapi\":\"" + std::string(5000, ' ') + "\"}"),
             {"/small", "application/json", R"({"small":"        ","page":"        "})", {}},
             {"/viewer", "text/html", "<html></html>", {{"Content-Security-Policy", "default-src 'self'"}}}}},
        Target{*backend_}, metrics_);
    server_ = HttpServer::Start({.listen = {"127.0.0.1", 0}, .io = io_}, [this](std::shared_ptr<Exchange> exchange) {
                gateway_->Handle(std::move(exchange));
              }).value();
    client_ = std::make_unique<HttpClient>(server_->port());
  }
  ~Conditional() override {
    server_.reset();
    backend_.reset();
    io_->Stop();
    gateway_.reset();
    grpc_->Shutdown();
  }

  Reply Get(const std::string& target, const Headers& headers = {}) { return client_->Get(target, headers); }
  Reply Patch(const std::string& body, const Headers& headers) {
    return client_->Send("PATCH", "/v1/messages/1", body, headers);
  }

  MessagingService messaging_;
  EventsService events_;
  DownloadsService downloads_;
  std::unique_ptr<grpc::Server> grpc_;
  base::Metrics metrics_;
  const std::shared_ptr<IoThreads> io_ = std::make_shared<IoThreads>();
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<HttpClient> client_;
};

TEST_F(Conditional, CompressesLargeTextsForThoseWhoAsk) {
  const Reply plain = Get("/v1/messages/1?revision=5000");
  EXPECT_EQ(plain.Header("Content-Encoding"), "");
  EXPECT_EQ(plain.Header("Vary"), "Origin") << "the first of the lines";
  EXPECT_EQ(HeaderValues(plain.headers, "Vary").size(), 2u);
  EXPECT_EQ(plain.Header("ETag"), "\"v1\"");
  for (const auto& [coding, magic] : {std::pair("gzip", "\x1f\x8b"), std::pair("br", "")}) {
    const Reply packed = Get("/v1/messages/1?revision=5000", {{"Accept-Encoding", coding}});
    EXPECT_EQ(packed.status, 200);
    EXPECT_EQ(packed.Header("Content-Encoding"), coding);
    EXPECT_EQ(packed.Header("ETag"), std::string("\"v1-") + coding + "\"");
    EXPECT_EQ(HeaderValues(packed.headers, "Vary").back(), "Accept-Encoding");
    EXPECT_EQ(packed.Header("Content-Length"), std::to_string(packed.body.size()));
    EXPECT_LT(packed.body.size(), 500u);
    EXPECT_TRUE(packed.body.starts_with(magic));
    const Reply head = client_->Send("HEAD", "/v1/messages/1?revision=5000", "", {{"Accept-Encoding", coding}});
    EXPECT_EQ(head.Header("Content-Encoding"), coding);
    EXPECT_EQ(head.Header("Content-Length"), packed.Header("Content-Length"));
    EXPECT_EQ(head.Header("ETag"), packed.Header("ETag"));
  }
}

TEST_F(Conditional, LeavesTheRestAsItIs) {
  const Headers all = {{"Accept-Encoding", "gzip, br"}};
  for (const char* target :
       {"/v1/messages/1?revision=5", "/v1/messages/1?revision=2000000", "/v1/downloads/pdf", "/small"}) {
    EXPECT_EQ(Get(target, all).Header("Content-Encoding"), "") << target;
  }
  EXPECT_EQ(Get("/v1/downloads/csv", all).Header("Content-Encoding"), "br");
  EXPECT_EQ(
      Get("/v1/events", {{"Accept", "text/event-stream"}, {"Accept-Encoding", "gzip"}}).Header("Content-Encoding"), "");
  // Who refuses the body as it is gets a small one compressed too.
  EXPECT_EQ(Get("/v1/messages/1?revision=500", {{"Accept-Encoding", "gzip, identity;q=0"}}).Header("Content-Encoding"),
            "gzip");
}

TEST_F(Conditional, PagesAreCompressedOnceAndHaveTags) {
  const Reply plain = Get("/api/openapi.json");
  const Reply gzip = Get("/api/openapi.json", {{"Accept-Encoding", "gzip"}});
  const Reply brotli = Get("/api/openapi.json", {{"Accept-Encoding", "gzip, br"}});
  EXPECT_EQ(gzip.Header("Content-Encoding"), "gzip");
  EXPECT_EQ(brotli.Header("Content-Encoding"), "br");
  EXPECT_LT(gzip.body.size(), 200u);
  std::string tag = plain.Header("ETag");
  ASSERT_EQ(tag.size(), 66u);
  tag.pop_back();
  EXPECT_EQ(gzip.Header("ETag"), tag + "-gzip\"");
  EXPECT_EQ(brotli.Header("ETag"), tag + "-br\"");
  EXPECT_THAT(HeaderValues(plain.headers, "Vary"), ::testing::Contains("Accept-Encoding"));
  const Reply known = Get("/api/openapi.json", {{"Accept-Encoding", "br"}, {"If-None-Match", brotli.Header("ETag")}});
  EXPECT_EQ(known.status, 304);
  EXPECT_EQ(known.body, "");
  EXPECT_EQ(known.Header("ETag"), brotli.Header("ETag"));
  EXPECT_THAT(HeaderValues(known.headers, "Vary"), ::testing::Contains("Accept-Encoding"));
  EXPECT_EQ(known.Header("Content-Length"), "");
  EXPECT_EQ(known.Header("Content-Encoding"), "");
  EXPECT_EQ(Get("/api/openapi.json", {{"If-None-Match", brotli.Header("ETag")}}).status, 200) << "another coding";
  EXPECT_EQ(Get("/small").status, 200);
  EXPECT_EQ(Get("/small", {{"If-None-Match", "*"}}).status, 304);
  // A cache takes over what a 304 says of the page's rights.
  const Reply viewer = Get("/viewer", {{"If-None-Match", "*"}});
  EXPECT_EQ(viewer.status, 304);
  EXPECT_EQ(viewer.Header("Content-Security-Policy"), "default-src 'self'");
}

TEST_F(Conditional, FilesHaveTheirDigestAsTag) {
  const Reply first = Get("/v1/downloads/pdf");
  const std::string tag = first.Header("ETag");
  EXPECT_EQ(tag.size(), 66u);
  for (const std::string& header : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
    const Reply known = Get("/v1/downloads/pdf", {{"If-None-Match", header}});
    EXPECT_EQ(known.status, 304) << header;
    EXPECT_EQ(known.body, "");
    EXPECT_EQ(known.Header("ETag"), tag);
    EXPECT_EQ(known.Header("Content-Disposition"), "");
  }
  EXPECT_EQ(client_->Send("HEAD", "/v1/downloads/pdf", "", {{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(Get("/v1/downloads/pdf", {{"If-None-Match", "\"other\""}}).body, first.body);
  EXPECT_EQ(Get("/v1/downloads/csv", {{"If-None-Match", tag}, {"Accept-Encoding", "gzip"}}).status, 200);
  EXPECT_EQ(Get("/v1/downloads/csv", {{"If-None-Match", tag}}).status, 304);
}

TEST_F(Conditional, MessagesShowTheirVersionButAreAlwaysSent) {
  EXPECT_EQ(Get("/v1/messages/1").Header("ETag"), "\"v1\"");
  EXPECT_EQ(Get("/v1/messages/untagged").Header("ETag"), "");
  // What a message shows may change without its version.
  EXPECT_EQ(Get("/v1/messages/1", {{"If-None-Match", "\"v1\""}}).status, 200);
  EXPECT_EQ(Get("/v1/messages/taken/x").Header("ETag"), "");
}

TEST_F(Conditional, IfMatchBecomesTheEtagOfTheRequest) {
  for (const char* tag : {"\"v1\"", "\"v1-gzip\"", "\"v1-br\"", "*"}) {
    const Reply changed = Patch(R"({"text":"t"})", {{"If-Match", tag}});
    EXPECT_EQ(changed.status, 200) << tag;
    EXPECT_EQ(changed.Header("ETag"), "\"v2\"");
  }
  const Reply stale = Patch(R"({"text":"t"})", {{"If-Match", "\"v0\""}});
  EXPECT_EQ(stale.status, 412);
  EXPECT_THAT(stale.body, HasSubstr(R"("code":412,"status":"ABORTED")"));
  EXPECT_THAT(stale.body, HasSubstr("STALE_ETAG"));
  EXPECT_EQ(Patch(R"({"text":"t","etag":"v0"})", {}).status, 409) << "a field is no condition of HTTP";
  EXPECT_EQ(Patch(R"({"text":"t","etag":"v0"})", {{"If-Match", "\"v0\""}}).status, 412);
  EXPECT_EQ(Patch(R"({"text":"busy"})", {{"If-Match", "\"v1\""}}).status, 409) << "not a matter of the version";
  const Reply two = Patch(R"({"text":"t","etag":"v1"})", {{"If-Match", "\"v0\""}});
  EXPECT_EQ(two.status, 400);
  EXPECT_THAT(two.body, HasSubstr("the header If-Match and the field etag"));
  EXPECT_EQ(Patch("{}", {{"If-Match", "W/\"v1\""}}).status, 400);
  EXPECT_EQ(Patch("{}", {{"If-Match", "\"v1\", \"v2\""}}).status, 400);
  EXPECT_EQ(Patch("{}", {{"If-None-Match", "*"}}).status, 400);
  EXPECT_EQ(client_->Send("PUT", "/v1/messages/1", "{}", {{"If-Match", "\"v1\""}}).status, 400);
}

TEST_F(Conditional, StreamsGoOnBehindTheLastEvent) {
  const Headers events = {{"Accept", "text/event-stream"}};
  EXPECT_EQ(Get("/v1/events", events).body,
            "id: 1\ndata: {\"position\":\"1\",\"text\":\"e\"}\n\nid: 2\ndata: {\"position\":\"2\",\"text\":\"e\"}\n\n"
            "id: 3\ndata: {\"position\":\"3\",\"text\":\"e\"}\n\n");
  EXPECT_EQ(Get("/v1/events?after=1", {{"Accept", "text/event-stream"}, {"Last-Event-ID", "2"}}).body,
            "id: 3\ndata: {\"position\":\"3\",\"text\":\"e\"}\n\n");
  EXPECT_EQ(Get("/v1/events", {{"Last-Event-ID", "2"}}).body, "{\"position\":\"3\",\"text\":\"e\"}\n");
  const Reply bad = Get("/v1/events", {{"Accept", "text/event-stream"}, {"Last-Event-ID", "two"}});
  EXPECT_EQ(bad.status, 400);
  EXPECT_THAT(bad.body, HasSubstr(R"("field":"Last-Event-ID")"));
  EXPECT_EQ(Get("/v1/events", {{"Last-Event-ID", std::string(300, '1')}}).status, 400);
}

TEST_F(Conditional, AnIdOfAnEventStaysOnItsLine) {
  const std::string body = Get("/v1/namedEvents", {{"Accept", "text/event-stream"}}).body;
  EXPECT_TRUE(body.starts_with("id: a:1\ndata: ")) << body;
  EXPECT_THAT(body, Not(HasSubstr("\nevent:")));
  EXPECT_THAT(body.substr(5), Not(HasSubstr("id:")));
}

TEST_F(Conditional, BrowsersMaySendAndSeeTheHeaders) {
  const Reply preflight =
      client_->Send("OPTIONS", "/v1/messages/1", "",
                    {{"Origin", "http://localhost:3000"}, {"Access-Control-Request-Method", "PATCH"}});
  EXPECT_THAT(preflight.Header("Access-Control-Allow-Headers"), HasSubstr("If-Match, If-None-Match, Last-Event-ID"));
  EXPECT_THAT(Get("/v1/messages/1", {{"Origin", "http://localhost:3000"}}).Header("Access-Control-Expose-Headers"),
              HasSubstr("ETag"));
}

}  // namespace
}  // namespace invoice::gateway
