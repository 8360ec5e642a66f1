import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../api/error';
import type { Customer } from '../api/types';
import { customerValues } from './customer-values';
import { createFromValues, formErrors, saveChanges } from './save-customer';

const saved: Customer = {
  id: 'c1',
  vendorId: 'v1',
  name: 'Acme',
  email: 'ap@acme.example',
  etag: 'e1',
  contract: { ratePerHour: '100.00', currencyCode: 'CAD', frequency: 'MONTHLY', paymentTerms: { kind: 'NET', days: 30 }, etag: 'e2' },
  schedule: { enabled: false, autoIssue: true, timeZone: 'UTC', billingDay: 1, etag: 'e3' },
};

interface Call {
  method: string;
  url: string;
  body: Record<string, unknown>;
  key: string | null;
}

const calls: Call[] = [];
let refuseContract = false;

beforeEach(() => {
  calls.length = 0;
  refuseContract = false;
  vi.stubGlobal('sessionStorage', { getItem: () => 'key' });
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    const body = JSON.parse(init.body as string) as Record<string, unknown>;
    calls.push({ method: init.method ?? '', url, body, key: new Headers(init.headers).get('Idempotency-Key') });
    const isRefused = refuseContract && url.includes('/contract');
    const answer = isRefused
      ? {
          error: {
            status: 'INVALID_ARGUMENT',
            message: 'taxes[0].rate',
            details: [
              {
                '@type': 'type.googleapis.com/google.rpc.BadRequest',
                fieldViolations: [
                  { field: 'contract.taxes[0].rate', description: 'expected a decimal' },
                  { field: 'contract.ratePerHour', description: 'expected a decimal' },
                ],
              },
            ],
          },
        }
      : body;
    return Promise.resolve(new Response(JSON.stringify(answer), { status: isRefused ? 400 : 200 }));
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('a new customer', () => {
  it('is sent in one call without what was left empty', async () => {
    const values = customerValues({ vendorId: 'v1', name: ' Acme ' });
    values.contract.ratePerHour = '1 250,50';
    values.contract.taxes = [{ name: 'QST', rate: '9.975', registrationNumber: '', category: 'STANDARD', exemptionReason: '' }];
    await createFromValues(values, 'k');
    expect(calls).toHaveLength(1);
    expect(calls[0]?.body).toEqual({
      name: 'Acme',
      vendorId: 'v1',
      contract: {
        ratePerHour: '1250.50',
        frequency: 'MONTHLY',
        taxes: [{ name: 'QST', category: 'STANDARD', rate: '0.09975' }],
        paymentTerms: { kind: 'NET', days: 30 },
      },
      schedule: { enabled: false, autoSendEmail: false, autoIssue: true, billingDay: 1, billingWeekday: 0 },
    });
  });
});

describe('a changed customer', () => {
  it('sends only the parts and fields that changed, each with its etag', async () => {
    const values = customerValues(saved);
    values.email = '';
    values.contract.ratePerHour = '110';
    await saveChanges(saved, values, 'k', () => undefined);
    expect(calls.map(({ method, url, body }) => ({ method, url, body }))).toEqual([
      { method: 'PATCH', url: '/api/v1/customers/c1?updateMask=email', body: { etag: 'e1' } },
      { method: 'PATCH', url: '/api/v1/customers/c1/contract?updateMask=ratePerHour', body: { ratePerHour: '110', etag: 'e2' } },
    ]);
  });

  it('sends nothing where nothing changed', async () => {
    await saveChanges(saved, customerValues(saved), 'k', () => undefined);
    expect(calls).toEqual([]);
  });

  it('leaves out the saved part when a later part was refused and is tried again', async () => {
    const values = customerValues(saved);
    values.name = 'Acme Ltd';
    values.contract.ratePerHour = 'x';
    refuseContract = true;
    let current = saved;
    const failure = await saveChanges(saved, values, 'k1', (part) => (current = part)).catch((error: unknown) => error);
    expect(formErrors(failure)).toEqual({
      'contract.taxes.0.rate': 'Must be a percentage from 0 to 100 with at most 4 decimals',
      'contract.ratePerHour': 'Must be a decimal',
    });

    refuseContract = false;
    calls.length = 0;
    values.contract.ratePerHour = '120';
    await saveChanges(current, values, 'k2', () => undefined);
    expect(calls.map((call) => call.url)).toEqual(['/api/v1/customers/c1/contract?updateMask=ratePerHour']);
  });
});

it('puts complaints about a new customer at the fields of the form', () => {
  const error = new ApiError({
    status: 'INVALID_ARGUMENT',
    httpStatus: 400,
    message: '',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [
          { field: 'customer.vendorId', description: 'expected a UUID, 8-4-4-4-12 lower-case hexadecimal digits' },
          { field: 'customer.contract.ratePerHour', description: 'expected a decimal' },
        ],
      },
    ],
  });
  expect(formErrors(error)).toEqual({ vendorId: 'Required', 'contract.ratePerHour': 'Must be a decimal' });
});
