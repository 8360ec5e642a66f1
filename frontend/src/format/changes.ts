// What a form changed, for a PATCH: the mask names every changed field, and the body carries those that are not cleared.
export interface Change<T> {
  mask: string[];
  body: Partial<T>;
}

export function changedFields<T extends object>(before: T, after: T): Change<T> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof T & string)[];
  const mask = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const body: Partial<T> = {};
  for (const name of mask) {
    if (after[name] !== undefined && after[name] !== '') body[name] = after[name];
  }
  return { mask, body };
}

/** Leaves out what is empty, all the way down, so that a new resource gets the API's defaults. */
export function withoutEmpty<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutEmpty(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .map(([name, item]) => [name, withoutEmpty(item as unknown)] as const)
    .filter(([, item]) => !isEmpty(item));
  return Object.fromEntries(kept) as T;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
