"""A private PostgreSQL: its own cluster in a temporary folder, reached by a Unix socket only, migrated like a real one."""

import glob
import os
import pwd
import re
import signal
import subprocess

from process import Failed, Process

DATABASE = "invoice"
OWNER = "invoice_owner"
APPLICATION = "invoice_app"
ANY_SESSION = f"""SELECT pid FROM pg_stat_activity WHERE usename = '{APPLICATION}' AND backend_type = 'client backend'
                   ORDER BY state = 'idle', random() LIMIT 1"""


class Postgres:
    def __init__(self, folder, source_dir):
        self._bin = os.environ.get("INVOICE_TEST_PG_BIN") or "/usr/lib/postgresql/15/bin"
        # PostgreSQL refuses to run as root; Debian's package brings a user for it.
        self._user = (os.environ.get("INVOICE_TEST_PG_USER") or "postgres") if os.geteuid() == 0 else None
        self._source_dir = source_dir
        self._folder = os.path.join(folder, "pg")
        os.mkdir(self._folder)
        if self._user:
            account = pwd.getpwnam(self._user)
            os.chown(self._folder, account.pw_uid, account.pw_gid)
        self._data = os.path.join(self._folder, "data")
        settings = {
            # Not synchronous_commit: a crash of PostgreSQL must lose nothing here, only one of the machine may.
            "listen_addresses": "", "unix_socket_directories": self._folder, "fsync": "off", "full_page_writes": "off",
            "max_connections": "200", "log_lock_waits": "on", "log_line_prefix": "%m [%p] %a ", "timezone": "UTC",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._process = Process("postgres", [f"{self._bin}/postgres", "-D", self._data, *options], folder, user=self._user,
                                death_signal="QUIT")

    def url(self, role=APPLICATION):
        return f"postgresql:///{DATABASE}?host={self._folder}&user={role}"

    def create(self):
        self._as_user("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()
        self._psql("postgres", "postgres",
                   f"CREATE ROLE {OWNER} LOGIN; CREATE ROLE {APPLICATION} LOGIN;")
        self._psql("postgres", "postgres", f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        self._migrate()

    def start(self):
        self._process.start()
        self._process.wait_ready(self._accepts)

    def stop(self):
        """As an operator restarts it: clients are cut off, nothing is lost."""
        self._process.stop(30, signal.SIGINT)

    def crash(self):
        """As a power cut would: no shutdown checkpoint, recovery at the next start."""
        self._process.stop(30, signal.SIGQUIT)

    def terminate_backend(self):
        """As an operator ends one session of the application; one that is at work, if there is one."""
        self._psql(DATABASE, "postgres", f"SELECT pg_terminate_backend(pid) FROM ({ANY_SESSION}) s")

    def lingering_session(self):
        """The name of an application that is in pg_sleep(); empty where none is."""
        return self._psql(DATABASE, "postgres",
                          "SELECT application_name FROM pg_stat_activity WHERE wait_event = 'PgSleep' LIMIT 1").strip()

    def kill_backend(self):
        """As the kernel does it when memory runs out: PostgreSQL then ends all sessions and recovers."""
        for pid in self._psql(DATABASE, "postgres", ANY_SESSION).split():
            with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
                parent = stat.read().rpartition(")")[2].split()[1]
            if parent == str(self._process.pid):
                os.kill(int(pid), signal.SIGKILL)

    def log(self):
        with open(self._process.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def execute(self, sql, role=OWNER):
        return self._psql(DATABASE, role, sql)

    def rows(self, sql):
        """The rows of a query as lists of texts."""
        return [line.split("\t") for line in self.execute(sql).splitlines()]

    def value(self, sql):
        return self.rows(sql)[0][0]

    def counts(self):
        """How many rows each table has. What a refused call must leave as it was.

        The sums of the dashboard are left out: the scheduler folds rollup_deltas into rollups at any time.
        """
        tables = [row[0] for row in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
                                              "AND tablename NOT IN ('rollups', 'rollup_deltas') ORDER BY 1")]
        union = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)
        return {name: int(count) for name, count in self.rows(union)}

    def _accepts(self):
        probe = subprocess.run([f"{self._bin}/pg_isready", "-q", "-h", self._folder, "-d", "postgres", "-U", "postgres"],
                               check=False, timeout=10)
        return probe.returncode == 0

    def _migrate(self):
        folder = os.path.join(self._source_dir, "db", "migrations")
        dbmate = os.environ.get("INVOICE_DBMATE")
        if dbmate:
            done = subprocess.run([dbmate, "--migrations-dir", folder, "--no-dump-schema", "up"],
                                  env={"DATABASE_URL": self.url(OWNER), "PATH": os.environ["PATH"]},
                                  capture_output=True, text=True, timeout=60, check=False)
            if done.returncode != 0:
                raise Failed(f"dbmate: {done.stdout}{done.stderr}")
            return
        self.execute("CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)")
        for path in sorted(glob.glob(f"{folder}/*.sql")):
            with open(path, encoding="utf-8") as file:
                up = re.split(r"^-- migrate:down", file.read(), flags=re.MULTILINE)[0]
            version = os.path.basename(path).split("_")[0]
            self.execute(f"BEGIN;\n{up}\n;INSERT INTO schema_migrations VALUES ('{version}'); COMMIT;")

    def _as_user(self, program, *arguments):
        prefix = ["setpriv", "--reuid", self._user, "--regid", self._user, "--init-groups", "--"] if self._user else []
        done = subprocess.run([*prefix, f"{self._bin}/{program}", *arguments], cwd="/", capture_output=True, text=True,
                              timeout=60, check=False)
        if done.returncode != 0:
            raise Failed(f"{program}: {done.stdout}{done.stderr}")

    def _psql(self, database, role, sql):
        done = subprocess.run(
            [f"{self._bin}/psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", self._folder, "-U", role,
             "-d", database, "-f", "-"],
            input=sql, capture_output=True, text=True, timeout=60, check=False,
        )
        if done.returncode != 0:
            raise Failed(f"psql: {done.stderr}")
        return done.stdout
