// What the benchmarks bill: one vendor, customers with a weekly contract, two taxes and extra fees, and quick runs of
// them, all made by the API as a client does. Thread safe, but for one customer's runs, which belong to one thread.
#pragma once

#include <memory>
#include <string>

#include "absl/time/civil_time.h"
#include "invoice/v1/customers.grpc.pb.h"
#include "invoice/v1/invoices.grpc.pb.h"
#include "invoice/v1/vendors.grpc.pb.h"
#include "tests/bench/support/system.h"

namespace invoice::bench {

class Books {
 public:
  // Makes the vendor. `system` must outlive the books.
  explicit Books(const System& system);

  const std::string& vendor_id() const { return vendor_id_; }
  std::string NewCustomer(const std::string& name) const;

 private:
  const System& system_;
  std::shared_ptr<grpc::Channel> channel_;
  std::string vendor_id_;
};

// The invoices of one customer, one week after the other, over a connection of its own.
class Biller {
 public:
  Biller(const System& system, std::string customer_id);

  // The next week's invoice. Throws where the server refuses it.
  v1::Invoice RunQuick();
  v1::Invoice GetInvoice(const std::string& id);

  const std::string& customer_id() const { return customer_id_; }

 private:
  const System& system_;
  std::unique_ptr<v1::InvoiceService::Stub> stub_;
  std::string customer_id_;
  absl::CivilDay next_run_{1990, 1, 1};  // far enough back for 1,800 weeks
};

// The call's answer, or an exception with what the server said.
void CheckOk(const grpc::Status& status, const char* call);

}  // namespace invoice::bench
