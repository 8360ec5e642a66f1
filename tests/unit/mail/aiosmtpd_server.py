"""A real SMTP server of somebody else's making: STARTTLS required, then a log-in, then every message is written to a file.

usage: aiosmtpd_server.py CERTIFICATE KEY FOLDER USER PASSWORD
Prints its port and serves until its standard input ends.
"""
import asyncio
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

certificate, key, folder, user, password = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)


class Handler:
    count = 0

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        message = f"{envelope.mail_from}\n{','.join(envelope.rcpt_tos)}\n".encode() + envelope.original_content
        (pathlib.Path(folder) / f"{self.count}.eml").write_bytes(message)
        return "250 2.0.0 kept"


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == user.encode() and data.password == password.encode()
    return AuthResult(success=good, handled=False)


def protocol():
    return SMTP(handler, hostname="localhost", tls_context=context, require_starttls=True, auth_required=True,
                authenticator=authenticate)


async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


handler = Handler()
asyncio.run(serve())
