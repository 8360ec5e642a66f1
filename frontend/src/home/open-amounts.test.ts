import { expect, it } from 'vitest';
import { openByCurrency } from './open-amounts';

it('adds within a currency and never across', () => {
  expect(
    openByCurrency([
      { currencyCode: 'USD', amountDue: '0.10' },
      { currencyCode: 'CAD', amountDue: '1412.50' },
      { currencyCode: 'USD', amountDue: '0.20' },
      { currencyCode: 'JPY' },
    ]),
  ).toEqual([
    { currency: 'CAD', amount: '1412.50' },
    { currency: 'USD', amount: '0.30' },
  ]);
});
