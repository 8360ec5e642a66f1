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
  const wanted = typed === chosen.data?.name ? '' : typed.trim().slice(0, 100);
  const q = search === chosen.data?.name ? '' : search.trim().slice(0, 100);
  const found = useQuery(
    customersQuery({ q, pageSize: MATCHES, orderBy: 'name', ...(props.onlyActive ? { active: true } : {}) }),
  );
  const listed = found.data?.customers ?? [];
  // Until the answer to what was typed is there, only those of the old answer that match it too: Enter must never pick another.
  const isAnswered = q === wanted && !found.isPlaceholderData;
  const shown = new Set((isAnswered ? listed : listed.filter((customer) => matches(customer, wanted))).map(({ id }) => id));
  // The field needs the chosen one for its text, also while others are searched for.
  const customers = withChosen(listed, props.value === '' ? undefined : chosen.data);

  return (
    <Select
      {...(props.hideLabel ? { 'aria-label': props.label } : { label: props.label })}
      placeholder={props.placeholder ?? 'Search by name or email'}
      searchable
      clearable
      autoFocus={props.autoFocus ?? false}
      data={customers.map((customer) => ({ value: customer.id ?? '', label: customer.name }))}
      filter={({ options }) => options.filter((option) => 'value' in option && shown.has(option.value))}
      value={props.value === '' ? null : props.value}
      onChange={(id) => props.onChange(customers.find((customer) => customer.id === id))}
      onSearchChange={setTyped}
      nothingFoundMessage={!isAnswered || found.isFetching ? 'Searching…' : 'No customer matches'}
      rightSection={found.isFetching && typed !== '' ? <Loader size={14} /> : undefined}
      error={props.error}
      w={props.w}
    />
  );
}

function matches(customer: Customer, text: string): boolean {
  return `${customer.name} ${customer.email ?? ''}`.toLowerCase().includes(text.toLowerCase());
}

function withChosen(customers: Customer[], chosen: Customer | undefined): Customer[] {
  if (!chosen || customers.some((customer) => customer.id === chosen.id)) return customers;
  return [chosen, ...customers];
}
