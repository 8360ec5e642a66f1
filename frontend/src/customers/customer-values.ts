// The form of a customer, and its way to and from the API. Field names are the API's, so that its complaints find their field;
// a tax's rate is a percentage in the form.
import type {
  Contract,
  Customer,
  Frequency,
  PaymentTermsKind,
  Schedule,
  Tax,
  TaxCategory,
} from '../api/types';
import { normalizeDecimal, percentToRate, rateToPercent } from '../format/money';

export interface TaxValues {
  name: string;
  rate: string;
  registrationNumber: string;
  category: TaxCategory;
  exemptionReason: string;
}

export interface CustomerValues {
  vendorId: string;
  name: string;
  email: string;
  ccEmails: string[];
  address: { line1: string; line2: string; city: string; region: string; postalCode: string; countryCode: string };
  contractorName: string;
  serviceLocation: string;
  locale: string;
  taxNumber: string;
  contract: {
    ratePerHour: string;
    currencyCode: string;
    defaultHours: string;
    frequency: Frequency;
    taxes: TaxValues[];
    paymentTerms: { kind: PaymentTermsKind; days: number | string };
    invoicePrefix: string;
    extraFees: string;
    extraFeesLabel: string;
    startDate: string;
    endDate: string;
    purchaseOrder: string;
    buyerReference: string;
    notes: string;
  };
  schedule: {
    enabled: boolean;
    autoSendEmail: boolean;
    autoIssue: boolean;
    timeZone: string;
    billingDay: number | string;
    billingWeekday: number;
    anchorDate: string;
  };
}

const DEFAULT_NET_DAYS = 30;

export function customerValues(customer: Partial<Customer>): CustomerValues {
  const contract = customer.contract ?? {};
  const schedule = customer.schedule ?? {};
  const address = customer.address ?? {};
  return {
    vendorId: customer.vendorId ?? '',
    name: customer.name ?? '',
    email: customer.email ?? '',
    ccEmails: customer.ccEmails ?? [],
    address: {
      line1: address.line1 ?? '',
      line2: address.line2 ?? '',
      city: address.city ?? '',
      region: address.region ?? '',
      postalCode: address.postalCode ?? '',
      countryCode: address.countryCode ?? '',
    },
    contractorName: customer.contractorName ?? '',
    serviceLocation: customer.serviceLocation ?? '',
    locale: customer.locale ?? '',
    taxNumber: customer.taxNumber ?? '',
    contract: {
      ratePerHour: contract.ratePerHour ?? '',
      currencyCode: contract.currencyCode ?? '',
      defaultHours: contract.defaultHours ?? '',
      frequency: contract.frequency ?? 'MONTHLY',
      taxes: (contract.taxes ?? []).map(taxValues),
      paymentTerms: {
        kind: contract.paymentTerms?.kind ?? 'NET',
        days: contract.paymentTerms ? (contract.paymentTerms.days ?? 0) : DEFAULT_NET_DAYS,
      },
      invoicePrefix: contract.invoicePrefix ?? '',
      extraFees: contract.extraFees ?? '',
      extraFeesLabel: contract.extraFeesLabel ?? '',
      startDate: contract.startDate ?? '',
      endDate: contract.endDate ?? '',
      purchaseOrder: contract.purchaseOrder ?? '',
      buyerReference: contract.buyerReference ?? '',
      notes: contract.notes ?? '',
    },
    schedule: {
      enabled: schedule.enabled ?? false,
      autoSendEmail: schedule.autoSendEmail ?? false,
      autoIssue: schedule.autoIssue ?? true,
      timeZone: schedule.timeZone ?? '',
      billingDay: schedule.billingDay ?? 1,
      billingWeekday: schedule.billingWeekday ?? 0,
      anchorDate: schedule.anchorDate ?? '',
    },
  };
}

/** A new customer is usually in the zone of who enters it. */
export function newCustomerValues(): CustomerValues {
  const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return customerValues({ schedule: { timeZone } });
}

function taxValues(tax: Tax): TaxValues {
  return {
    name: tax.name,
    rate: rateToPercent(tax.rate ?? ''),
    registrationNumber: tax.registrationNumber ?? '',
    category: tax.category ?? 'STANDARD',
    exemptionReason: tax.exemptionReason ?? '',
  };
}

export const EMPTY_TAX: TaxValues = { name: '', rate: '', registrationNumber: '', category: 'STANDARD', exemptionReason: '' };

/** The customer's own part, without contract and schedule. The vendor is not in it: it cannot be changed. */
export function toCustomer(values: CustomerValues): Omit<Customer, 'vendorId'> {
  return {
    name: values.name.trim(),
    email: values.email.trim(),
    ccEmails: values.ccEmails,
    address: withoutBlanks(values.address),
    contractorName: values.contractorName.trim(),
    serviceLocation: values.serviceLocation.trim(),
    locale: values.locale.trim(),
    taxNumber: values.taxNumber.trim(),
  };
}

export function toContract({ contract }: CustomerValues): Contract {
  const { kind, days } = contract.paymentTerms;
  return {
    ratePerHour: normalizeDecimal(contract.ratePerHour),
    currencyCode: contract.currencyCode,
    defaultHours: normalizeDecimal(contract.defaultHours),
    frequency: contract.frequency,
    taxes: contract.taxes.map(toTax),
    paymentTerms: kind === 'NET' ? { kind, days: wholeNumber(days) } : { kind },
    invoicePrefix: contract.invoicePrefix.trim(),
    extraFees: normalizeDecimal(contract.extraFees),
    extraFeesLabel: contract.extraFeesLabel.trim(),
    startDate: contract.startDate,
    endDate: contract.endDate,
    purchaseOrder: contract.purchaseOrder.trim(),
    buyerReference: contract.buyerReference.trim(),
    notes: contract.notes,
  };
}

function toTax(tax: TaxValues): Tax {
  const common = { name: tax.name.trim(), registrationNumber: tax.registrationNumber.trim(), category: tax.category };
  if (tax.category === 'STANDARD') return { ...common, rate: percentToRate(tax.rate) };
  return tax.category === 'EXEMPT' ? { ...common, exemptionReason: tax.exemptionReason.trim() } : common;
}

export function toSchedule({ schedule }: CustomerValues): Schedule {
  return {
    enabled: schedule.enabled,
    autoSendEmail: schedule.autoSendEmail,
    autoIssue: schedule.autoIssue,
    timeZone: schedule.timeZone,
    billingDay: wholeNumber(schedule.billingDay),
    billingWeekday: schedule.billingWeekday,
    anchorDate: schedule.anchorDate,
  };
}

function wholeNumber(value: number | string): number {
  return typeof value === 'number' ? value : Number.parseInt(value, 10) || 0;
}

function withoutBlanks(address: CustomerValues['address']): NonNullable<Customer['address']> {
  return Object.fromEntries(
    Object.entries(address)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  );
}
