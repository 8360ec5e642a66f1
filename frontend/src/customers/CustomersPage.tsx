// The list of customers; the address names the one that is open beside it.
import { Anchor, Button, Group, SegmentedControl, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconPlus } from '@tabler/icons-react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import { customersQuery } from '../api/customers';
import type { Customer } from '../api/types';
import { formatDate } from '../format/date';
import { frequencyLabel } from '../format/labels';
import { DataTable, EmptyText } from '../shell/DataTable';
import type { Column } from '../shell/DataTable';
import { Money } from '../shell/Money';
import { PageHeader } from '../shell/PageHeader';
import { Pager } from '../shell/Pager';
import { SearchField } from '../shell/SearchField';
import { StatusBadge } from '../shell/StatusBadge';
import { Surface } from '../shell/Surface';
import { usePaging } from '../shell/use-paging';
import { useSearchFilter } from '../shell/use-search-filter';
import { CustomerDrawer } from './CustomerDrawer';
import classes from './CustomersPage.module.css';

const PAGE_SIZE = 25;
const ACTIVE_CHOICES = [
  { value: '', label: 'Active' },
  { value: 'no', label: 'Inactive' },
  { value: 'all', label: 'All' },
];

export function CustomersPage() {
  const { id } = useParams();
  const navigate = useNavigate();
  const location = useLocation();
  const filter = useSearchFilter();
  const paging = usePaging(PAGE_SIZE);
  const activity = filter.value('active');
  const list = useQuery(
    customersQuery({
      q: filter.value('q'),
      active: activity === 'all' ? undefined : activity !== 'no',
      orderBy: 'name',
      pageSize: PAGE_SIZE,
      pageToken: paging.pageToken,
    }),
  );
  const rows = list.data ? (list.data.customers ?? []) : undefined;
  // The drawer keeps the list's search and page behind it.
  const at = (path: string) => void navigate({ pathname: path, search: location.search }, { state: location.state as unknown });

  return (
    <>
      <PageHeader
        title="Customers"
        actions={
          <Button leftSection={<IconPlus size={16} />} onClick={() => at('/customers/new')}>
            New customer
          </Button>
        }
      />
      <Group mb="md" gap="sm">
        <SearchField label="Search name or email" initial={filter.value('q')} onChange={(text) => filter.setSoon('q', text)} />
        <SegmentedControl
          aria-label="Which customers"
          data={ACTIVE_CHOICES}
          value={activity}
          onChange={(value) => filter.set('active', value)}
        />
      </Group>
      <Surface flush>
        <DataTable
          label="Customers"
          columns={COLUMNS}
          rows={rows}
          rowKey={(customer) => customer.id ?? ''}
          onOpen={(customer) => at(`/customers/${customer.id ?? ''}`)}
          isRefreshing={list.isPlaceholderData}
          error={list.error}
          onRetry={() => void list.refetch()}
          empty={
            filter.value('q') === '' ? (
              <EmptyText title="No customers here yet">Add the first one, with its rate, and generate its invoice.</EmptyText>
            ) : (
              <EmptyText title={`Nobody matches “${filter.value('q')}”`}>Try a part of the name or of the email address.</EmptyText>
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
      <CustomerDrawer id={id} onClose={() => at('/customers')} />
    </>
  );
}

const COLUMNS: Column<Customer>[] = [
  {
    key: 'name',
    header: 'Name',
    cell: (customer) => (
      <div className={classes.name}>
        <Anchor component={Link} to={`/customers/${customer.id ?? ''}`} className={classes.link ?? ''}>
          {customer.name}
        </Anchor>
        <span className={classes.email}>{customer.email}</span>
      </div>
    ),
  },
  {
    key: 'rate',
    header: 'Rate per hour',
    numeric: true,
    cell: (customer) =>
      customer.contract?.ratePerHour === undefined ? (
        <StatusBadge label={{ text: 'No rate', tone: 'warn' }} />
      ) : (
        <Money amount={customer.contract.ratePerHour} currency={customer.contract.currencyCode} />
      ),
  },
  { key: 'frequency', header: 'Billed', hideBelow: 'sm', cell: (customer) => frequencyLabel(customer.contract?.frequency) },
  {
    key: 'next',
    header: 'Next run',
    hideBelow: 'md',
    cell: (customer) =>
      customer.schedule?.nextRunDate ? (
        <span className="tabular">{formatDate(customer.schedule.nextRunDate)}</span>
      ) : (
        <span className={classes.faint}>Not scheduled</span>
      ),
  },
  {
    key: 'action',
    header: <VisuallyHidden>Action</VisuallyHidden>,
    hideBelow: 'sm',
    numeric: true,
    cell: (customer) =>
      customer.active === false ? (
        <StatusBadge label={{ text: 'Inactive', tone: 'neutral' }} />
      ) : (
        <Anchor component={Link} to={`/generate?customer=${customer.id ?? ''}`} size="sm">
          Generate
        </Anchor>
      ),
  },
];
