// Emails the stored document, the first time or once more, to the customer or to another address.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { fieldErrors } from '../api/error';
import { resendEmail } from '../api/invoices';
import type { Invoice } from '../api/types';
import { useSubmission } from '../api/use-submission';
import { Problem } from '../shell/Problem';
import { useFaultFocus } from '../shell/use-fault-focus';
import { wasEmailed } from './was-emailed';

export function ResendModal(props: { invoice: Invoice; opened: boolean; onClose: () => void }) {
  const again = wasEmailed(props.invoice) ? ' again' : '';
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={`Email ${props.invoice.number ?? 'the invoice'}${again}`}>
      <ResendForm invoice={props.invoice} onDone={props.onClose} />
    </Modal>
  );
}

function ResendForm({ invoice, onDone }: { invoice: Invoice; onDone: () => void }) {
  const [recipient, setRecipient] = useState('');
  const queryClient = useQueryClient();
  const resend = useSubmission({
    send: (to: string, key) => resendEmail(invoice.id ?? '', to, key),
    onSuccess: (email) => {
      void queryClient.invalidateQueries({ queryKey: ['invoices'] });
      void queryClient.invalidateQueries({ queryKey: ['emails'] });
      notifications.show({ title: 'Queued', message: `The email to ${email.recipient ?? 'the customer'} is on its way.` });
      onDone();
    },
  });
  const atField = fieldErrors(resend.result.error).recipient;
  const form = useFaultFocus<HTMLFormElement>(resend.result.error);
  const customerEmail = invoice.customer?.email ?? '';

  return (
    <form
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        resend.submit(recipient.trim());
      }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {wasEmailed(invoice) ? 'The same PDF goes out in a new email.' : 'The PDF goes out by email.'}{' '}
          {customerEmail === '' ? '' : `Without another address it goes to ${customerEmail}.`}
        </Text>
        <TextInput
          label="Another recipient"
          description="Optional"
          placeholder={customerEmail}
          inputMode="email"
          autoComplete="off"
          data-autofocus
          maxLength={254}
          value={recipient}
          onChange={(event) => setRecipient(event.currentTarget.value)}
          error={atField}
        />
        {resend.result.error && atField === undefined ? <Problem error={resend.result.error} title="The email was not queued" /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" leftSection={<IconSend size={16} />} loading={resend.result.isPending}>
            Send
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
