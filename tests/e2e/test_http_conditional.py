"""Versions and codings by REST: If-Match, ETag, If-None-Match, gzip and br, against the whole system."""

import gzip
import hashlib
import json
import unittest

from stack import StackCase

VENDORS = "/api/v1/vendors"
CUSTOMERS = "/api/v1/customers"
COMPRESSED_FROM = 1024


class HttpConditionalTest(StackCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            cls.vendor = cls.api.new_vendor()
            for index in range(12):
                cls.customer = cls.api.new_customer(cls.vendor["id"], name=f"Contoso {index} Ltd.")
            answer = cls.api.run_quick(cls.customer["id"])
            cls.pdf = f"/api/v1/invoices/{answer.json()['invoice']['id']}/pdf"
        except BaseException:
            cls.failed = True
            cls._clean_up()
            raise

    def new_vendor(self):
        vendor = self.api.new_vendor()
        return vendor, f"{VENDORS}/{vendor['id']}"

    def tag(self, path):
        answer = self.api.get(path)
        self.assertEqual(answer.status, 200, answer)
        return answer.headers["ETag"]

    # --- versions -----------------------------------------------------------------------------------------------------

    def test_the_entity_tag_is_the_etag_of_the_record(self):
        vendor, path = self.new_vendor()
        self.assertEqual(self.tag(path), f'"{vendor["etag"]}"')
        changed = self.api.patch(path, {"name": "Northwind B Inc."}, {"If-Match": self.tag(path)})
        self.assertEqual(changed.status, 200, changed)
        self.assertEqual(changed.headers["ETag"], f'"{changed.json()["etag"]}"')
        self.assertEqual(self.tag(path), changed.headers["ETag"])
        self.assertNotEqual(changed.json()["etag"], vendor["etag"])
        self.assertEqual(self.api.get(VENDORS).headers["ETag"], None, "a list has no version")

    def test_a_change_of_another_version_is_412_by_the_header_and_409_by_the_field(self):
        vendor, path = self.new_vendor()
        stale = f'"{vendor["etag"]}"'
        self.assertEqual(self.api.patch(path, {"name": "B"}, {"If-Match": stale}).status, 200)
        for method, body in (("PATCH", {"name": "C"}), ("DELETE", None)):
            answer = self.api.call(method, path, body, {"If-Match": stale})
            self.assertEqual((answer.status, answer.error["code"], answer.error["status"], answer.reason),
                             (412, 412, "ABORTED", "STALE_ETAG"), answer)
            self.assertTrue(answer.metadata["currentEtag"])
        by_field = self.api.patch(path, {"name": "C", "etag": vendor["etag"]})
        self.assertEqual((by_field.status, by_field.reason), (409, "STALE_ETAG"), by_field)
        both = self.api.patch(path, {"name": "C", "etag": vendor["etag"]}, {"If-Match": stale})
        self.assertEqual(both.status, 412, both)
        self.assertEqual(self.api.ok("GET", path)["name"], "B")
        self.assertEqual(self.api.call("DELETE", path, headers={"If-Match": self.tag(path)}).status, 200)

    def test_any_version_is_good_for_a_star(self):
        _, path = self.new_vendor()
        self.assertEqual(self.api.patch(path, {"name": "B"}, {"If-Match": "*"}).status, 200)

    def test_conditions_that_cannot_be_checked_are_refused(self):
        vendor, path = self.new_vendor()
        tag = f'"{vendor["etag"]}"'
        for header, message in ((f"W/{tag}", "a strong tag"), (f"{tag}, \"other\"", "one tag in quotes"),
                                (vendor["etag"], "one tag in quotes"), ("", "one tag in quotes")):
            answer = self.api.patch(path, {"name": "B"}, {"If-Match": header})
            self.assertEqual((answer.status, answer.reason), (400, "INVALID_FIELD"), answer)
            self.assertIn(message, answer.error["message"])
        two = self.api.patch(path, {"name": "B", "etag": "other"}, {"If-Match": tag})
        self.assertEqual(two.status, 400, two)
        self.assertIn("the header If-Match and the field etag", two.error["message"])
        create = self.api.post(VENDORS, {"name": "New"}, {"If-Match": tag})
        self.assertEqual(create.status, 400, create)
        self.assertIn("takes no If-Match", create.error["message"])
        none = self.api.patch(path, {"name": "B"}, {"If-None-Match": "*"})
        self.assertEqual(none.status, 400, none)
        self.assertEqual(self.api.ok("GET", path)["etag"], vendor["etag"], "nothing was changed")

    def test_parts_of_a_customer_have_versions_of_their_own(self):
        path = f"{CUSTOMERS}/{self.customer['id']}/contract"
        tag = self.tag(path)
        self.assertEqual(self.api.patch(path, {"notes": "n"}, {"If-Match": tag}).status, 200)
        self.assertEqual(self.api.patch(path, {"notes": "m"}, {"If-Match": tag}).status, 412)

    # --- files and pages ----------------------------------------------------------------------------------------------

    def test_a_document_that_is_known_is_not_sent_again(self):
        first = self.api.get(self.pdf)
        tag = f'"{hashlib.sha256(first.body).hexdigest()}"'
        self.assertEqual((first.status, first.headers["ETag"]), (200, tag))
        for header in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            known = self.api.get(self.pdf, **{"If-None-Match": header})
            self.assertEqual((known.status, known.body, known.headers["ETag"]), (304, b"", tag), header)
        other = self.api.get(self.pdf, **{"If-None-Match": '"other"'})
        self.assertEqual((other.status, other.body), (200, first.body))
        head = self.api.call("HEAD", self.pdf)
        self.assertEqual((head.headers["ETag"], head.headers["Content-Length"]), (tag, str(len(first.body))))
        self.assertEqual(self.api.get("/api/v1/invoices/01900000-0000-7000-8000-000000000000/pdf",
                                      **{"If-None-Match": "*"}).status, 404)

    def test_a_page_that_is_known_is_not_sent_again(self):
        page = self.api.get("/api/openapi.json", **{"Accept-Encoding": "gzip"})
        self.assertEqual(page.headers["Content-Encoding"], "gzip")
        self.assertIn("paths", json.loads(gzip.decompress(page.body)))
        tag = page.headers["ETag"]
        self.assertTrue(tag.endswith('-gzip"'), tag)
        self.assertEqual(self.api.get("/api/openapi.json", **{"Accept-Encoding": "gzip", "If-None-Match": tag}).status, 304)
        self.assertEqual(self.api.get("/api/openapi.json", **{"If-None-Match": tag}).status, 200)

    # --- codings ------------------------------------------------------------------------------------------------------

    def test_large_answers_are_compressed_for_those_who_ask(self):
        plain = self.api.get(f"{CUSTOMERS}?pageSize=100")
        self.assertGreater(len(plain.body), COMPRESSED_FROM)
        self.assertIsNone(plain.headers["Content-Encoding"])
        self.assertIn("Accept-Encoding", plain.headers.get_all("Vary"))
        for accepted, coding in (("gzip", "gzip"), ("br", "br"), ("gzip, deflate, br, zstd", "br"), ("br;q=0.5, gzip", "gzip"),
                                 ("*", "br"), ("identity", None), ("gzip;q=0", None), ("deflate", None)):
            answer = self.api.get(f"{CUSTOMERS}?pageSize=100", **{"Accept-Encoding": accepted})
            self.assertEqual((answer.status, answer.headers["Content-Encoding"]), (200, coding), accepted)
            self.assertEqual(answer.headers["Content-Length"], str(len(answer.body)))
            head = self.api.call("HEAD", f"{CUSTOMERS}?pageSize=100", headers={"Accept-Encoding": accepted})
            self.assertEqual((head.headers["Content-Length"], head.headers["Content-Encoding"]), (str(len(answer.body)), coding))
            if coding is None:
                self.assertEqual(answer.body, plain.body)
            else:
                self.assertLess(len(answer.body), len(plain.body) / 2)
            if coding == "gzip":
                self.assertEqual(gzip.decompress(answer.body), plain.body)

    def test_documents_and_small_answers_are_sent_as_they_are(self):
        for path in (self.pdf, "/health"):
            self.assertIsNone(self.api.get(path, **{"Accept-Encoding": "gzip, br"}).headers["Content-Encoding"], path)
        small = self.api.get("/health", **{"Accept-Encoding": "gzip, identity;q=0"})
        self.assertIn(small.headers["Content-Encoding"], ("gzip", None))

    def test_a_version_of_a_compressed_answer_is_good_for_a_change(self):
        path = f"{VENDORS}/{self.vendor['id']}"
        answer = self.api.get(path, **{"Accept-Encoding": "gzip, identity;q=0"})
        self.assertEqual(answer.headers["Content-Encoding"], "gzip")
        tag = answer.headers["ETag"]
        self.assertEqual(tag, f'"{json.loads(gzip.decompress(answer.body))["etag"]}-gzip"')
        self.assertEqual(self.api.patch(path, {"phone": "1"}, {"If-Match": tag}).status, 200)
        self.assertEqual(self.api.patch(path, {"phone": "2"}, {"If-Match": tag}).status, 412)


if __name__ == "__main__":
    unittest.main()
