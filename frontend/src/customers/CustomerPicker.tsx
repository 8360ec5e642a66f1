// Finds one customer by name or email among any number of them: the server searches, the list shows the first matches.
import { Loader, Select } from '@mantine/core';
import type { SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { customerQuery, customersQuery } from '../api/customers';
import type { Customer } from '../api/types';

const MATCHES = 20;
const TYPING_PAUSE_MS = 200;

export function CustomerPicker(props: {
  label: string;
  hideLabel?: boolean;
  placeholder?: string;
  value: string;
  onChange: (customer: Customer | undefined) => void;
  error?: ReactNode;
  autoFocus?: boolean;
  onlyActive?: boolean;
  w?: SelectProps['w'];
}) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, TYPING_PAUSE_MS);
  const chosen = useQuery({ ...customerQuery(props.value), enabled: props.value !== '' });
  // The field shows the chosen name; that is no search.
  const q = search === chosen.data?.name ? '' : search.slice(0, 100);
  const found = useQuery(
    customersQuery({ q, pageSize: MATCHES, orderBy: 'name', ...(props.onlyActive ? { active: true } : {}) }),
  );
  const customers = withChosen(found.data?.customers ?? [], props.value === '' ? undefined : chosen.data);

  return (
    <Select
      {...(props.hideLabel ? { 'aria-label': props.label } : { label: props.label })}
      placeholder={props.placeholder ?? 'Search by name or email'}
      searchable
      clearable
      autoFocus={props.autoFocus ?? false}
      data={customers.map((customer) => ({ value: customer.id ?? '', label: customer.name }))}
      // The server has searched already, and by more than the name.
      filter={({ options }) => options}
      value={props.value === '' ? null : props.value}
      onChange={(id) => props.onChange(customers.find((customer) => customer.id === id))}
      onSearchChange={setTyped}
      nothingFoundMessage={found.isFetching ? 'Searching…' : 'No customer matches'}
      rightSection={found.isFetching && typed !== '' ? <Loader size={14} /> : undefined}
      error={props.error}
      w={props.w}
    />
  );
}

function withChosen(customers: Customer[], chosen: Customer | undefined): Customer[] {
  if (!chosen || customers.some((customer) => customer.id === chosen.id)) return customers;
  return [chosen, ...customers];
}
