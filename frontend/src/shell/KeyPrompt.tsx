// Asked once per tab where the console has no key: the key is tried before it is kept.
import { Button, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { callJson } from '../api/client';
import { errorSentence, isApiError } from '../api/error';
import { setKey } from '../api/session';
import { useTitle } from './use-title';
import classes from './KeyPrompt.module.css';

export function KeyPrompt() {
  useTitle('Sign in');
  const [key, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const [isTrying, setTrying] = useState(false);

  const tryKey = async () => {
    setTrying(true);
    setProblem(undefined);
    try {
      await callJson('GET', '/vendors', { query: { pageSize: 1 }, apiKey: key.trim() });
      setKey(key.trim());
    } catch (error) {
      setProblem(isApiError(error, 'UNAUTHENTICATED') ? 'This key is not known, or it has expired.' : errorSentence(error));
    } finally {
      setTrying(false);
    }
  };

  return (
    <main className={classes.page}>
      <form
        className={classes.card}
        onSubmit={(event) => {
          event.preventDefault();
          if (key.trim() !== '' && !isTrying) void tryKey();
        }}
      >
        <Stack gap="md">
          <img src="/mark.svg" width={40} height={40} alt="" />
          <div>
            <Title order={1}>Invoice Enterprise</Title>
            <Text c="dimmed" mt={4}>
              Give an API key to work with. It stays in this tab and is forgotten when you close it.
            </Text>
          </div>
          <PasswordInput
            label="API key"
            autoComplete="off"
            autoFocus
            value={key}
            onChange={(event) => setText(event.currentTarget.value)}
            error={problem}
          />
          <Button type="submit" loading={isTrying} disabled={key.trim() === ''} fullWidth>
            Continue
          </Button>
          <Text size="xs" c="dimmed">
            An administrator makes keys with <code>invoice-server create-api-key</code>.
          </Text>
        </Stack>
      </form>
    </main>
  );
}
