"""Health and readiness: what load balancers ask, and what an operator reads when something is away."""

import unittest

from api import Api
from process import wait_until
from stack import StackCase


class ReadinessTest(StackCase):
    def not_ready(self):
        answer = self.stack.readiness()
        return answer if answer.status == 503 else None

    def ready(self):
        answer = self.stack.readiness()
        return answer if answer.status == 200 else None

    def page_without(self, part):
        """The page as soon as it says that this part is away."""
        page = self.stack.readiness().json()
        return page if page[part] == "unavailable" else None

    def test_a_whole_system_is_healthy_and_ready(self):
        self.assertEqual(Api(self.stack.http_port).ok("GET", "/health")["status"], "healthy")
        page = self.stack.readiness().json()
        self.assertEqual((page["status"], page["database"], page["redis"], page["migrations"]), ("ready", "connected", "connected", "current"))

    def test_another_schema_is_refused_with_both_versions(self):
        newest = self.stack.postgres.value("SELECT max(version) FROM schema_migrations")
        for change, undo, named in (
            (f"DELETE FROM schema_migrations WHERE version = '{newest}'", f"INSERT INTO schema_migrations VALUES ('{newest}')", [newest]),
            ("INSERT INTO schema_migrations VALUES ('29991231000000')", "DELETE FROM schema_migrations WHERE version = '29991231000000'",
             ["29991231000000", newest]),
        ):
            self.stack.postgres.execute(change)
            page = wait_until(self.not_ready, "readiness is refused", 15).json()
            self.assertEqual((page["status"], page["database"]), ("not_ready", "connected"))
            for version in named:
                self.assertIn(version, page["migrations"])
            self.stack.postgres.execute(undo)
            self.assertEqual(wait_until(self.ready, "ready again", 15).json()["migrations"], "current")

    def test_without_redis_the_system_is_ready_and_works(self):
        self.stack.processes["redis"].stop()
        # An answer is kept for a quarter of a second.
        page = wait_until(lambda: self.page_without("redis"), "Redis is missed", 15)
        self.assertEqual(page["status"], "ready")
        customer = self.api.new_customer(self.api.new_vendor()["id"])
        self.assertEqual(self.api.run_quick(customer["id"], sendEmail=True).status, 200)
        self.stack.wait_email_states({"SENT": 1}, 30)
        self.stack.processes["redis"].start()
        wait_until(lambda: self.stack.readiness().json()["redis"] == "connected", "Redis is found again", 15)

    def test_without_the_server_the_gateway_says_so(self):
        self.stack.processes["server"].stop()
        page = wait_until(self.not_ready, "not ready", 15).json()
        self.assertEqual(page, {"status": "not_ready", "problems": ["backend unreachable"]})
        self.assertEqual(Api(self.stack.http_port).get("/health").status, 200, "the gateway itself is healthy")
        answer = self.api.get("/api/v1/customers")
        self.assertEqual((answer.status, answer.error["status"]), (503, "UNAVAILABLE"), answer)
        self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
        self.stack.start_ours("server")
        wait_until(self.ready, "ready again", 15)
        self.assertEqual(self.api.get("/api/v1/customers").status, 200)


if __name__ == "__main__":
    unittest.main(verbosity=2)
