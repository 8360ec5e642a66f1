// The API key of this tab: the one a development server hands out, or the one a person gave. Never stored beyond the tab.
const STORAGE_KEY = 'apiKey';

let developmentKey: string | undefined;
const listeners = new Set<() => void>();

export function startSession(keyFromServer: string | undefined): void {
  developmentKey = keyFromServer;
}

export function currentKey(): string | undefined {
  return sessionStorage.getItem(STORAGE_KEY) ?? developmentKey;
}

export function setKey(key: string): void {
  sessionStorage.setItem(STORAGE_KEY, key);
  notify();
}

/** Forgets the key, also the server's: it was refused, or the person leaves. */
export function forgetKey(): void {
  sessionStorage.removeItem(STORAGE_KEY);
  developmentKey = undefined;
  notify();
}

export function subscribeSession(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function notify(): void {
  for (const listener of listeners) listener();
}
