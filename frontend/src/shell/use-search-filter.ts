// Filters live in the page's address, so that a list can be bookmarked and shared.
import { useDebouncedCallback } from '@mantine/hooks';
import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

const TYPING_PAUSE_MS = 250;

export interface SearchFilter {
  value: (name: string) => string;
  set: (name: string, value: string) => void;
  /** For text fields: applies when typing pauses. */
  setSoon: (name: string, value: string) => void;
}

export function useSearchFilter(): SearchFilter {
  const [parameters, setParameters] = useSearchParams();
  const set = useCallback(
    (name: string, value: string) => {
      setParameters(
        (current) => {
          const next = new URLSearchParams(current);
          if (value === '') next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true },
      );
    },
    [setParameters],
  );
  const setSoon = useDebouncedCallback(set, TYPING_PAUSE_MS);
  return { value: (name) => parameters.get(name) ?? '', set, setSoon };
}
