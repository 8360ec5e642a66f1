import { describe, expect, it } from 'vitest';
import { ApiError, fieldErrors, parseError, sentence } from './error';

const badRequest = {
  error: {
    code: 400,
    status: 'INVALID_ARGUMENT',
    message: 'contract.ratePerHour: a decimal with at most 4 decimals',
    details: [
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'INVALID_FIELD', domain: 'invoice', metadata: {} },
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [
          { field: 'customer.email', description: 'expected an email address' },
          { field: 'customer.contract.taxes[1].rate', description: 'expected a decimal with at most 6 decimals' },
          { field: 'customer.email', description: 'something else' },
        ],
      },
    ],
  },
};

describe('parseError', () => {
  it('reads status, reason, fields and request id', () => {
    const error = parseError(400, badRequest, new Headers({ 'X-Request-Id': 'r-1' }));
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(error.reason).toBe('INVALID_FIELD');
    expect(error.requestId).toBe('r-1');
    expect(error.fieldViolations).toHaveLength(3);
    expect(error.isTransient).toBe(false);
  });

  it('reads the existing number of a refused duplicate', () => {
    const error = parseError(
      409,
      {
        error: {
          code: 409,
          status: 'ALREADY_EXISTS',
          message: 'already billed by INV-2026-0001',
          details: [
            {
              '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
              reason: 'PERIOD_ALREADY_INVOICED',
              metadata: { invoiceId: 'id-1', number: 'INV-2026-0001', count: 3 },
            },
          ],
        },
      },
      new Headers(),
    );
    expect(error.metadata).toEqual({ invoiceId: 'id-1', number: 'INV-2026-0001' });
  });

  it('takes the wait from the details before the header', () => {
    const body = {
      error: {
        status: 'UNAVAILABLE',
        message: 'the database is away',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' }],
      },
    };
    expect(parseError(503, body, new Headers({ 'Retry-After': '7' })).retryAfterMs).toBe(1500);
    expect(parseError(503, {}, new Headers({ 'Retry-After': '7' })).retryAfterMs).toBe(7000);
  });

  it.each([
    [502, undefined, 'UNAVAILABLE'],
    [401, 'not json', 'UNAUTHENTICATED'],
    [418, { error: 'odd' }, 'UNKNOWN'],
  ])('makes sense of HTTP %s without the API’s body', (httpStatus, body, status) =>
    expect(parseError(httpStatus, body, new Headers()).status).toBe(status),
  );
});

describe('fieldErrors', () => {
  const error = parseError(400, badRequest, new Headers());

  it('puts the first violation of each field at its place in the form', () => {
    expect(fieldErrors(error, ['customer'])).toEqual({
      email: 'Must be an email address',
      'contract.taxes.1.rate': 'Must be a decimal with at most 6 decimals',
    });
  });

  it('says that a missing value is required', () => {
    const missing = new ApiError({
      status: 'INVALID_ARGUMENT',
      httpStatus: 400,
      message: 'name: required',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [{ field: 'name', description: 'required' }],
        },
      ],
    });
    expect(fieldErrors(missing)).toEqual({ name: 'Required' });
  });

  it('has nothing for other errors', () => expect(fieldErrors(new Error('boom'))).toEqual({}));
});

it('makes sentences', () => {
  expect(sentence('the contract has no rate')).toBe('The contract has no rate.');
  expect(sentence('')).toBe('Something went wrong.');
});
