// Submits one form: one idempotency key for each intention, at most one submission in flight, patient while the service is away.
import { useMutation } from '@tanstack/react-query';
import type { UseMutationResult } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { SubmissionKeys } from './idempotency';
import { retryChange, retryWait } from './retry';

export interface Submission<Input, Output> {
  /** Does nothing while an earlier submission is in flight, so a double click is one submission. */
  submit: (input: Input) => void;
  result: UseMutationResult<Output, Error, Input>;
}

export function useSubmission<Input, Output>(options: {
  send: (input: Input, idempotencyKey: string) => Promise<Output>;
  onSuccess?: (output: Output, input: Input) => void;
  onError?: (error: Error, input: Input) => void;
}): Submission<Input, Output> {
  const { send, onSuccess, onError } = options;
  const [keys] = useState(() => new SubmissionKeys());
  const inFlight = useRef(false);

  const result = useMutation<Output, Error, Input>({
    mutationFn: (input) => send(input, keys.keyFor(input)),
    retry: retryChange,
    retryDelay: retryWait,
    networkMode: 'always',
    onSuccess: (output, input) => {
      keys.succeeded();
      onSuccess?.(output, input);
    },
    onError: (error, input) => onError?.(error, input),
    onSettled: () => {
      inFlight.current = false;
    },
  });

  const { mutate } = result;
  const submit = useCallback(
    (input: Input) => {
      if (inFlight.current) return;
      inFlight.current = true;
      mutate(input);
    },
    [mutate],
  );
  return { submit, result };
}
