// The API's messages, from docs/openapi.json, which is made from the protos. The only file that knows where types come from.
import type { components } from '../gen/api';

type Schemas = components['schemas'];

export type Address = Schemas['Address'];
export type BankDetails = Schemas['BankDetails'];
export type Frequency = Schemas['Frequency'];
export type PaymentTerms = Schemas['PaymentTerms'];
export type PaymentTermsKind = Schemas['PaymentTermsKind'];
export type Tax = Schemas['Tax'];
export type TaxCategory = Schemas['TaxCategory'];
export type Unit = Schemas['Unit'];
export type Warning = Schemas['Warning'];

export type Customer = Schemas['Customer'];
export type Contract = Schemas['Contract'];
export type Schedule = Schemas['Schedule'];
export type ListCustomersResponse = Schemas['ListCustomersResponse'];

export type Vendor = Schemas['Vendor'];
export type PaperSize = Schemas['VendorPaperSize'];
export type ListVendorsResponse = Schemas['ListVendorsResponse'];

export type Invoice = Schemas['Invoice'];
export type InvoiceState = Schemas['InvoiceState'];
export type Delivery = Schemas['Delivery'];
export type ListInvoicesResponse = Schemas['ListInvoicesResponse'];
export type RunQuickRequest = Schemas['RunQuickRequest'];
export type GenerationResponse = Schemas['GenerationResponse'];
export type RunMode = Schemas['RunMode'];

export type Stats = Schemas['GetStatsResponse'];
export type CurrencyTotal = Schemas['CurrencyTotal'];

export type Email = Schemas['Email'];
export type EmailAttempt = Schemas['EmailAttempt'];
export type ListEmailsResponse = Schemas['ListEmailsResponse'];
export type EmailState = Schemas['EmailState'];
