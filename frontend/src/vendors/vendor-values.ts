// The form of a vendor, and its way to and from the API.
import type { PaperSize, Vendor } from '../api/types';

export interface VendorValues {
  name: string;
  email: string;
  phone: string;
  address: { line1: string; line2: string; city: string; region: string; postalCode: string; countryCode: string };
  taxNumber: string;
  defaultContractor: string;
  currencyCode: string;
  locale: string;
  paperSize: PaperSize;
  bank: { accountHolder: string; bankName: string; iban: string; bic: string; accountNumber: string; routingNumber: string; instructions: string };
}

export function vendorValues(vendor: Partial<Vendor>): VendorValues {
  const address = vendor.address ?? {};
  const bank = vendor.bank ?? {};
  return {
    name: vendor.name ?? '',
    email: vendor.email ?? '',
    phone: vendor.phone ?? '',
    address: {
      line1: address.line1 ?? '',
      line2: address.line2 ?? '',
      city: address.city ?? '',
      region: address.region ?? '',
      postalCode: address.postalCode ?? '',
      countryCode: address.countryCode ?? '',
    },
    taxNumber: vendor.taxNumber ?? '',
    defaultContractor: vendor.defaultContractor ?? '',
    currencyCode: vendor.currencyCode ?? '',
    locale: vendor.locale ?? '',
    paperSize: vendor.paperSize ?? 'LETTER',
    bank: {
      accountHolder: bank.accountHolder ?? '',
      bankName: bank.bankName ?? '',
      iban: bank.iban ?? '',
      bic: bank.bic ?? '',
      accountNumber: bank.accountNumber ?? '',
      routingNumber: bank.routingNumber ?? '',
      instructions: bank.instructions ?? '',
    },
  };
}

export function toVendor(values: VendorValues): Vendor {
  return {
    ...values,
    name: values.name.trim(),
    email: values.email.trim(),
    address: trimmed(values.address),
    bank: trimmed(values.bank),
  };
}

function trimmed(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  );
}
