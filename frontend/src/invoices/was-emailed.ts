import type { Invoice } from '../api/types';

/** Whether an email about the invoice was ever made, whatever became of it. */
export function wasEmailed(invoice: Invoice): boolean {
  const { emails = [], delivery = 'NONE' } = invoice;
  return emails.length > 0 || (delivery !== 'NONE' && delivery !== 'MARKED');
}
