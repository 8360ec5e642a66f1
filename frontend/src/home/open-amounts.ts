// Open amounts, one sum for each currency: amounts of different currencies are never added.
import type { Invoice } from '../api/types';
import { addDecimals } from '../format/money';

export interface OpenAmount {
  currency: string;
  amount: string;
}

export function openByCurrency(invoices: readonly Invoice[]): OpenAmount[] {
  const byCurrency = new Map<string, string[]>();
  for (const { currencyCode = '', amountDue } of invoices) {
    if (amountDue !== undefined) byCurrency.set(currencyCode, [...(byCurrency.get(currencyCode) ?? []), amountDue]);
  }
  return [...byCurrency]
    .map(([currency, amounts]) => ({ currency, amount: addDecimals(amounts) }))
    .sort((a, b) => a.currency.localeCompare(b.currency));
}
