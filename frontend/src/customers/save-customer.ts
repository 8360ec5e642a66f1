// Saves a customer's form: one call for a new customer; for a known one a call for each part that changed.
import { createCustomer, updateContract, updateCustomer, updateSchedule } from '../api/customers';
import { fieldErrors } from '../api/error';
import type { Customer } from '../api/types';
import { changedFields, withoutEmpty } from '../format/changes';
import { customerValues, toContract, toCustomer, toSchedule } from './customer-values';
import type { CustomerValues } from './customer-values';

type Part = 'customer' | 'contract' | 'schedule';

/** The refusal of one part; `cause` is the API's own error. */
export class PartRefused extends Error {
  readonly part: Part;

  constructor(part: Part, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.part = part;
  }
}

export function createFromValues(values: CustomerValues, key: string): Promise<Customer> {
  const customer: Customer = {
    ...toCustomer(values),
    vendorId: values.vendorId,
    contract: toContract(values),
    schedule: toSchedule(values),
  };
  return createCustomer(withoutEmpty(customer), key);
}

/** Saves the parts that differ from `saved`, in order, and reports each one as it is saved, so that a later try leaves it out. */
export async function saveChanges(
  saved: Customer,
  values: CustomerValues,
  key: string,
  onSaved: (customer: Customer) => void,
): Promise<Customer> {
  const id = saved.id ?? '';
  const before = customerValues(saved);
  let current = saved;
  const keep = (part: Partial<Customer>) => {
    current = { ...current, ...part };
    onSaved(current);
  };

  const own = changedFields(toCustomer(before), toCustomer(values));
  if (own.mask.length > 0) {
    keep(await part('customer', updateCustomer(id, { ...own.body, ...etagOf(saved) }, own.mask, key)));
  }
  const contract = changedFields(toContract(before), toContract(values));
  if (contract.mask.length > 0) {
    const body = { ...contract.body, ...etagOf(current.contract) };
    keep({ contract: await part('contract', updateContract(id, body, contract.mask, key)) });
  }
  const schedule = changedFields(toSchedule(before), toSchedule(values));
  if (schedule.mask.length > 0) {
    // A new frequency has just moved the schedule's next date, and its etag with it.
    const etag = contract.mask.includes('frequency') ? {} : etagOf(current.schedule);
    keep({ schedule: await part('schedule', updateSchedule(id, { ...schedule.body, ...etag }, schedule.mask, key)) });
  }
  return current;
}

/** Complaints by form path, whichever of the calls was refused. */
export function formErrors(error: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(partErrors(error)).map(([path, text]) => [path, fieldText(path, text)]),
  );
}

/** The API speaks of ids and fractions, the form of choices and percentages. */
function fieldText(path: string, text: string): string {
  if (path === 'vendorId') return 'Required';
  if (/^contract\.taxes\.\d+\.rate$/.test(path)) return 'Must be a percentage from 0 to 100 with at most 4 decimals';
  return text;
}

function partErrors(error: unknown): Record<string, string> {
  if (!(error instanceof PartRefused)) return fieldErrors(error, ['customer']);
  const errors = fieldErrors(error.cause, [error.part]);
  if (error.part === 'customer') return errors;
  return Object.fromEntries(Object.entries(errors).map(([path, text]) => [`${error.part}.${path}`, text]));
}

async function part<T>(name: Part, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw new PartRefused(name, error);
  }
}

function etagOf(resource: { etag?: string } | undefined): { etag?: string } {
  return resource?.etag === undefined ? {} : { etag: resource.etag };
}
