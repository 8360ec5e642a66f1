import { expect, it } from 'vitest';
import type { Invoice } from '../api/types';
import { wasEmailed } from './was-emailed';

const CASES: [string, Partial<Invoice>, boolean][] = [
  ['nothing was sent', { delivery: 'NONE' }, false],
  ['it was handed over by post', { delivery: 'MARKED', emails: [] }, false],
  ['it was handed over by post after an email', { delivery: 'MARKED', emails: [{ id: 'e1', state: 'FAILED' }] }, true],
  ['its only email was cancelled', { delivery: 'NONE', emails: [{ id: 'e1', state: 'CANCELLED' }] }, true],
  ['its email is queued, and the emails were not read', { delivery: 'QUEUED' }, true],
  ['its email failed', { delivery: 'FAILED' }, true],
];

it.each(CASES)('tells whether there was an email where %s', (_, invoice, expected) => {
  expect(wasEmailed(invoice as Invoice)).toBe(expected);
});
