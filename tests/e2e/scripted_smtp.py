"""An SMTP server of somebody else's making (aiosmtpd) that fails where a test tells it to, and keeps what it accepted.

It runs in a thread of the test. A script says for a step of the dialogue what happens instead of, or before, the usual:
    smtp.on(RCPT, Refuse("450 4.2.1 mailbox busy"))      until smtp.heal()
    smtp.on(DOT, Drop(), times=1)                        the first time only
"""

import asyncio
import email
import logging
import os
import ssl
import subprocess
import threading

from aiosmtpd.smtp import SMTP, AuthResult

from process import wait_until

# The steps, in their order. A message is accepted at DOT: who drops the connection there has the message.
GREETING, EHLO, STARTTLS, HANDSHAKE, AUTH, MAIL, RCPT, DATA, CONTENT, DOT, REPLIED = (
    "GREETING", "EHLO", "STARTTLS", "HANDSHAKE", "AUTH", "MAIL", "RCPT", "DATA", "CONTENT", "DOT", "REPLIED")
WHOLE_SESSION = (GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, DOT)
HOLD_LIMIT_S = 90
logging.getLogger("mail.log").addHandler(logging.NullHandler())  # aiosmtpd tells of every fault that a test asked for


class Refuse:
    """Says this instead; text, or bytes for what is no text."""

    def __init__(self, reply):
        self.reply = reply

    async def __call__(self, connection):
        await connection.push(self.reply)
        return False


class Drop:
    """Cuts the connection."""

    async def __call__(self, connection):
        connection.on_line = False
        connection.transport.abort()
        await asyncio.get_running_loop().create_future()  # until the end of the connection cancels this task


class Wait:
    """Takes its time and then goes on as usual."""

    def __init__(self, seconds):
        self._seconds = seconds

    async def __call__(self, _):
        await asyncio.sleep(self._seconds)
        return True


class Hold:
    """Stops in the step until the test lets it go on."""

    def __init__(self):
        self.reached = threading.Event()
        self._released = threading.Event()

    def release(self):
        self._released.set()

    async def __call__(self, _):
        self.reached.set()
        await asyncio.get_running_loop().run_in_executor(None, self._released.wait, HOLD_LIMIT_S)
        return True


class Kept:
    """One message that was accepted."""

    def __init__(self, envelope):
        self.mail_from = envelope.mail_from
        self.recipients = envelope.rcpt_tos
        self.content = envelope.original_content
        self.message_id = email.message_from_bytes(self.content)["Message-ID"]


class Certificates:
    """Self-signed ones in a folder: "good" for localhost, "other" for another host; `trusted` names both, not "stranger"."""

    HOSTS = {"good": "localhost", "other": "mail.elsewhere.example.com", "stranger": "localhost"}

    def __init__(self, folder):
        self._folder = folder
        for name, host in self.HOSTS.items():
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                            "-days", "3650", "-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}",
                            "-keyout", self._path(name, "key"), "-out", self._path(name, "crt")],
                           check=True, capture_output=True, timeout=30)
        self.trusted = os.path.join(folder, "trusted.pem")
        with open(self.trusted, "w", encoding="ascii") as bundle:
            for name in ("good", "other"):
                with open(self._path(name, "crt"), encoding="ascii") as file:
                    bundle.write(file.read())

    def _path(self, name, kind):
        return os.path.join(self._folder, f"{name}.{kind}")

    def context(self, name):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._path(name, "crt"), self._path(name, "key"))
        return context


class _Connection(SMTP):
    def __init__(self, server):
        super().__init__(_Keeper(server), hostname="scripted.example.com", auth_required=False, auth_require_tls=False,
                         tls_context=server.tls_context, authenticator=server.authenticate)
        self._script = server
        self.on_line = True

    async def passes(self, step):
        """Whether the step goes on as usual, after what the script does in it."""
        action = self._script.take(step)
        return await action(self) if action else True

    async def _handle_client(self):
        self._script.joined(self)
        if await self.passes(GREETING):
            await super()._handle_client()
        else:
            self.transport.close()

    def connection_lost(self, error):
        self.on_line = False
        super().connection_lost(error)

    async def smtp_EHLO(self, hostname):
        if await self.passes(EHLO):
            await super().smtp_EHLO(hostname)

    async def smtp_STARTTLS(self, arg):
        if not await self.passes(STARTTLS):
            return
        action = self._script.take(HANDSHAKE)
        if not action:
            return await super().smtp_STARTTLS(arg)
        await self.push("220 go ahead")
        await self._reader.read(1)  # the client has begun its handshake
        await action(self)

    async def smtp_AUTH(self, arg):
        if await self.passes(AUTH):
            await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg):
        if await self.passes(MAIL):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg):
        if await self.passes(RCPT):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg):
        if not await self.passes(DATA):
            return
        action = self._script.take(CONTENT)
        if action:
            await self.push("354 go on")
            await self._reader.readuntil(b"\r\n")
            await action(self)
            return
        await super().smtp_DATA(arg)
        await self.passes(REPLIED)


class _Keeper:
    def __init__(self, server):
        self._server = server

    async def handle_DATA(self, connection, _, envelope):
        action = self._server.take(DOT)
        if isinstance(action, Refuse):
            return action.reply
        self._server.kept.append(Kept(envelope))
        if action:
            await action(connection)
        return "250 2.0.0 kept"


class ScriptedSmtp:
    """Listens on free ports of 127.0.0.1: `port` offers STARTTLS with the certificate of `tls_context`, if there is one,
    `tls_port` begins with TLS where there are certificates."""

    def __init__(self, certificates=None, user="", password=""):
        self._login = (user, password)
        self._lock = threading.Lock()
        self._script = {}
        self._connections = []
        self.tls_context = None
        self.kept = []
        self.connection_count = 0
        self.most_open = 0  # connections at a time, since all were cut
        self._loop = asyncio.new_event_loop()
        # A client that gives up in a handshake is what many tests are about, not a fault to be shown.
        self._loop.set_exception_handler(lambda *_: None)
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._listener = self._listen()
        self.port = self._listener.sockets[0].getsockname()[1]
        self._tls_listener = self._listen(context=certificates.context("good")) if certificates else None
        self.tls_port = self._tls_listener.sockets[0].getsockname()[1] if certificates else None

    def _listen(self, port=0, context=None):
        return self._call(self._loop.create_server(lambda: _Connection(self), "127.0.0.1", port, ssl=context))

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(HOLD_LIMIT_S)

    def close(self):
        self.hang_up()
        self.close_door()
        if self._tls_listener:
            self._loop.call_soon_threadsafe(self._tls_listener.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(HOLD_LIMIT_S)
        self._loop.close()

    # --- the test's side ----------------------------------------------------------------------------------------------

    def on(self, step, action, times=None):
        with self._lock:
            self._script[step] = [action, times]

    def heal(self):
        """Ends the script: from now on everything succeeds."""
        with self._lock:
            self._script.clear()

    def hang_up(self):
        """Cuts all connections, also those that idle."""
        def cut():
            for connection in self._connections:
                if connection.on_line and connection.transport and not connection.transport.is_closing():
                    connection.transport.abort()
        self._loop.call_soon_threadsafe(cut)
        wait_until(lambda: not any(connection.on_line for connection in self._connections), "all connections are cut", 10)
        self._connections = []
        self.most_open = 0

    def close_door(self):
        """Nobody listens on `port` any longer."""
        async def close():
            self._listener.close()
        self._call(close())

    def open_door(self):
        self._listener = self._listen(self.port)

    def kept_for(self, recipient):
        return [mail for mail in self.kept if mail.recipients == [recipient]]

    # --- the connections' side ----------------------------------------------------------------------------------------

    def joined(self, connection):
        self.connection_count += 1
        self._connections.append(connection)
        self.most_open = max(self.most_open, sum(other.on_line for other in self._connections))

    def take(self, step):
        with self._lock:
            if step not in self._script:
                return None
            action, times = self._script[step]
            if times is not None:
                self._script[step][1] -= 1
                if times <= 1:
                    del self._script[step]
            return action

    def authenticate(self, _server, _session, _envelope, _mechanism, data):
        good = (data.login.decode(), data.password.decode()) == self._login
        return AuthResult(success=good, handled=False)
