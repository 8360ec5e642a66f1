// The idempotency key of one form. A key stands for one intention: submitting the same content again while the first answer
// is unknown (a lost connection, a double click) uses the same key, so the server does the work once. Other content, or the
// same content after it succeeded, is a new intention.
export class SubmissionKeys {
  #key: string | undefined;
  #content: string | undefined;
  readonly #newKey: () => string;

  constructor(newKey: () => string = randomKey) {
    this.#newKey = newKey;
  }

  keyFor(content: unknown): string {
    const text = JSON.stringify(content);
    if (this.#key === undefined || this.#content !== text) {
      this.#key = this.#newKey();
      this.#content = text;
    }
    return this.#key;
  }

  succeeded(): void {
    this.#key = undefined;
    this.#content = undefined;
  }
}

/** crypto.randomUUID exists only in secure contexts, and a console on plain http in an office network is not one. */
export function randomKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
