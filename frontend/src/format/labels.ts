// The words of the API's enums, as people read them.
import type { Delivery, EmailState, Frequency, InvoiceState, PaymentTerms, RunMode, Unit } from '../api/types';

export interface Label {
  text: string;
  tone: 'neutral' | 'good' | 'busy' | 'warn' | 'bad';
}

const INVOICE_STATES: Record<InvoiceState, Label> = {
  STATE_UNSPECIFIED: { text: 'Unknown', tone: 'neutral' },
  DRAFT: { text: 'Draft', tone: 'neutral' },
  ISSUED: { text: 'Issued', tone: 'busy' },
  SENT: { text: 'Sent', tone: 'busy' },
  PARTIALLY_PAID: { text: 'Partly paid', tone: 'warn' },
  PAID: { text: 'Paid', tone: 'good' },
  OVERDUE: { text: 'Overdue', tone: 'bad' },
  CANCELLED: { text: 'Cancelled', tone: 'neutral' },
  CREDITED: { text: 'Credited', tone: 'neutral' },
};

const DELIVERIES: Record<Delivery, Label> = {
  DELIVERY_UNSPECIFIED: { text: 'Unknown', tone: 'neutral' },
  NONE: { text: 'Not sent', tone: 'neutral' },
  QUEUED: { text: 'Queued', tone: 'busy' },
  SENT: { text: 'Emailed', tone: 'good' },
  FAILED: { text: 'Email failed', tone: 'bad' },
  HELD: { text: 'Held', tone: 'warn' },
  BOUNCED: { text: 'Bounced', tone: 'bad' },
  UNKNOWN: { text: 'Uncertain', tone: 'warn' },
  MARKED: { text: 'Handed over', tone: 'good' },
};

const EMAIL_STATES: Record<EmailState, Label> = {
  STATE_UNSPECIFIED: { text: 'Unknown', tone: 'neutral' },
  QUEUED: { text: 'Queued', tone: 'busy' },
  SENDING: { text: 'Sending', tone: 'busy' },
  SENT: { text: 'Sent', tone: 'good' },
  FAILED: { text: 'Failed', tone: 'bad' },
  HELD: { text: 'Held', tone: 'warn' },
  CANCELLED: { text: 'Cancelled', tone: 'neutral' },
  BOUNCED: { text: 'Bounced', tone: 'bad' },
  UNKNOWN: { text: 'Uncertain', tone: 'warn' },
};

const UNITS: Record<Unit, string> = {
  UNIT_UNSPECIFIED: '',
  HOUR: 'h',
  DAY: 'd',
  MONTH: 'mo',
  PIECE: 'pc',
  KILOMETRE: 'km',
};

const FREQUENCIES: Record<Frequency, string> = {
  FREQUENCY_UNSPECIFIED: 'Not set',
  WEEKLY: 'Weekly',
  BIWEEKLY: 'Every two weeks',
  MONTHLY: 'Monthly',
  QUARTERLY: 'Quarterly',
  YEARLY: 'Yearly',
};

const BILLED_PERIODS: Record<Frequency, string> = {
  FREQUENCY_UNSPECIFIED: '',
  WEEKLY: 'Bills the 7 days before the run date.',
  BIWEEKLY: 'Bills the 14 days before the run date.',
  MONTHLY: 'Bills the calendar month before the run date’s.',
  QUARTERLY: 'Bills the quarter before the run date’s.',
  YEARLY: 'Bills the year before the run date’s.',
};

const MODES: Partial<Record<RunMode, string>> = {
  QUICK: 'Quick',
  WIZARD: 'Wizard',
  MANUAL: 'Manual',
  SCHEDULED: 'Scheduled',
  GENERATE_ALL: 'Generate all',
  IMPORTED: 'Imported',
};

export const STATE_FILTERS: InvoiceState[] = [
  'DRAFT', 'ISSUED', 'SENT', 'PARTIALLY_PAID', 'OVERDUE', 'PAID', 'CREDITED', 'CANCELLED',
];
export const FREQUENCY_CHOICES: Frequency[] = ['WEEKLY', 'BIWEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY'];

export const invoiceStateLabel = (state: InvoiceState = 'STATE_UNSPECIFIED') => INVOICE_STATES[state];
export const deliveryLabel = (delivery: Delivery = 'DELIVERY_UNSPECIFIED') => DELIVERIES[delivery];
export const emailStateLabel = (state: EmailState = 'STATE_UNSPECIFIED') => EMAIL_STATES[state];
export const unitLabel = (unit: Unit = 'UNIT_UNSPECIFIED') => UNITS[unit];
export const frequencyLabel = (frequency: Frequency = 'FREQUENCY_UNSPECIFIED') => FREQUENCIES[frequency];
export const billedPeriod = (frequency: Frequency = 'FREQUENCY_UNSPECIFIED') => BILLED_PERIODS[frequency];
export const modeLabel = (mode: RunMode = 'MODE_UNSPECIFIED') => MODES[mode] ?? '';

export function termsLabel(terms: PaymentTerms | undefined): string {
  switch (terms?.kind) {
    case 'DUE_ON_RECEIPT':
      return 'Due on receipt';
    case 'NET':
      return `Net ${(terms.days ?? 0).toString()} days`;
    case 'END_OF_MONTH':
      return 'End of the month';
    case 'END_OF_NEXT_MONTH':
      return 'End of the next month';
    default:
      return '';
  }
}
