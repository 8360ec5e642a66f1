"""API keys by REST and by the operator's commands: made, listed, changed, expired, revoked."""

import datetime
import unittest

from process import wait_until
from stack import StackCase

KEYS = "/api/v1/apiKeys"
UNKNOWN_ID = "01900000-0000-7000-8000-000000000000"
NOW = "2026-12-01T09:00:00Z"
# A server remembers a key for five seconds; the rest is for a busy machine.
FORGET_S = 15


def instant(**offset):
    start = datetime.datetime.fromisoformat(NOW.replace("Z", "+00:00"))
    return (start + datetime.timedelta(**offset)).strftime("%Y-%m-%dT%H:%M:%SZ")


class ApiKeysTest(StackCase):
    clock = NOW

    def setUp(self):
        self.stack.set_clock(NOW)

    def create(self, name="ci", role="FINANCE", headers=None, **fields):
        return self.api.ok("POST", KEYS, {"name": name, "role": role, **fields}, headers)

    def status_with(self, secret):
        return self.stack.api(secret).get("/api/v1/vendors").status

    def test_a_key_is_shown_once_and_works(self):
        made = self.create()
        self.assertRegex(made["secret"], r"^ie_[A-Za-z0-9_-]{43}$")
        self.assertEqual((made["name"], made["role"], made["state"]), ("ci", "FINANCE", "ACTIVE"))
        self.assertNotIn("expireTime", made)
        self.assertEqual(self.status_with(made["secret"]), 200)
        read = self.api.ok("GET", f"{KEYS}/{made['id']}")
        self.assertEqual(read, {**made, "secret": ""})
        listed = self.api.ok("GET", f"{KEYS}?pageSize=200")
        self.assertIn(read, listed["apiKeys"])
        self.assertEqual(listed["totalSize"], len(listed["apiKeys"]))
        self.assertNotIn(made["secret"], str(listed))

    def test_only_administrators_see_keys(self):
        finance = self.stack.api(self.create()["secret"])
        for answer in (finance.get(KEYS), finance.post(KEYS, {"name": "n", "role": "ADMIN"}),
                       finance.post(f"{KEYS}/{UNKNOWN_ID}:revoke", {}), finance.get(f"{KEYS}/{UNKNOWN_ID}")):
            self.assertEqual((answer.status, answer.reason), (403, "PERMISSION_DENIED"), answer)

    def test_bad_input_is_named(self):
        for body, field in (({"role": "ADMIN"}, "name"), ({"name": "n"}, "role"), ({"name": "a\nb", "role": "ADMIN"}, "name"),
                            ({"name": "n" * 101, "role": "ADMIN"}, "name"), ({"name": "n", "role": "ROOT"}, "role"),
                            ({"name": "n", "role": "ADMIN", "expireTime": NOW}, "expireTime"),
                            ({"name": "n", "role": "ADMIN", "expireTime": instant(days=-1)}, "expireTime"),
                            ({"name": "n", "role": "ADMIN", "expireTime": "tomorrow"}, "expireTime")):
            answer = self.api.post(KEYS, body)
            self.assertEqual((answer.status, answer.reason, set(answer.fields)), (400, "INVALID_FIELD", {field}), answer)
        answer = self.api.get(f"{KEYS}/{UNKNOWN_ID}")
        self.assertEqual((answer.status, answer.reason), (404, "NOT_FOUND"), answer)

    def test_a_replay_answers_with_the_id_alone(self):
        headers = {"Idempotency-Key": "make-ci"}
        made = self.create("once", headers=headers)
        replay = self.api.post(KEYS, {"name": "once", "role": "FINANCE"}, headers)
        self.assertEqual((replay.status, replay.reason, replay.metadata["id"]), (409, "ALREADY_EXISTS", made["id"]), replay)
        self.assertNotIn(made["secret"], str(replay.body))
        other = self.api.post(KEYS, {"name": "another", "role": "FINANCE"}, headers)
        self.assertEqual((other.status, other.reason), (409, "IDEMPOTENCY_KEY_REUSED"), other)
        kept = self.stack.postgres.rows("SELECT count(*) FROM idempotency_keys WHERE position(convert_to('ie_', 'UTF8') IN answer) > 0")
        self.assertEqual(kept, [["0"]])

    def test_a_key_expires_to_the_second(self):
        made = self.create("short", expireTime=instant(minutes=1))
        self.assertEqual(self.status_with(made["secret"]), 200)
        self.stack.set_clock(instant(seconds=59))
        self.assertEqual(self.status_with(made["secret"]), 200)
        # The key is remembered, and yet it ends with its time.
        self.stack.set_clock(instant(seconds=60))
        self.assertEqual(self.status_with(made["secret"]), 401)
        self.assertEqual(self.api.ok("GET", f"{KEYS}/{made['id']}")["state"], "EXPIRED")
        changed = self.api.ok("PATCH", f"{KEYS}/{made['id']}", {"expireTime": instant(days=1)})
        self.assertEqual(changed["state"], "ACTIVE")
        self.assertEqual(self.status_with(made["secret"]), 200)

    def test_a_key_is_changed_with_its_etag(self):
        made = self.create("before", expireTime=instant(days=1))
        path = f"{KEYS}/{made['id']}"
        renamed = self.api.ok("PATCH", path, {"name": "after", "etag": made["etag"]})
        self.assertEqual((renamed["name"], renamed["expireTime"]), ("after", instant(days=1)))
        stale = self.api.patch(path, {"name": "later", "etag": made["etag"]})
        self.assertEqual((stale.status, stale.reason), (409, "STALE_ETAG"), stale)
        endless = self.api.ok("PATCH", f"{path}?updateMask=expireTime", {})
        self.assertNotIn("expireTime", endless)
        promoted = self.api.patch(path, {"role": "ADMIN"})
        self.assertEqual((promoted.status, set(promoted.fields)), (400, {"role"}), promoted)

    def test_a_revoked_key_ends_for_ever(self):
        made = self.create("leaked")
        self.assertEqual(self.status_with(made["secret"]), 200)
        revoked = self.api.ok("POST", f"{KEYS}/{made['id']}:revoke", {})
        self.assertEqual((revoked["state"], revoked["revokeTime"]), ("REVOKED", NOW))
        self.assertEqual(self.status_with(made["secret"]), 401)
        self.assertEqual(self.api.ok("POST", f"{KEYS}/{made['id']}:revoke", {}), revoked)
        changed = self.api.patch(f"{KEYS}/{made['id']}", {"name": "back"})
        self.assertEqual((changed.status, changed.reason, changed.metadata["state"]), (400, "INVALID_STATE", "REVOKED"), changed)

    def test_the_last_administrator_keeps_a_key(self):
        (own,) = [key for key in self.api.ok("GET", f"{KEYS}?pageSize=200")["apiKeys"]
                  if key["role"] == "ADMIN" and key["state"] == "ACTIVE"]
        refused = self.api.post(f"{KEYS}/{own['id']}:revoke", {})
        self.assertEqual((refused.status, refused.reason), (400, "INVALID_STATE"), refused)
        self.assertEqual(self.api.get(KEYS).status, 200)

    def test_an_operator_makes_lists_and_revokes_keys(self):
        made = self.stack.command("create-api-key", "--name", "by hand", "--role", "VIEWER", "--expires", "90d")
        self.assertEqual((made.returncode, made.stdout.count("\n")), (0, 1), made.stderr)
        secret = made.stdout.strip()
        self.assertEqual(self.status_with(secret), 200)
        listed = self.stack.command("list-api-keys")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertNotIn(secret, listed.stdout)
        (line,) = [line for line in listed.stdout.splitlines() if line.endswith("  by hand")]
        key_id, role, state, created, expires, revoked, *_ = line.split()
        self.assertEqual((role, state, created, expires, revoked), ("VIEWER", "ACTIVE", NOW, instant(days=90), "-"))
        done = self.stack.command("revoke-api-key", "--id", key_id)
        self.assertEqual(done.returncode, 0, done.stderr)
        # Another process revoked it: the server forgets it within five seconds.
        wait_until(lambda: self.status_with(secret) == 401, "the revoked key is refused", FORGET_S)
        self.assertEqual(self.stack.command("revoke-api-key", "--id", key_id).returncode, 0)
        (line,) = [line for line in self.stack.command("list-api-keys").stdout.splitlines() if line.startswith(key_id)]
        self.assertIn("REVOKED", line)

    def test_expiries_have_several_forms(self):
        for given, expires in (("2027-01-31", "2027-01-31T00:00:00Z"), ("2027-01-31T08:30:00+01:00", "2027-01-31T07:30:00Z"),
                               ("2w", instant(days=14)), ("12h", instant(hours=12)), ("1h30m", instant(minutes=90))):
            name = f"expires {given}"
            made = self.stack.command("create-api-key", "--name", name, "--role", "VIEWER", "--expires", given)
            self.assertEqual(made.returncode, 0, made.stderr)
            (key,) = [key for key in self.api.ok("GET", f"{KEYS}?pageSize=200")["apiKeys"] if key["name"] == name]
            self.assertEqual(key["expireTime"], expires)

    def test_commands_refuse_what_they_do_not_understand(self):
        good = ["--name", "n", "--role", "VIEWER"]
        count = self.stack.postgres.rows("SELECT count(*) FROM api_keys")
        for command, arguments in (
                ("create-api-key", []), ("create-api-key", good[:2]), ("create-api-key", [*good, "--expires"]),
                ("create-api-key", [*good, "--expires", "soon"]), ("create-api-key", [*good, "--expires", "0d"]),
                ("create-api-key", [*good, "--expires", "-1h"]), ("create-api-key", [*good, "--expires", "2026-12-01"]),
                ("create-api-key", [*good, "--expires", "2026-02-30"]), ("create-api-key", [*good, "--expires", "99999999d"]),
                ("create-api-key", [*good, "--expires", "inf"]), ("create-api-key", [*good, *good]),
                ("create-api-key", ["--name", "a\nb", "--role", "VIEWER"]), ("create-api-key", ["--name", " ", "--role", "VIEWER"]),
                ("create-api-key", [*good, "--colour", "red"]), ("list-api-keys", ["all"]),
                ("revoke-api-key", []), ("revoke-api-key", ["--id", "1"])):
            done = self.stack.command(command, *arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), (command, arguments, done.stderr))
            self.assertTrue(done.stderr, (command, arguments))
        unknown = self.stack.command("revoke-api-key", "--id", UNKNOWN_ID)
        self.assertEqual((unknown.returncode, unknown.stdout), (1, ""))
        self.assertIn("not found", unknown.stderr)
        self.assertEqual(self.stack.postgres.rows("SELECT count(*) FROM api_keys"), count)


if __name__ == "__main__":
    unittest.main(verbosity=2)
