// Whether the service answered the last call. Screens show one banner from it instead of an error each.
let available = true;
const listeners = new Set<() => void>();

export function reportAvailability(now: boolean): void {
  if (now === available) return;
  available = now;
  for (const listener of listeners) listener();
}

export function isAvailable(): boolean {
  return available;
}

export function subscribeAvailability(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
