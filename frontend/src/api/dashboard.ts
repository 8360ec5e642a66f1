// Calls of DashboardService that the console uses.
import { queryOptions } from '@tanstack/react-query';
import { callJson } from './client';
import type { Stats } from './types';

/** What is open, overdue and drafted, over all vendors. */
export function statsQuery() {
  return queryOptions({
    queryKey: ['dashboard', 'stats'],
    queryFn: ({ signal }) => callJson<Stats>('GET', '/dashboard/stats', { signal }),
  });
}
