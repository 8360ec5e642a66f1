"""Mail servers of somebody else's making (aiosmtpd), which take, refuse or misbehave as a test wants."""

import asyncio
import logging
import os
import socket
import ssl
import subprocess
import threading

from aiosmtpd.smtp import SMTP, AuthResult

USER = "billing"
PASSWORD = "correct-horse-battery-staple"
logging.getLogger("mail.log").addHandler(logging.NullHandler())  # aiosmtpd tells of every fault that a test asked for


def new_certificate(folder, name, alternative):
    """A self-signed certificate as (certificate file, key file)."""
    certificate, key = os.path.join(folder, f"{name}.pem"), os.path.join(folder, f"{name}.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                    "-addext", f"subjectAltName={alternative}", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True, timeout=60)
    return certificate, key


class MailServer:
    """Listens on a free port of 127.0.0.1. `security` is NONE, STARTTLS or TLS, as in a configuration that fits."""

    def __init__(self, security="NONE", certificate=None, login=False):
        self.messages = []  # (sender, recipients, content)
        self.refused_senders = set()
        self.refused_recipients = set()
        self._connections = []
        self._security = security
        self._login = login
        self._context = None
        if certificate:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(*certificate)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(20)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _listen(self):
        return await self._loop.create_server(self._protocol, "127.0.0.1", 0,
                                              ssl=self._context if self._security == "TLS" else None)

    def _protocol(self):
        starttls = self._context if self._security == "STARTTLS" else None
        connection = SMTP(self, hostname="localhost", loop=self._loop, tls_context=starttls, require_starttls=starttls is not None,
                          auth_required=self._login, auth_require_tls=self._security == "STARTTLS", authenticator=self._authenticate)
        self._connections.append(connection)
        return connection

    def _authenticate(self, server, session, envelope, mechanism, data):
        return AuthResult(success=data.login == USER.encode() and data.password == PASSWORD.encode(), handled=False)

    # --- aiosmtpd's hooks ---------------------------------------------------------------------------------------------

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address in self.refused_senders:
            return "550 5.7.1 you may not send as this\x07 address"
        envelope.mail_from = address
        return "250 2.1.0 ok"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused_recipients:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        self.messages.append((envelope.mail_from, envelope.rcpt_tos, envelope.content.decode()))
        return "250 2.0.0 kept"

    def stop(self):
        asyncio.run_coroutine_threadsafe(self._hang_up(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _hang_up(self):
        self._server.close()
        for connection in self._connections:
            # One of TLS that was closed already has nothing left to abort.
            if connection.transport and not connection.transport.is_closing():
                connection.transport.abort()
        # What would be left in the loop is what Python complains about.
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


class SilentServer:
    """Accepts connections and never says a word."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._socket.getsockname()[1]

    def stop(self):
        self._socket.close()
