import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { IconDownload, IconFileTypePdf } from '@tabler/icons-react';
import { errorSentence } from '../api/error';
import type { Invoice } from '../api/types';
import { openPdf, savePdf } from './open-pdf';

export function PdfButtons({ invoice, primary = false }: { invoice: Invoice; primary?: boolean }) {
  const number = invoice.number ?? '';
  const fetching = useMutation({
    mutationFn: (action: 'open' | 'save') => (action === 'open' ? openPdf : savePdf)(invoice.id ?? '', number),
    onError: (error) => notifications.show({ color: 'brick', title: 'No PDF', message: errorSentence(error) }),
  });
  return (
    <>
      <Button
        variant={primary ? 'filled' : 'default'}
        leftSection={<IconFileTypePdf size={17} stroke={1.7} />}
        loading={fetching.isPending && fetching.variables === 'open'}
        onClick={() => fetching.mutate('open')}
      >
        Open PDF
      </Button>
      <Tooltip label="Save the PDF">
        <ActionIcon
          variant="default"
          size={36}
          aria-label="Save the PDF"
          loading={fetching.isPending && fetching.variables === 'save'}
          onClick={() => fetching.mutate('save')}
        >
          <IconDownload size={17} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
