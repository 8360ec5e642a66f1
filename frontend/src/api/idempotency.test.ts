import { expect, it } from 'vitest';
import { SubmissionKeys, randomKey } from './idempotency';

function counted(): SubmissionKeys {
  let count = 0;
  return new SubmissionKeys(() => `key-${(++count).toString()}`);
}

it('keeps the key while the same content is tried again', () => {
  const keys = counted();
  expect(keys.keyFor({ hours: '7.5' })).toBe('key-1');
  expect(keys.keyFor({ hours: '7.5' })).toBe('key-1');
});

it('takes a new key for other content', () => {
  const keys = counted();
  keys.keyFor({ hours: '7.5' });
  expect(keys.keyFor({ hours: '8' })).toBe('key-2');
  expect(keys.keyFor({ hours: '7.5' })).toBe('key-3');
});

it('takes a new key once a submission succeeded', () => {
  const keys = counted();
  keys.keyFor({ hours: '7.5' });
  keys.succeeded();
  expect(keys.keyFor({ hours: '7.5' })).toBe('key-2');
});

it('makes version 4 UUIDs', () => {
  const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(randomKey()).toMatch(shape);
  expect(randomKey()).not.toBe(randomKey());
});
