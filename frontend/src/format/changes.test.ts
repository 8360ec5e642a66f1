import { expect, it } from 'vitest';
import { changedFields, withoutEmpty } from './changes';

it('names what changed, and sends a cleared field by the mask alone', () => {
  const before = { name: 'Acme', rate: '10', address: { city: 'Toronto' } };
  expect(changedFields(before, { ...before })).toEqual({ mask: [], body: {} });
  expect(changedFields(before, { name: 'Acme Ltd', rate: '', address: { city: 'Toronto' } })).toEqual({
    mask: ['name', 'rate'],
    body: { name: 'Acme Ltd' },
  });
});

it('keeps false and zero, which are no absence', () => {
  expect(changedFields({ on: true, day: 3 }, { on: false, day: 0 }).body).toEqual({ on: false, day: 0 });
  expect(withoutEmpty({ on: false, day: 0, name: '', list: [], deep: { a: '' } })).toEqual({ on: false, day: 0 });
});
