// The console's web server: the built files, the run-time configuration, and nothing else. Needs Node alone.
//
// FRONTEND_LISTEN      host:port, default 127.0.0.1:3000
// NEXT_PUBLIC_API_URL  where the browser finds the API, default http://127.0.0.1:8000; empty for the console's own origin
// API_KEY_FILE         development only: a JSON file {"apiKey": ...} whose key browsers on this machine get, where the
//                      server listens on a loopback address
// ENVIRONMENT          in "production" API_KEY_FILE is ignored
import { createServer } from 'node:http';
import { join } from 'node:path';
import { apiOrigin, listenAddress, mayHaveKey, runtimeConfig } from './server/config.mjs';
import { findFile, sendFile } from './server/static.mjs';

const ROOT = join(import.meta.dirname, 'dist');
const STOP_WAIT_MS = 5_000;

/** @param {Record<string, unknown>} event */
function log(event) {
  process.stderr.write(JSON.stringify({ time: new Date().toISOString(), process: 'console', ...event }) + '\n');
}

/**
 * @param {string} origin
 * @returns {Record<string, string>}
 */
function securityHeaders(origin) {
  const policy = [
    "default-src 'self'",
    `connect-src 'self' ${origin}`.trim(),
    "img-src 'self' data: blob:",
    // The component library writes its theme into style elements.
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    "script-src 'self'",
    // PDFs are opened from memory, and a page from memory inherits this policy.
    "object-src 'self' blob:",
    "frame-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  };
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {string} listenHost
 */
async function answer(request, response, listenHost) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (path === '/config.json') {
    const body = JSON.stringify(runtimeConfig(process.env, mayHaveKey(listenHost, request)));
    response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
    response.end(request.method === 'GET' ? body : undefined);
    return;
  }
  const file = await findFile(ROOT, path);
  if (!file) {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('not found\n');
    return;
  }
  sendFile(response, file, request.method === 'GET');
}

function main() {
  const { host, port } = listenAddress(process.env);
  const headers = securityHeaders(apiOrigin(runtimeConfig(process.env, false).apiUrl));
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answer(request, response, host).catch((/** @type {unknown} */ error) => {
      log({ level: 'error', event: 'request failed', path: request.url, error: String(error) });
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.requestTimeout = 30_000;
  server.on('error', (error) => {
    log({ level: 'error', event: 'cannot listen', error: error.message });
    process.exit(1);
  });
  server.listen(port, host, () => log({ level: 'info', event: 'listening', address: server.address() }));

  const stop = () => {
    log({ level: 'info', event: 'stopping' });
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), STOP_WAIT_MS).unref();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

try {
  main();
} catch (error) {
  log({ level: 'error', event: 'bad configuration', error: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
