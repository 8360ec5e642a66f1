// When a call is tried again, and how long that waits.
import { ApiError } from './error';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const CHANGE_ATTEMPTS = 5;

/** Reads are tried until the service is back: nothing is lost by asking again. */
export function retryRead(_failures: number, error: unknown): boolean {
  return error instanceof ApiError && error.isTransient;
}

/** Changes carry an idempotency key, so repeating them is safe; but a person waits, so not for ever. */
export function retryChange(failures: number, error: unknown): boolean {
  return failures < CHANGE_ATTEMPTS && error instanceof ApiError && error.isTransient;
}

export function retryWait(failures: number, error: unknown): number {
  const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  const backOff = FIRST_WAIT_MS * 2 ** Math.min(failures, 10);
  return Math.min(Math.max(asked, backOff), LONGEST_WAIT_MS);
}
