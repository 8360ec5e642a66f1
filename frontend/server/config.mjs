// What the console learns at run time, from environment variables. Used by server.mjs and by the development server.
import { readFileSync } from 'node:fs';

const DEFAULT_API_URL = 'http://127.0.0.1:8000';

/**
 * @typedef {{ apiUrl: string, apiKey?: string }} RuntimeConfig
 * @param {NodeJS.ProcessEnv} env
 * @returns {RuntimeConfig}
 */
export function runtimeConfig(env) {
  const apiUrl = (env.NEXT_PUBLIC_API_URL ?? DEFAULT_API_URL).replace(/\/+$/, '');
  const apiKey = developmentKey(env);
  return apiKey === undefined ? { apiUrl } : { apiUrl, apiKey };
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
