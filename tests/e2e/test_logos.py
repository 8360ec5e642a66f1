"""Logos by REST: drawn once within bounds, printed, removed; the server stays quick whatever is uploaded."""

import base64
import gzip
import pathlib
import os
import time
import unittest

from stack import StackCase

UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"
IMAGES = pathlib.Path(os.environ.get("INVOICE_SOURCE_DIR", ".")) / "tests/unit/pdf/images"
MOST_S = 3.0
MAX_BYTES = 1 << 20


def costly_svg():
    """One path of 60,000 curves with a wide stroke: 0.7 MB that take minutes to draw."""
    path = "M0 0" + "".join(f"C{i % 97} 9 9 {i % 89} 5 5" for i in range(60_000))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><path d="{path}" stroke="black" '
            'stroke-width="500" stroke-linejoin="round" fill="none"/></svg>').encode()


class LogosTest(StackCase):
    def setUp(self):
        self.vendor = self.api.new_vendor()
        self.customer = self.api.new_customer(self.vendor["id"])
        self.path = f"/api/v1/vendors/{self.vendor['id']}"

    def upload(self, image, api=None):
        body = {"data": base64.b64encode(image).decode()}
        return (api or self.api).post(f"{self.path}:uploadLogo", body)

    def pdf(self, run_date):
        answer = self.api.run_quick(self.customer["id"], run_date)
        self.assertEqual(answer.status, 200, answer)
        document = self.api.get(f"/api/v1/invoices/{answer.json()['invoice']['id']}/pdf")
        self.assertEqual(document.status, 200, document)
        return document.body

    def test_an_image_that_takes_minutes_is_refused_within_seconds(self):
        # A machine that is too busy to tell says so, as quickly.
        for _ in range(20):
            start = time.monotonic()
            answer = self.upload(costly_svg())
            self.assertLess(time.monotonic() - start, MOST_S)
            if answer.reason != "OVERLOADED":
                break
        self.assertEqual((answer.status, answer.reason, list(answer.fields)), (400, "INVALID_FIELD", ["data"]), answer)
        self.assertEqual(self.api.ok("GET", self.path).get("logoSha256", ""), "")
        start = time.monotonic()
        self.assertTrue(self.pdf("2025-03-01").startswith(b"%PDF"))
        self.assertLess(time.monotonic() - start, MOST_S)

    def test_a_logo_is_printed_until_it_is_removed(self):
        image = (IMAGES / "kinds/rgba.png").read_bytes()
        self.assertEqual(self.upload(image).status, 200)
        logo = self.api.get(f"{self.path}/logo")
        self.assertEqual((logo.status, logo.body), (200, image))
        self.assertIn(b"/SMask", self.pdf("2025-03-01"))
        removed = self.api.call("DELETE", f"{self.path}/logo")
        self.assertEqual(removed.status, 200, removed)
        self.assertEqual(removed.json().get("logoSha256", ""), "")
        self.assertEqual(self.api.get(f"{self.path}/logo").status, 404)
        self.assertNotIn(b"/SMask", self.pdf("2025-04-01"))
        self.assertEqual(self.api.call("DELETE", f"{self.path}/logo").status, 200)
        self.assertEqual(self.api.call("DELETE", f"/api/v1/vendors/{UNKNOWN_ID}/logo").status, 404)

    def test_what_is_no_image_is_refused_by_its_field(self):
        for name, body in {
            "nothing": {},
            "no bytes": {"data": ""},
            "no base64": {"data": "?"},
            "a text": {"data": base64.b64encode(b"not an image").decode()},
            "a cut image": {"data": base64.b64encode((IMAGES / "logo.png").read_bytes()[:100]).decode()},
            "a PDF": {"data": base64.b64encode(b"%PDF-1.7\n").decode()},
            "too large": {"data": base64.b64encode(bytes(MAX_BYTES + 1)).decode()},
        }.items():
            with self.subTest(name):
                answer = self.api.post(f"{self.path}:uploadLogo", body)
                self.assertEqual((answer.status, answer.reason, list(answer.fields)), (400, "INVALID_FIELD", ["data"]), answer)
        self.assertEqual(self.api.ok("GET", self.path).get("logoSha256", ""), "")

    def test_an_upload_is_json_of_a_bounded_size(self):
        image = (IMAGES / "logo.png").read_bytes()
        path = f"{self.path}:uploadLogo"
        for content_type in ("image/png", "application/octet-stream", "multipart/form-data; boundary=x"):
            answer = self.api.post(path, image, {"Content-Type": content_type})
            self.assertEqual((answer.status, answer.reason), (415, "UNSUPPORTED_MEDIA_TYPE"), content_type)
        packed = self.api.post(path, gzip.compress(b"{}"), {"Content-Encoding": "gzip"})
        self.assertEqual((packed.status, packed.reason), (415, "UNSUPPORTED_MEDIA_TYPE"), packed)
        large = self.api.post(path, {"data": "A" * (4 << 20)})
        self.assertEqual((large.status, large.reason), (413, "BODY_TOO_LARGE"), large)
        bare = self.api.call("POST", path)
        self.assertEqual((bare.status, list(bare.fields)), (400, ["data"]), bare)

    def test_a_logo_that_is_known_is_not_sent_again(self):
        image = (IMAGES / "logo.svg").read_bytes()
        self.assertEqual(self.upload(image).status, 200)
        logo = self.api.get(f"{self.path}/logo")
        self.assertEqual(logo.headers["ETag"], f'"{self.api.ok("GET", self.path)["logoSha256"]}"')
        self.assertEqual(self.api.get(f"{self.path}/logo", **{"If-None-Match": logo.headers["ETag"]}).status, 304)

    def test_only_administrators_change_it(self):
        self.assertEqual(self.upload((IMAGES / "logo.svg").read_bytes()).status, 200)
        for role in ("VIEWER", "FINANCE"):
            api = self.stack.api(self.stack.create_api_key(f"logo {role}", role))
            self.assertEqual(api.call("DELETE", f"{self.path}/logo").status, 403, role)
            self.assertEqual(self.upload((IMAGES / "logo.png").read_bytes(), api).status, 403, role)
            self.assertEqual(api.get(f"{self.path}/logo").body, (IMAGES / "logo.svg").read_bytes(), role)


if __name__ == "__main__":
    unittest.main()
