// The companies that send invoices.
import { Anchor, Button, Drawer, Group, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconPlus } from '@tabler/icons-react';
import { Link, useLocation, useNavigate, useParams } from 'react-router';
import type { Vendor } from '../api/types';
import { vendorQuery, vendorsQuery } from '../api/vendors';
import { DataTable, EmptyText } from '../shell/DataTable';
import type { Column } from '../shell/DataTable';
import { PageHeader } from '../shell/PageHeader';
import { Pager } from '../shell/Pager';
import { Problem } from '../shell/Problem';
import { SearchField } from '../shell/SearchField';
import { StatusBadge } from '../shell/StatusBadge';
import { Surface } from '../shell/Surface';
import { usePaging } from '../shell/use-paging';
import { useSearchFilter } from '../shell/use-search-filter';
import { VendorForm } from './VendorForm';

const PAGE_SIZE = 25;
const NEW = 'new';

export function VendorsPage() {
  const { id } = useParams();
  const navigate = useNavigate();
  const location = useLocation();
  const filter = useSearchFilter();
  const paging = usePaging(PAGE_SIZE);
  const list = useQuery(vendorsQuery({ q: filter.value('q'), pageSize: PAGE_SIZE, pageToken: paging.pageToken }));
  const rows = list.data ? (list.data.vendors ?? []) : undefined;
  const at = (path: string) => void navigate({ pathname: path, search: location.search }, { state: location.state as unknown });

  return (
    <>
      <PageHeader
        title="Vendors"
        description="The companies that send invoices."
        actions={
          <Button leftSection={<IconPlus size={16} />} onClick={() => at('/vendors/new')}>
            New vendor
          </Button>
        }
      />
      <Group mb="md">
        <SearchField label="Search by name" initial={filter.value('q')} onChange={(text) => filter.setSoon('q', text)} />
      </Group>
      <Surface flush>
        <DataTable
          label="Vendors"
          columns={COLUMNS}
          rows={rows}
          rowKey={(vendor) => vendor.id ?? ''}
          onOpen={(vendor) => at(`/vendors/${vendor.id ?? ''}`)}
          isRefreshing={list.isPlaceholderData}
          error={list.error}
          onRetry={() => void list.refetch()}
          skeletonRows={3}
          empty={
            <EmptyText title={filter.value('q') === '' ? 'No vendors yet' : 'No vendor matches'}>
              A vendor is the company whose name is at the top of an invoice.
            </EmptyText>
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
      <VendorDrawer id={id} onClose={() => at('/vendors')} />
    </>
  );
}

function VendorDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const isNew = id === NEW;
  // A form must start from what is stored now: an earlier answer may be older than the last change.
  const vendor = useQuery({ ...vendorQuery(id ?? ''), staleTime: 0, enabled: id !== undefined && !isNew });
  const present = vendor.isFetchedAfterMount ? vendor.data : undefined;
  return (
    <Drawer
      opened={id !== undefined}
      onClose={onClose}
      position="right"
      size={620}
      title={isNew ? 'New vendor' : (vendor.data?.name ?? 'Vendor')}
      closeOnClickOutside={false}
      styles={{
        title: { fontFamily: 'var(--mantine-font-family-headings)', fontWeight: 650, fontSize: '1.25rem' },
        body: { paddingBottom: 0 },
      }}
    >
      {isNew ? <VendorForm key={NEW} onDone={onClose} /> : null}
      {!isNew && present ? <VendorForm key={present.id} vendor={present} onDone={onClose} /> : null}
      {vendor.error && !present ? <Problem error={vendor.error} title="The vendor could not be loaded" /> : null}
    </Drawer>
  );
}

const COLUMNS: Column<Vendor>[] = [
  {
    key: 'name',
    header: 'Name',
    cell: (vendor) => (
      <Anchor component={Link} to={`/vendors/${vendor.id ?? ''}`} fw={550} inherit>
        {vendor.name}
      </Anchor>
    ),
  },
  { key: 'email', header: 'Email', hideBelow: 'sm', cell: (vendor) => vendor.email },
  {
    key: 'place',
    header: 'Place',
    hideBelow: 'md',
    cell: (vendor) => [vendor.address?.city, vendor.address?.countryCode].filter(Boolean).join(', '),
  },
  { key: 'currency', header: 'Currency', cell: (vendor) => vendor.currencyCode },
  {
    key: 'active',
    header: <VisuallyHidden>Activity</VisuallyHidden>,
    numeric: true,
    cell: (vendor) => (vendor.active === false ? <StatusBadge label={{ text: 'Inactive', tone: 'neutral' }} /> : null),
  },
];
