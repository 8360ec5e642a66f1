// All methods of the API by name. Made at start from the descriptors alone, so every method exists from the first
// moment and answers UNIMPLEMENTED to those who may call it, until a handler is put in:
//   api.On("VendorService/GetVendor",
//          [&](Context& context, const v1::GetVendorRequest& request) -> absl::StatusOr<v1::Vendor> {...});
// Put all handlers in before the server starts; after that only Serve() uses it, from many threads.
#pragma once

#include <google/protobuf/descriptor.h>
#include <grpcpp/impl/service_type.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rpc/calls.h"
#include "rpc/serve.h"

namespace invoice::rpc {

// NextMessage of one type.
template <typename Response>
using Next = std::function<absl::StatusOr<Turn>(Response* message)>;

class Api {
 public:
  // FAILED_PRECONDITION naming the method or field whose options are faulty.
  static absl::StatusOr<std::unique_ptr<Api>> Create(
      Door door, RuleBook::IsTimeZone is_time_zone,
      const std::vector<const google::protobuf::ServiceDescriptor*>& services);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  // Puts in the handler of "Service/Method", a function of (Context&, const Request&) that answers
  // absl::StatusOr<Response>; of a stream, a function of (Context&, const Request&, const Wake&) that answers
  // absl::StatusOr<Next<Response>>. Aborts where there is no such method or its messages are others.
  template <typename Function>
  void On(std::string_view method, Function function) {
    Put(method, std::move(function), &Function::operator());
  }

  // The field rules, to check with, and to compile further messages into before the server starts.
  RuleBook& rules() { return rules_; }
  // For the server builder.
  std::vector<grpc::Service*> services() const;
  // Full names of the services.
  std::vector<std::string> service_names() const { return service_names_; }
  // Methods without a handler, sorted.
  std::vector<std::string> Missing() const;

 private:
  class Service;
  explicit Api(Door door, RuleBook::IsTimeZone is_time_zone);
  absl::Status AddService(const google::protobuf::ServiceDescriptor* service);

  // The last parameter only names the types. A std::function of each method's own type would cost up to a third of the
  // compile time of a file of handlers.
  template <typename Function, typename Request, typename Response>
  void Put(std::string_view method, Function function,
           absl::StatusOr<Response> (Function::*)(Context&, const Request&) const) {
    PutHandler(
        method, Request::descriptor(), Response::descriptor(),
        [function = std::move(function)](Context& context, const google::protobuf::Message& request, const Send& send) {
          const absl::StatusOr<Response> response = function(context, static_cast<const Request&>(request));
          return response.ok() ? send(*response) : response.status();
        });
  }
  template <typename Function, typename Request, typename Response>
  void Put(std::string_view method, Function function,
           absl::StatusOr<Next<Response>> (Function::*)(Context&, const Request&, const Wake&) const) {
    PutStream(method, Request::descriptor(), Response::default_instance(),
              [function = std::move(function)](Context& context, const google::protobuf::Message& request,
                                               const Wake& wake) -> absl::StatusOr<NextMessage> {
                absl::StatusOr<Next<Response>> next = function(context, static_cast<const Request&>(request), wake);
                if (!next.ok()) return next.status();
                return NextMessage([next = *std::move(next)](google::protobuf::Message* message) {
                  return next(static_cast<Response*>(message));
                });
              });
  }
  void PutHandler(std::string_view method, const google::protobuf::Descriptor* request,
                  const google::protobuf::Descriptor* response, Handler handler);
  void PutStream(std::string_view method, const google::protobuf::Descriptor* request,
                 const google::protobuf::Message& response, StreamHandler handler);
  // Aborts where there is no such method.
  Endpoint& Find(std::string_view method, const google::protobuf::Descriptor* request,
                 const google::protobuf::Descriptor* response, bool is_stream);

  const Door door_;
  Calls calls_;
  RuleBook rules_;
  std::map<std::string, std::unique_ptr<Endpoint>, std::less<>> endpoints_;  // by "Service/Method"
  std::vector<std::unique_ptr<Service>> services_;
  std::vector<std::string> service_names_;
};

// The services of package invoice.v1. Named file by file, because a linker leaves out what nobody names.
std::vector<const google::protobuf::ServiceDescriptor*> InvoiceServices();

}  // namespace invoice::rpc
