"""An nginx of a test's own: not the system's service, its own folder, its own port."""

import os
import shutil

from process import Failed, Process

MAIN = """
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{sites}
}}
"""


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
        return [int(child) for child in children.read().split()]


def memory_mib(pid, name="VmRSS"):
    """What is resident, or with VmHWM the most that ever was."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(next(line for line in status if line.startswith(name + ":")).split()[1]) / 1024


class Nginx:
    def __init__(self, folder, sites):
        binary = os.environ.get("INVOICE_NGINX") or shutil.which("nginx") or "/usr/sbin/nginx"
        if not os.path.exists(binary):
            raise Failed("there is no nginx: run the tests by ./dev test e2e")
        self.folder = os.path.join(folder, "nginx")
        os.mkdir(self.folder, 0o755)
        path = os.path.join(self.folder, "nginx.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(MAIN.format(folder=self.folder, sites=sites))
        self.process = Process("nginx", [binary, "-p", self.folder, "-c", path, "-e", "stderr"], folder)

    def start(self, answers):
        self.process.start().wait_ready(answers)
        return self

    def stop(self):
        return self.process.stop()

    def memory_mib(self):
        return sum(memory_mib(pid) for pid in [self.process.pid, *children_of(self.process.pid)])
