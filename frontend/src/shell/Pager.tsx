// Steps through a list by page tokens. How to come back is kept in the browser's history, so its back button works too.
import { Button, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { Paging } from './use-paging';

export function Pager(props: {
  paging: Paging;
  shown: number;
  nextPageToken: string | undefined;
  totalSize: number | undefined;
  totalSizeCapped: boolean | undefined;
}) {
  const { paging, shown } = props;
  const first = paging.index * paging.pageSize + 1;
  const total = (props.totalSize ?? 0).toLocaleString() + (props.totalSizeCapped ? '+' : '');
  const hasNext = (props.nextPageToken ?? '') !== '';
  if (shown === 0 && paging.index === 0) return null;
  return (
    <Group justify="space-between" px="lg" py="sm" component="nav" aria-label="Pages">
      <Text size="sm" c="dimmed" className="tabular">
        {shown === 0 ? 'No more' : `${first.toLocaleString()}–${(first + shown - 1).toLocaleString()} of ${total}`}
      </Text>
      {hasNext || paging.index > 0 ? (
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconChevronLeft size={14} />}
            disabled={paging.index === 0}
            onClick={paging.back}
          >
            Previous
          </Button>
          <Button
            size="xs"
            variant="default"
            rightSection={<IconChevronRight size={14} />}
            disabled={!hasNext}
            onClick={() => paging.forward(props.nextPageToken ?? '')}
          >
            Next
          </Button>
        </Group>
      ) : null}
    </Group>
  );
}
