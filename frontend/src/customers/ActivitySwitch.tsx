// Deactivates a customer, or activates it again. Nothing is lost by either.
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { deactivateCustomer, reactivateCustomer } from '../api/customers';
import { errorSentence } from '../api/error';
import type { Customer } from '../api/types';
import { useSubmission } from '../api/use-submission';

export function ActivitySwitch({ customer, onDone }: { customer: Customer; onDone: () => void }) {
  const queryClient = useQueryClient();
  const isActive = customer.active !== false;
  const id = customer.id ?? '';
  const change = useSubmission({
    send: (activate: boolean, key) =>
      activate ? reactivateCustomer(id, key) : deactivateCustomer(id, customer.etag ?? '', key),
    onSuccess: (_result, activated) => {
      void queryClient.invalidateQueries({ queryKey: ['customers'] });
      notifications.show({
        title: activated ? 'Active again' : 'Deactivated',
        message: activated ? 'The customer can be billed.' : 'The customer is not billed any more. Its invoices stay.',
      });
      onDone();
    },
    onError: (error) => notifications.show({ color: 'brick', title: 'Not changed', message: errorSentence(error) }),
  });
  return (
    <Button
      variant="subtle"
      color={isActive ? 'brick' : 'petrol'}
      loading={change.result.isPending}
      onClick={() => change.submit(!isActive)}
    >
      {isActive ? 'Deactivate' : 'Activate'}
    </Button>
  );
}
