// A refusal of the API, in the place it concerns.
import { Alert, Button, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ApiError, errorSentence } from '../api/error';

export function Problem(props: { error: unknown; title?: string; onRetry?: () => void; children?: ReactNode }) {
  const requestId = props.error instanceof ApiError ? props.error.requestId : undefined;
  return (
    <Alert
      color="brick"
      variant="light"
      icon={<IconAlertTriangle size={18} />}
      title={props.title ?? 'That did not work'}
      role="alert"
    >
      <Text size="sm">{errorSentence(props.error)}</Text>
      {props.children}
      {requestId === undefined ? null : (
        <Text size="xs" c="dimmed" mt={6}>
          Request {requestId}
        </Text>
      )}
      {props.onRetry ? (
        <Button mt="sm" size="xs" variant="default" onClick={props.onRetry}>
          Try again
        </Button>
      ) : null}
    </Alert>
  );
}
