// Calls of VendorService that the console uses.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { callJson } from './client';
import { segment } from './paths';
import type { ListVendorsResponse, Vendor } from './types';

export interface VendorFilter {
  q?: string | undefined;
  active?: boolean | undefined;
  pageSize?: number | undefined;
  pageToken?: string | undefined;
}

export function vendorsQuery(filter: VendorFilter = {}) {
  return queryOptions({
    queryKey: ['vendors', 'list', filter],
    queryFn: ({ signal }) => callJson<ListVendorsResponse>('GET', '/vendors', { query: { ...filter }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function vendorQuery(id: string) {
  return queryOptions({
    queryKey: ['vendors', 'one', id],
    queryFn: ({ signal }) => callJson<Vendor>('GET', `/vendors/${segment(id)}`, { signal }),
  });
}

export function createVendor(vendor: Vendor, idempotencyKey: string): Promise<Vendor> {
  return callJson<Vendor>('POST', '/vendors', { body: vendor, idempotencyKey });
}

export function updateVendor(id: string, change: Partial<Vendor>, mask: string[], idempotencyKey: string): Promise<Vendor> {
  const query = { updateMask: mask.join(',') };
  return callJson<Vendor>('PATCH', `/vendors/${segment(id)}`, { query, body: change, idempotencyKey });
}
