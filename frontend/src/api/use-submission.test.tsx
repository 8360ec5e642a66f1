// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiError } from './error';
import { useSubmission } from './use-submission';

const unavailable = () => new ApiError({ status: 'UNAVAILABLE', httpStatus: 503, message: 'away' });

function render(send: (input: string, key: string) => Promise<string>) {
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  return renderHook(() => useSubmission({ send }), { wrapper });
}

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 100 });
});
afterEach(() => {
  vi.useRealTimers();
});

it('sends a double click once', async () => {
  const send = vi.fn((input: string) => Promise.resolve(input));
  const { result } = render(send);
  act(() => {
    result.current.submit('a');
    result.current.submit('a');
  });
  await waitFor(() => expect(result.current.result.isSuccess).toBe(true));
  expect(send).toHaveBeenCalledTimes(1);
});

it('retries with the same key while the service is away', async () => {
  const keys: string[] = [];
  const send = (input: string, key: string) => {
    keys.push(key);
    return keys.length < 3 ? Promise.reject(unavailable()) : Promise.resolve(input);
  };
  const { result } = render(send);
  act(() => result.current.submit('a'));
  await waitFor(() => expect(result.current.result.isSuccess).toBe(true), { timeout: 20_000 });
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
});

it('keeps the key when a person tries again, and changes it after a success', async () => {
  const keys: string[] = [];
  const refusal = new ApiError({ status: 'INTERNAL', httpStatus: 500, message: 'fault' });
  const send = (input: string, key: string) => {
    keys.push(key);
    return keys.length === 1 ? Promise.reject(refusal) : Promise.resolve(input);
  };
  const { result } = render(send);
  act(() => result.current.submit('a'));
  await waitFor(() => expect(result.current.result.isError).toBe(true));
  act(() => result.current.submit('a'));
  await waitFor(() => expect(result.current.result.isSuccess).toBe(true));
  act(() => result.current.submit('a'));
  await waitFor(() => expect(keys).toHaveLength(3));
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[1]);
});
