// Ids come from addresses that people can edit; encoded, they stay one segment of a path.
export function segment(id: string): string {
  return encodeURIComponent(id);
}
