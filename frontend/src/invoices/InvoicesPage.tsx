import { Button, Group, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconBolt } from '@tabler/icons-react';
import { Link } from 'react-router';
import { invoicesQuery } from '../api/invoices';
import type { InvoiceState } from '../api/types';
import { CustomerPicker } from '../customers/CustomerPicker';
import { STATE_FILTERS, invoiceStateLabel } from '../format/labels';
import { EmptyText } from '../shell/DataTable';
import { PageHeader } from '../shell/PageHeader';
import { Pager } from '../shell/Pager';
import { SearchField } from '../shell/SearchField';
import { Surface } from '../shell/Surface';
import { usePaging } from '../shell/use-paging';
import { useSearchFilter } from '../shell/use-search-filter';
import type { SearchFilter } from '../shell/use-search-filter';
import { InvoiceTable } from './InvoiceTable';

const PAGE_SIZE = 25;

export function InvoicesPage() {
  const filter = useSearchFilter();
  const paging = usePaging(PAGE_SIZE);
  const state = STATE_FILTERS.find((known) => known === filter.value('state'));
  const isAscending = filter.value('order') === 'oldest';
  const list = useQuery(
    invoicesQuery({
      q: filter.value('q'),
      state,
      customerId: filter.value('customer'),
      orderBy: isAscending ? 'invoiceDate' : 'invoiceDate desc',
      pageSize: PAGE_SIZE,
      pageToken: paging.pageToken,
    }),
  );
  const rows = list.data ? (list.data.invoices ?? []) : undefined;
  const isFiltered = filter.value('q') !== '' || filter.value('customer') !== '' || state !== undefined;

  return (
    <>
      <PageHeader
        title="Invoices"
        actions={
          <Button component={Link} to="/generate" leftSection={<IconBolt size={16} />}>
            Generate
          </Button>
        }
      />
      <Filters filter={filter} state={state} />
      <Surface flush>
        <InvoiceTable
          label="Invoices"
          rows={rows}
          sort={{ isAscending, onToggle: () => filter.set('order', isAscending ? '' : 'oldest') }}
          isRefreshing={list.isPlaceholderData}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={
            isFiltered ? (
              <EmptyText title="No invoice matches">Try another search, or clear the filters.</EmptyText>
            ) : (
              <EmptyText title="No invoices yet">Generate the first one in quick mode.</EmptyText>
            )
          }
        />
        <Pager
          paging={paging}
          shown={rows?.length ?? 0}
          nextPageToken={list.data?.nextPageToken}
          totalSize={list.data?.totalSize}
          totalSizeCapped={list.data?.totalSizeCapped}
        />
      </Surface>
    </>
  );
}

function Filters({ filter, state }: { filter: SearchFilter; state: InvoiceState | undefined }) {
  return (
    <Group mb="md" gap="sm" align="flex-end">
      <SearchField
        label="Search number or customer"
        initial={filter.value('q')}
        onChange={(text) => filter.setSoon('q', text)}
      />
      <Select
        aria-label="State"
        placeholder="Any state"
        clearable
        data={STATE_FILTERS.map((value) => ({ value, label: invoiceStateLabel(value).text }))}
        value={state ?? null}
        onChange={(value) => filter.set('state', value ?? '')}
        w={{ base: '100%', xs: 160 }}
      />
      <CustomerPicker
        label="Customer"
        hideLabel
        placeholder="Any customer"
        value={filter.value('customer')}
        onChange={(customer) => filter.set('customer', customer?.id ?? '')}
        w={{ base: '100%', xs: 220 }}
      />
    </Group>
  );
}
