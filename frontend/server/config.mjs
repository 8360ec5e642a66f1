// What the console learns at run time, from environment variables. Used by server.mjs and by the development server.
import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';

const DEFAULT_API_URL = 'http://127.0.0.1:8000';

/** Headers by which a proxy says that the client is another one than its peer. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/**
 * @typedef {{ apiUrl: string, apiKey?: string }} RuntimeConfig
 * @param {NodeJS.ProcessEnv} env
 * @param {boolean} withKey whether the client may have the development key, see mayHaveKey()
 * @returns {RuntimeConfig}
 */
export function runtimeConfig(env, withKey) {
  const apiUrl = (env.NEXT_PUBLIC_API_URL ?? DEFAULT_API_URL).replace(/\/+$/, '');
  const apiKey = withKey ? developmentKey(env) : undefined;
  return apiKey === undefined ? { apiUrl } : { apiUrl, apiKey };
}

/**
 * Whether a request comes from a browser on this machine that was pointed at this machine: the server listens on a
 * loopback address only, the peer has one, and Host names this machine and the server's port. The last keeps out a page
 * of a name that was made to resolve to this machine.
 * @param {string} listenHost
 * @param {import('node:http').IncomingMessage} request
 * @returns {boolean}
 */
export function mayHaveKey(listenHost, request) {
  const { remoteAddress, localPort } = request.socket;
  if (!isLoopback(listenHost) || remoteAddress === undefined || !isLoopback(remoteAddress)) return false;
  if (PROXY_HEADERS.some((name) => request.headers[name] !== undefined)) return false;
  const match = /^(localhost|127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?$/i.exec(request.headers.host ?? '');
  return match !== null && localPort !== undefined && Number(match[2] ?? 80) === localPort;
}

/**
 * @param {string} address
 * @returns {boolean}
 */
function isLoopback(address) {
  if (address.toLowerCase() === 'localhost' || address === '::1') return true;
  const v4 = address.toLowerCase().replace(/^::ffff:/, '');
  return isIPv4(v4) && v4.startsWith('127.');
}

/**
 * The key of a development installation. Never in production: whoever can open the console would have it.
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
function developmentKey(env) {
  if (!env.API_KEY_FILE || env.ENVIRONMENT === 'production') return undefined;
  try {
    /** @type {unknown} */
    const credentials = JSON.parse(readFileSync(env.API_KEY_FILE, 'utf8'));
    if (typeof credentials === 'object' && credentials !== null && 'apiKey' in credentials) {
      return typeof credentials.apiKey === 'string' ? credentials.apiKey : undefined;
    }
  } catch {
    // The file appears when the database is seeded; until then the console asks for a key.
  }
  return undefined;
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ host: string, port: number }}
 */
export function listenAddress(env) {
  const text = env.FRONTEND_LISTEN ?? '127.0.0.1:3000';
  const match = /^(.*):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (!match?.[1] || port > 65535) throw new Error(`FRONTEND_LISTEN must be host:port, not "${text}"`);
  return { host: match[1].replace(/^\[(.*)\]$/, '$1'), port };
}

/**
 * The origin that the browser may call, for the content security policy.
 * @param {string} apiUrl
 * @returns {string}
 */
export function apiOrigin(apiUrl) {
  if (apiUrl === '') return '';
  try {
    return new URL(apiUrl).origin;
  } catch {
    throw new Error(`NEXT_PUBLIC_API_URL must be an absolute URL, not "${apiUrl}"`);
  }
}
