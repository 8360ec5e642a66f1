// The top of a page: its heading, a line about it, its actions; also the title of the browser's tab.
import { Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTitle } from './use-title';

export function PageHeader(props: {
  title: string;
  heading?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  above?: ReactNode;
}) {
  useTitle(props.title);
  return (
    <Stack gap={6} mb="lg">
      {props.above}
      <Group justify="space-between" align="flex-end" gap="md">
        <div>
          <Title order={1}>{props.heading ?? props.title}</Title>
          {props.description === undefined ? null : (
            <Text c="dimmed" mt={4} component="div">
              {props.description}
            </Text>
          )}
        </div>
        {props.actions === undefined ? null : <Group gap="xs">{props.actions}</Group>}
      </Group>
    </Stack>
  );
}
