// Calls of InvoiceService and EmailService that the console uses.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { callBytes, callJson } from './client';
import { segment } from './paths';
import type {
  Email,
  GenerationResponse,
  Invoice,
  InvoiceState,
  ListEmailsResponse,
  ListInvoicesResponse,
  RunQuickRequest,
} from './types';

export interface InvoiceFilter {
  q?: string | undefined;
  state?: InvoiceState | undefined;
  customerId?: string | undefined;
  orderBy?: string | undefined;
  pageSize?: number | undefined;
  pageToken?: string | undefined;
}

const WAITING_POLL_MS = 2_000;
const MOST_EMAILS = 100;

export function invoicesQuery(filter: InvoiceFilter = {}) {
  return queryOptions({
    queryKey: ['invoices', 'list', filter],
    queryFn: ({ signal }) => callJson<ListInvoicesResponse>('GET', '/invoices', { query: { ...filter }, signal }),
    placeholderData: keepPreviousData,
  });
}

export function invoiceQuery(id: string) {
  return queryOptions({
    queryKey: ['invoices', 'one', id],
    queryFn: ({ signal }) => callJson<Invoice>('GET', `/invoices/${segment(id)}`, { signal }),
    // PDF and email follow in the background; look again until they are there.
    refetchInterval: (query) => (query.state.data && isInMotion(query.state.data) ? WAITING_POLL_MS : false),
  });
}

/** Everything that was sent about one document, latest first. */
export function invoiceEmailsQuery(invoiceId: string) {
  return queryOptions({
    queryKey: ['emails', 'list', invoiceId],
    queryFn: ({ signal }) =>
      callJson<ListEmailsResponse>('GET', '/emails', { query: { invoiceId, pageSize: MOST_EMAILS }, signal }),
    refetchInterval: (query) => (query.state.data?.emails?.some(isOnItsWay) ? WAITING_POLL_MS : false),
  });
}

export function emailQuery(id: string) {
  return queryOptions({
    queryKey: ['emails', 'one', id],
    queryFn: ({ signal }) => callJson<Email>('GET', `/emails/${segment(id)}`, { signal }),
    refetchInterval: (query) => (query.state.data && isOnItsWay(query.state.data) ? WAITING_POLL_MS : false),
  });
}

export function runQuick(request: RunQuickRequest, idempotencyKey: string): Promise<GenerationResponse> {
  return callJson<GenerationResponse>('POST', '/invoices:runQuick', { body: request, idempotencyKey });
}

export function resendEmail(id: string, recipient: string, idempotencyKey: string): Promise<Email> {
  const body = recipient === '' ? {} : { recipient };
  return callJson<Email>('POST', `/invoices/${segment(id)}:resendEmail`, { body, idempotencyKey });
}

export function downloadInvoice(id: string): Promise<Blob> {
  return callBytes(`/invoices/${segment(id)}/pdf`);
}

function isOnItsWay(email: Email): boolean {
  return email.state === 'QUEUED' || email.state === 'SENDING';
}

function isInMotion(invoice: Invoice): boolean {
  return invoice.documentState === 'PENDING' || invoice.delivery === 'QUEUED' || (invoice.emails ?? []).some(isOnItsWay);
}
