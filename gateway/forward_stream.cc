#include "gateway/forward_stream.h"

#include <string>
#include <utility>

#include "base/log.h"
#include "fmt/format.h"
#include "gateway/call_headers.h"
#include "gateway/limits.h"
#include "gateway/media_type.h"
#include "gateway/transcode/error_reply.h"
#include "gateway/transcode/json_writer.h"
#include "gateway/transcode/raw_body.h"

namespace invoice::gateway {
namespace {

using ReadResult = Call::ReadResult;

constexpr RawFileView kNoFile{"application/octet-stream", "", ""};

enum class Form { kEvents, kLines, kFile };

class StreamForwarder {
 public:
  StreamForwarder(const Route& route, Call& call, Responder& responder)
      : route_(route), call_(call), responder_(responder) {
    const bool events = AcceptsEventStream(HeaderValue(responder.request().headers, "Accept"));
    form_ = route.raw_body ? Form::kFile : events ? Form::kEvents : Form::kLines;
  }

  void Run(std::string_view request) {
    call_.Start(request);
    ReadResult result = Read(form_ == Form::kFile ? kStreamDeadline : kFirstMessageWait);
    if (result != ReadResult::kEnd) Begin();
    while (result != ReadResult::kEnd) {
      const bool written = result == ReadResult::kMessage ? WriteMessage() : Beat();
      if (!written) {
        call_.Cancel();
        break;
      }
      result = Read(kStreamHeartbeat);
    }
    End(call_.Finish());
  }

 private:
  ReadResult Read(absl::Duration timeout) { return call_.Read(&message_, timeout); }

  void Begin() {
    started_ = true;
    switch (form_) {
      case Form::kEvents:
        // Proxies must hand on every event at once.
        return responder_.StartStream("text/event-stream", {{"X-Accel-Buffering", "no"}});
      case Form::kLines:
        return responder_.StartStream("application/x-ndjson", {{"X-Accel-Buffering", "no"}});
      case Form::kFile: {
        // The first piece says what the file is.
        const RawFileView file = ReadRawBody(*route_.raw_body, message_).value_or(kNoFile);
        return responder_.StartStream(file.content_type, {{"Content-Disposition", ContentDisposition(file.name)}});
      }
    }
  }

  bool WriteMessage() {
    if (form_ == Form::kFile) {
      const absl::StatusOr<RawFileView> piece = ReadRawBody(*route_.raw_body, message_);
      return piece.ok() && (piece->data.empty() || responder_.Write(piece->data));
    }
    const bool events = form_ == Form::kEvents;
    line_ = events ? "data: " : "";
    if (!WriteJson(*route_.response, message_, &line_).ok()) return false;
    line_ += events ? "\n\n" : "\n";
    return responder_.Write(line_);
  }

  // Keeps a quiet connection from being taken for a dead one.
  bool Beat() { return form_ != Form::kEvents || responder_.Write(": still here\n\n"); }

  void End(const CallEnd& end) {
    if (!end.log_detail.empty()) {
      base::Log(base::Level::kWarning, "backend failed", {{"rpc", route_.rpc}, {"detail", end.log_detail}});
    }
    const bool failed = end.status.code() != 0;
    if (!started_ && failed) return responder_.SendError(end.status, 0, HeadersOf(end.metadata));
    if (!started_) Begin();
    if (failed && form_ == Form::kFile) return;
    if (failed) {
      const std::string error = MakeErrorReply(end.status).body;
      responder_.Write(form_ == Form::kEvents ? fmt::format("event: error\ndata: {}\n\n", error) : error + "\n");
    }
    responder_.EndStream();
  }

  const Route& route_;
  Call& call_;
  Responder& responder_;
  std::string message_;  // the wire bytes of the last one
  std::string line_;     // what is written of it
  Form form_ = Form::kLines;
  bool started_ = false;
};

}  // namespace

void ForwardStream(const Route& route, std::string_view request, Call& call, Responder& responder) {
  StreamForwarder(route, call, responder).Run(request);
}

}  // namespace invoice::gateway
