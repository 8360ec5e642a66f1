// The panel beside the list in which a customer is made or changed.
import { Drawer, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { customerQuery } from '../api/customers';
import { isApiError } from '../api/error';
import { Problem } from '../shell/Problem';
import { CustomerForm } from './CustomerForm';

export const NEW = 'new';

export function CustomerDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const isNew = id === NEW;
  // A form must start from what is stored now: an earlier answer may be older than the last change.
  const customer = useQuery({ ...customerQuery(id ?? ''), staleTime: 0, enabled: id !== undefined && !isNew });
  const present = customer.isFetchedAfterMount ? customer.data : undefined;
  const [isDirty, setDirty] = useState(false);
  const title = isNew ? 'New customer' : (customer.data?.name ?? 'Customer');
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size={620}
      title={title}
      // A click beside the panel must not throw away what was typed.
      closeOnClickOutside={!isDirty}
      closeOnEscape={!isDirty}
      styles={{
        title: { fontFamily: 'var(--mantine-font-family-headings)', fontWeight: 650, fontSize: '1.25rem' },
        body: { paddingBottom: 0 },
      }}
    >
      {isNew ? <CustomerForm key={NEW} onDone={onClose} onDirty={setDirty} /> : null}
      {!isNew && present ? (
        <CustomerForm key={present.id} customer={present} onDone={onClose} onDirty={setDirty} />
      ) : null}
      {!isNew && id !== undefined && !present && !customer.error ? <Loading /> : null}
      {customer.error && !present ? (
        <Problem
          error={customer.error}
          title={isApiError(customer.error, 'NOT_FOUND') ? 'There is no such customer' : 'The customer could not be loaded'}
        />
      ) : null}
    </Drawer>
  );
}

function Loading() {
  return (
    <Stack gap="lg" aria-busy>
      {Array.from({ length: 6 }, (_, index) => (
        <Skeleton key={index} height={36} radius="md" />
      ))}
    </Stack>
  );
}
