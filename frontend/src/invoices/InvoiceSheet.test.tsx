// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core';
import { cleanup, render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Invoice } from '../api/types';
import { InvoiceSheet } from './InvoiceSheet';

const INVOICE: Invoice = {
  id: '01900000-0000-7000-8000-000000000001',
  number: 'INV-2026-0002',
  kind: 'INVOICE',
  invoiceDate: '2026-11-01',
  dueDate: '2026-12-01',
  paymentTerms: { kind: 'NET', days: 30 },
  currencyCode: 'CAD',
  total: '100.00',
  amountDue: '40.00',
};

const CREDIT_NOTE: Invoice = {
  ...INVOICE,
  id: '01900000-0000-7000-8000-000000000002',
  number: 'CN-2026-0001',
  kind: 'CREDIT_NOTE',
  originalInvoiceId: INVOICE.id ?? '',
  originalInvoiceNumber: 'INV-2026-0002',
  creditReason: 'agreed',
  total: '-60.00',
  amountDue: '0.00',
};

function show(invoice: Invoice) {
  render(
    <MantineProvider>
      <MemoryRouter>
        <InvoiceSheet invoice={invoice} />
      </MemoryRouter>
    </MantineProvider>,
  );
}

beforeAll(() => {
  window.matchMedia = vi.fn().mockReturnValue({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() });
});
afterEach(cleanup);

describe('InvoiceSheet', () => {
  it('tells when and how an invoice is paid', () => {
    show(INVOICE);
    for (const name of ['Due', 'Terms', 'Open']) expect(screen.queryByText(name)).not.toBeNull();
    expect(document.querySelector('a')).toBeNull();
  });

  it('shows nothing of that on a credit note, and leads to the credited invoice', () => {
    show(CREDIT_NOTE);
    for (const name of ['Due', 'Terms', 'Open']) expect(screen.queryByText(name)).toBeNull();
    expect(screen.getByText('INV-2026-0002').closest('a')?.getAttribute('href')).toBe(`/invoices/${INVOICE.id ?? ''}`);
    expect(screen.getByLabelText('Credit note CN-2026-0001')).not.toBeNull();
  });
});
