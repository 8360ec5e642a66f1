#include "shelf_service.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <chrono>

#include "absl/time/clock.h"
#include "gateway/transcode/error_info.h"

namespace invoice::gateway {
namespace {

using ::gateway::test::GetBookRequest;
using grpc::StatusCode;

grpc::Status WithDetails(StatusCode code, const std::string& message, const google::protobuf::Any& detail) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message(message);
  *status.add_details() = detail;
  return {code, message, status.SerializeAsString()};
}

grpc::Status Taken() {
  return WithDetails(StatusCode::ALREADY_EXISTS, "the id is taken",
                     PackErrorInfo({"ALREADY_EXISTS", "test", {{"id", "taken"}}}));
}

grpc::Status Busy() {
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_nanos(1'500'000);
  google::protobuf::Any detail;
  detail.PackFrom(retry);
  return WithDetails(StatusCode::UNAVAILABLE, "too much to do", detail);
}

}  // namespace

void ShelfService::Note(grpc::ServerContext* context) {
  absl::MutexLock lock(&mutex_);
  metadata_.clear();
  for (const auto& [name, value] : context->client_metadata()) {
    metadata_[std::string(name.data(), name.size())] = std::string(value.data(), value.size());
  }
}

std::map<std::string, std::string> ShelfService::LastMetadata() {
  absl::MutexLock lock(&mutex_);
  return metadata_;
}

grpc::Status ShelfService::WaitForCancel(grpc::ServerContext* context) {
  called_.Notify();
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (!context->IsCancelled() && absl::Now() < end) absl::SleepFor(absl::Milliseconds(2));
  if (context->IsCancelled()) cancelled_.Notify();
  return {StatusCode::CANCELLED, "waited for it"};
}

grpc::Status ShelfService::GetBook(grpc::ServerContext* context, const GetBookRequest* request, Book* book) {
  Note(context);
  const std::string& id = request->id();
  if (id == "taken") return Taken();
  if (id == "busy") return Busy();
  if (id == "bug") return {StatusCode::INTERNAL, "stack trace of the backend"};
  if (id == "stuck") return WaitForCancel(context);
  if (id == "replayed") context->AddInitialMetadata("idempotency-replayed", "true");
  if (id == "gate") {
    called_.Notify();
    gate_.WaitForNotification();
  }
  book->set_id(id);
  book->set_title("T");
  return grpc::Status::OK;
}

grpc::Status ShelfService::UpdateBook(grpc::ServerContext*, const ::gateway::test::UpdateBookRequest* request,
                                      Book* book) {
  *book = request->book();
  *book->mutable_shown() = request->update_mask();
  return grpc::Status::OK;
}

grpc::Status ShelfService::CreateBook(grpc::ServerContext*, const ::gateway::test::CreateBookRequest* request,
                                      Book* book) {
  *book = request->book();
  return grpc::Status::OK;
}

grpc::Status ShelfService::GetCover(grpc::ServerContext*, const GetBookRequest* request, File* file) {
  file->set_content_type("image/png");
  file->set_file_name("\u00e9.png");
  file->set_data(request->id() == "large" ? std::string(10 << 20, 'x') : std::string("\x89\0\n", 3));
  return grpc::Status::OK;
}

grpc::Status ShelfService::ReadAloud(grpc::ServerContext* context, const GetBookRequest* request,
                                     grpc::ServerWriter<Book>* writer) {
  const std::string& id = request->id();
  if (id == "refused") return Taken();
  if (id == "none") return grpc::Status::OK;
  const int pages = id == "broken" ? 2 : id == "stuck" ? 1 : 3;
  for (int page = 1; page <= pages; ++page) {
    Book book;
    book.set_title("line\nbreak");
    book.set_page_count(page);
    writer->Write(book);
  }
  if (id == "stuck") return WaitForCancel(context);
  return id == "broken" ? Taken() : grpc::Status::OK;
}

grpc::Status ShelfService::Export(grpc::ServerContext*, const GetBookRequest* request,
                                  grpc::ServerWriter<File>* writer) {
  if (request->id() == "refused") return Taken();
  for (int piece = 1; piece <= 3; ++piece) {
    File file;
    if (piece == 1) file.set_content_type("text/csv");
    if (piece == 1) file.set_file_name("books.csv");
    file.set_data("row " + std::to_string(piece) + "\n");
    writer->Write(file);
    if (request->id() == "broken" && piece == 2) return Taken();
  }
  return grpc::Status::OK;
}

ShelfServer::ShelfServer(int wanted_port) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + std::to_string(wanted_port), grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&shelf);
  builder.RegisterService(&health);
  server = builder.BuildAndStart();
}

ShelfServer::~ShelfServer() {
  if (server != nullptr) server->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
}

}  // namespace invoice::gateway
