// Calls of CustomerService that the console uses.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { callJson } from './client';
import { segment } from './paths';
import type { Contract, Customer, ListCustomersResponse, Schedule } from './types';

export interface CustomerFilter {
  q?: string | undefined;
  vendorId?: string | undefined;
  active?: boolean | undefined;
  orderBy?: string | undefined;
  pageSize?: number | undefined;
  pageToken?: string | undefined;
}

export function customersQuery(filter: CustomerFilter = {}) {
  return queryOptions({
    queryKey: ['customers', 'list', filter],
    queryFn: ({ signal }) => callJson<ListCustomersResponse>('GET', '/customers', { query: { ...filter }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function customerQuery(id: string) {
  return queryOptions({
    queryKey: ['customers', 'one', id],
    queryFn: ({ signal }) => callJson<Customer>('GET', `/customers/${segment(id)}`, { signal }),
  });
}

export function createCustomer(customer: Customer, idempotencyKey: string): Promise<Customer> {
  return callJson<Customer>('POST', '/customers', { body: customer, idempotencyKey });
}

export function updateCustomer(id: string, change: Partial<Customer>, mask: string[], idempotencyKey: string) {
  return patch<Customer>(`/customers/${segment(id)}`, change, mask, idempotencyKey);
}

export function updateContract(customerId: string, change: Contract, mask: string[], idempotencyKey: string) {
  return patch<Contract>(`/customers/${segment(customerId)}/contract`, change, mask, idempotencyKey);
}

export function updateSchedule(customerId: string, change: Schedule, mask: string[], idempotencyKey: string) {
  return patch<Schedule>(`/customers/${segment(customerId)}/schedule`, change, mask, idempotencyKey);
}

export function deactivateCustomer(id: string, etag: string, idempotencyKey: string): Promise<Customer> {
  return callJson<Customer>('DELETE', `/customers/${segment(id)}`, { query: { etag }, idempotencyKey });
}

export function reactivateCustomer(id: string, idempotencyKey: string): Promise<Customer> {
  return callJson<Customer>('POST', `/customers/${segment(id)}:undelete`, { body: {}, idempotencyKey });
}

/** The mask names what changes, so that an emptied field is cleared and not left alone. */
function patch<T>(path: string, body: Partial<T>, mask: string[], idempotencyKey: string): Promise<T> {
  return callJson<T>('PATCH', path, { query: { updateMask: mask.join(',') }, body, idempotencyKey });
}
