"""The main job with the real grpcurl, which knows the API by server reflection alone."""

import base64
import json
import os
import subprocess
import unittest

from stack import StackCase, tool


HEALTH_PROTO = """
syntax = "proto3";
package grpc.health.v1;
message HealthCheckRequest { string service = 1; }
message HealthCheckResponse {
  enum ServingStatus { UNKNOWN = 0; SERVING = 1; NOT_SERVING = 2; SERVICE_UNKNOWN = 3; }
  ServingStatus status = 1;
}
service Health { rpc Check(HealthCheckRequest) returns (HealthCheckResponse); }
"""


UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"


class GrpcurlTest(StackCase):
    @classmethod
    def setUpClass(cls):
        cls.grpcurl = tool("INVOICE_GRPCURL", "grpcurl-*/bin/grpcurl")
        super().setUpClass()

    def run_grpcurl(self, *arguments, request=None, key=None, options=()):
        command = [self.grpcurl, "-plaintext", "-max-time", "20", *options]
        if key:
            command += ["-H", f"authorization: Bearer {key}"]
        if request is not None:
            command += ["-d", json.dumps(request)]
        command += [f"127.0.0.1:{self.stack.grpc_port}", *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    def call(self, method, request):
        done = self.run_grpcurl(f"invoice.v1.{method}", request=request, key=self.stack.api_key)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_reflection_lists_and_describes_the_services(self):
        listed = self.run_grpcurl("list").stdout.split()
        for service in ("Vendor", "Customer", "BillingPeriod", "Invoice", "Run", "Email", "Health"):
            self.assertIn(f"invoice.v1.{service}Service", listed)
        self.assertIn("grpc.health.v1.Health", listed)
        described = self.run_grpcurl("describe", "invoice.v1.InvoiceService.RunQuick").stdout
        self.assertIn("rpc RunQuick ( .invoice.v1.RunQuickRequest ) returns ( .invoice.v1.GenerationResponse )", described)
        self.assertIn('post: "/api/v1/invoices:runQuick"', described)
        self.assertIn("string total_hours = 3", self.run_grpcurl("describe", "invoice.v1.RunQuickRequest").stdout)

    def test_customer_quick_run_and_invoice(self):
        vendor = self.call("VendorService/CreateVendor", {"vendor": {
            "name": "Grpc Vendor", "email": "vendor@example.com",
            "address": {"line1": "1 Main Street", "city": "Toronto", "countryCode": "CA"}}})
        customer = self.call("CustomerService/CreateCustomer", {"customer": {
            "vendorId": vendor["id"], "name": "Grpc Customer", "email": "customer@example.com",
            "address": {"line1": "2 Main Street", "city": "Toronto", "countryCode": "CA"},
            "contract": {"ratePerHour": "99.99", "taxes": [{"name": "GST", "rate": "0.05"}, {"name": "QST", "rate": "0.09975"}]}}})
        generated = self.call("InvoiceService/RunQuick", {"customerId": customer["id"], "runDate": "2025-03-01", "total_hours": "7.5"})
        invoice = self.call("InvoiceService/GetInvoice", {"id": generated["invoice"]["id"]})
        # 7.5 x 99.99 = 749.925, rounded away from zero; each tax on its own.
        self.assertEqual(invoice["subtotal"], "749.93")
        self.assertEqual([tax["amount"] for tax in invoice["taxes"]], ["37.50", "74.81"])
        self.assertEqual(invoice["total"], "862.24")
        self.assertEqual(invoice["number"], generated["invoice"]["number"])
        pdf = self.call("InvoiceService/DownloadInvoice", {"id": invoice["id"]})
        # Descriptors that C++ hands out by reflection have no JSON names, so grpcurl shows those of the protos.
        self.assertEqual(pdf["content_type"], "application/pdf")
        self.assertEqual(base64.b64decode(pdf["data"])[:5], b"%PDF-")

    def test_health_check_needs_no_key(self):
        # gRPC's own service is listed by reflection, but C++ has no descriptor of it to hand out.
        path = os.path.join(self.stack.folder, "health.proto")
        with open(path, "w", encoding="utf-8") as file:
            file.write(HEALTH_PROTO)
        done = self.run_grpcurl("grpc.health.v1.Health/Check", request={}, options=("-import-path", self.stack.folder, "-proto", path))
        self.assertEqual(json.loads(done.stdout), {"status": "SERVING"}, done.stderr)

    def test_calls_without_a_good_key_are_refused(self):
        for key in (None, "not-a-key"):
            done = self.run_grpcurl("invoice.v1.CustomerService/ListCustomers", request={}, key=key)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("Code: Unauthenticated", done.stderr)

    def test_errors_are_readable(self):
        done = self.run_grpcurl("invoice.v1.CustomerService/GetCustomer", request={"id": UNKNOWN_ID}, key=self.stack.api_key)
        self.assertIn("Code: NotFound", done.stderr)
        self.assertIn('"reason": "NOT_FOUND"', done.stderr)
        self.assertIn('"domain": "invoice-enterprise"', done.stderr)
        self.assertIn(f'"id": "{UNKNOWN_ID}"', done.stderr)
        absent = self.run_grpcurl("invoice.v1.CustomerService/GetCustomer", request={}, key=self.stack.api_key)
        self.assertIn('"reason": "INVALID_FIELD"', absent.stderr)
        self.assertIn('"description": "required"', absent.stderr)
        for unreadable in (done.stderr, absent.stderr):
            self.assertNotIn("@value", unreadable)
            self.assertNotIn("unmarshal", unreadable)

    def test_both_versions_of_reflection_answer(self):
        asked = {"host": "h", "list_services": ""}
        for version in ("v1", "v1alpha"):
            method = f"grpc.reflection.{version}.ServerReflection/ServerReflectionInfo"
            listed = self.run_grpcurl(method, request=asked)
            self.assertEqual(listed.returncode, 0, listed.stderr)
            for service in ("invoice.v1.InvoiceService", "invoice.v1.ApiKeyService", "grpc.health.v1.Health",
                            "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"):
                self.assertIn(f'"{service}"', listed.stdout, version)
        method = "grpc.reflection.v1.ServerReflection/ServerReflectionInfo"
        for request, expected in (({"file_containing_symbol": "google.rpc.ErrorInfo"}, "file_descriptor_proto"),
                                  ({"file_by_filename": "invoice/v1/invoices.proto"}, "file_descriptor_proto"),
                                  ({"all_extension_numbers_of_type": "google.protobuf.FieldOptions"}, "extension_number"),
                                  ({"file_containing_extension": {"containing_type": "google.protobuf.MethodOptions", "extension_number": 72295728}},
                                   "file_descriptor_proto"),
                                  ({"file_containing_symbol": "no.Such"}, "error_code"), ({}, "error_code")):
            answer = self.run_grpcurl(method, request=request)
            self.assertEqual(answer.returncode, 0, answer.stderr)
            self.assertIn(f'"{expected}"', answer.stdout, request)

    def test_errors_carry_their_details(self):
        done = self.run_grpcurl("invoice.v1.InvoiceService/RunQuick", request={"totalHours": "-1"}, key=self.stack.api_key)
        self.assertIn("Code: InvalidArgument", done.stderr)
        for field in ("customerId", "runDate", "totalHours"):
            self.assertIn(f'"field": "{field}"', done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
