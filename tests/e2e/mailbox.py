"""What the mail catcher received, read back over its HTTP interface and parsed by Python's own mail parser."""

import email
import email.policy
import hashlib
import json
import urllib.request


class Mail:
    def __init__(self, raw):
        self.message = email.message_from_bytes(raw, policy=email.policy.default)
        self.message_id = self.message["Message-ID"].strip()
        self.subject = self.message["Subject"]

    def attachments(self):
        """Name, media type and SHA-256 of each."""
        return [
            (part.get_filename(), part.get_content_type(), hashlib.sha256(part.get_payload(decode=True)).hexdigest())
            for part in self.message.iter_attachments()
        ]

    def text(self):
        return self.message.get_body(preferencelist=("plain",)).get_content()


class Mailbox:
    def __init__(self, port):
        self._base = f"http://127.0.0.1:{port}"
        # A proxy of the environment must not stand between us and our own process.
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

    def is_up(self):
        try:
            self.count()
            return True
        except OSError:
            return False

    def count(self):
        return len(self._index())

    def mails(self):
        return [Mail(self._get(f"/email/{entry['id']}/download")) for entry in self._index()]

    def _index(self):
        return json.loads(self._get("/email"))

    def _get(self, path):
        with self._open(self._base + path, timeout=20) as response:
            return response.read()
