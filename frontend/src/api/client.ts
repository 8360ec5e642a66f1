// The one way to the API: address, key, JSON, errors. Knows no screen and no resource.
import { reportAvailability } from './availability';
import { networkError, parseError } from './error';
import { currentKey, forgetKey } from './session';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface CallOptions {
  query?: Query;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** Used instead of the session's key, to try one before it is kept. */
  apiKey?: string;
}

let baseUrl = '';

export function setApiUrl(url: string): void {
  baseUrl = url;
}

export async function callJson<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  return (await response.json()) as T;
}

export async function callBytes(path: string, signal?: AbortSignal): Promise<Blob> {
  const response = await send('GET', path, signal ? { signal } : {});
  return response.blob();
}

async function send(method: string, path: string, options: CallOptions): Promise<Response> {
  const key = options.apiKey ?? currentKey();
  const headers = new Headers({ Accept: 'application/json' });
  if (key !== undefined) headers.set('Authorization', `Bearer ${key}`);
  if (options.body !== undefined) headers.set('Content-Type', 'application/json');
  if (options.idempotencyKey !== undefined) headers.set('Idempotency-Key', options.idempotencyKey);

  const response = await reach(urlOf(path, options.query), {
    method,
    headers,
    cache: 'no-store',
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  if (response.ok) {
    reportAvailability(true);
    return response;
  }
  const error = parseError(response.status, await jsonOrNothing(response), response.headers);
  reportAvailability(error.status !== 'UNAVAILABLE');
  if (error.status === 'UNAUTHENTICATED' && options.apiKey === undefined) forgetKey();
  throw error;
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    reportAvailability(false);
    throw networkError(cause);
  }
}

async function jsonOrNothing(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

export function urlOf(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return `${baseUrl}/api/v1${path}${text === '' ? '' : `?${text}`}`;
}
