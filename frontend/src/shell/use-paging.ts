// The tokens of the pages before this one, in the state of the history entry. A new search starts without them.
import { useCallback } from 'react';
import { useLocation, useNavigate } from 'react-router';

export interface Paging {
  pageSize: number;
  pageToken: string | undefined;
  index: number;
  forward: (token: string) => void;
  back: () => void;
}

export function usePaging(pageSize: number): Paging {
  const location = useLocation();
  const navigate = useNavigate();
  const tokens = tokensOf(location.state);

  const go = useCallback(
    (next: string[]) => {
      void navigate({ pathname: location.pathname, search: location.search }, { state: { tokens: next } });
    },
    [navigate, location.pathname, location.search],
  );

  return {
    pageSize,
    pageToken: tokens.at(-1),
    index: tokens.length,
    forward: (token) => go([...tokens, token]),
    back: () => go(tokens.slice(0, -1)),
  };
}

function tokensOf(state: unknown): string[] {
  if (typeof state !== 'object' || state === null || !('tokens' in state) || !Array.isArray(state.tokens)) return [];
  return state.tokens.filter((token) => typeof token === 'string');
}
