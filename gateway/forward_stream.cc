#include "gateway/forward_stream.h"

#include <memory>
#include <utility>

#include "base/log.h"
#include "fmt/format.h"
#include "gateway/call_headers.h"
#include "gateway/content/media_type.h"
#include "gateway/limits.h"
#include "gateway/routes/answer_writer.h"
#include "gateway/routes/raw_body.h"
#include "gateway/transcode/error_reply.h"

namespace invoice::gateway {
namespace {

enum class Form { kEvents, kLines, kFile };

Form FormOf(const Route& route, const HttpRequest& request) {
  if (route.raw_body) return Form::kFile;
  return AcceptsEventStream(HeaderValue(request.headers, "Accept")) ? Form::kEvents : Form::kLines;
}

// Lives as long as the call or the exchange holds a callback. Runs on the exchange's executor.
class StreamForwarder : public std::enable_shared_from_this<StreamForwarder> {
 public:
  StreamForwarder(const Route& route, ResponderPtr responder)
      : route_(route), responder_(std::move(responder)), form_(FormOf(route, responder_->request())) {}

  void Start(CallOptions options, std::string request, Backend& backend) {
    StreamEvents events;
    events.on_message = [self = shared_from_this()](MessagePtr message) {
      self->responder_->Post([self, message = std::move(message)] { self->OnMessage(message->view()); });
    };
    events.on_end = [self = shared_from_this()](CallEnd end) {
      self->responder_->Post([self, end = std::move(end)] { self->OnEnd(end); });
    };
    call_ = backend.Stream(std::move(options), std::move(request), std::move(events));
    responder_->exchange().OnClientGone([call = call_] { call->Cancel(); }, /*endless=*/form_ != Form::kFile);
    if (form_ != Form::kFile) WaitAtMost(kFirstMessageWait);
    call_->Read();
  }

 private:
  void WaitAtMost(absl::Duration delay) {
    responder_->exchange().SetTimer(
        delay, [self = shared_from_this()] { self->responder_->Run([&self] { self->OnQuiet(); }); });
  }

  // Keeps a quiet connection from being taken for a dead one.
  void OnQuiet() {
    if (ended_) return;
    if (!started_) {
      Begin(nullptr);
    } else if (!writing_ && form_ == Form::kEvents) {
      responder_->Write(": still here\n\n", [self = shared_from_this()](bool taken) {
        if (!taken) self->call_->Cancel();
      });
    }
    WaitAtMost(kStreamHeartbeat);
  }

  // The first piece says what the file is.
  void Begin(const RawFileView* first) {
    started_ = true;
    switch (form_) {
      case Form::kEvents:
        // Proxies must hand on every event at once.
        return responder_->StartStream("text/event-stream", {{"X-Accel-Buffering", "no"}});
      case Form::kLines:
        return responder_->StartStream("application/x-ndjson", {{"X-Accel-Buffering", "no"}});
      case Form::kFile:
        return responder_->StartStream(
            first == nullptr ? "application/octet-stream" : first->content_type,
            {{"Content-Disposition", ContentDisposition(first == nullptr ? "" : first->name)}});
    }
  }

  void OnMessage(std::string_view bytes) {
    if (form_ == Form::kFile) {
      const absl::StatusOr<RawFileView> file = ReadRawBody(*route_.raw_body, bytes);
      if (!file.ok()) return call_->Cancel();
      if (!started_) Begin(&*file);
      return Write(std::string(file->data));
    }
    if (!started_) Begin(nullptr);
    std::string piece;
    if (form_ == Form::kEvents) {
      WriteEventId(route_, bytes, &piece);
      piece += "data: ";
    }
    if (!WriteAnswer(route_, bytes, &piece).ok()) return call_->Cancel();
    piece += form_ == Form::kEvents ? "\n\n" : "\n";
    Write(std::move(piece));
  }

  void Write(std::string piece) {
    writing_ = true;
    responder_->Write(std::move(piece), [self = shared_from_this()](bool taken) {
      self->writing_ = false;
      if (!taken) return self->call_->Cancel();
      if (self->form_ != Form::kFile) self->WaitAtMost(kStreamHeartbeat);
      self->call_->Read();
    });
  }

  void OnEnd(const CallEnd& end) {
    ended_ = true;
    if (!end.log_detail.empty()) {
      base::Log(base::Level::kWarning, "backend failed", {{"rpc", route_.rpc}, {"detail", end.log_detail}});
    }
    const bool failed = end.status.code() != 0;
    if (!started_ && failed) return responder_->SendError(end.status, 0, HeadersOf(end.metadata));
    if (!started_) Begin(nullptr);
    if (failed && form_ == Form::kFile) return;
    if (failed) {
      const std::string error = MakeErrorReply(end.status).body;
      responder_->Write(form_ == Form::kEvents ? fmt::format("event: error\ndata: {}\n\n", error) : error + "\n",
                        [](bool) {});
    }
    responder_->EndStream();
  }

  const Route& route_;
  const ResponderPtr responder_;
  const Form form_;
  std::shared_ptr<StreamCall> call_;
  bool started_ = false;
  bool writing_ = false;  // a message is on its way to the client
  bool ended_ = false;
};

}  // namespace

void ForwardStream(const Route& route, CallOptions options, std::string request, Backend& backend,
                   const ResponderPtr& responder) {
  std::make_shared<StreamForwarder>(route, responder)->Start(std::move(options), std::move(request), backend);
}

}  // namespace invoice::gateway
