// The fields of a postal address, bound by the caller's form.
import { SimpleGrid, Stack, TextInput } from '@mantine/core';
import type { TextInputProps } from '@mantine/core';
import { countryName } from './choices';

export function AddressFields({ inputProps }: { inputProps: (field: string) => TextInputProps }) {
  return (
    <Stack gap="sm">
      <TextInput label="Address" placeholder="Street and number" autoComplete="off" maxLength={200} {...inputProps('line1')} />
      <TextInput aria-label="Address, second line" placeholder="Unit, floor, building" autoComplete="off" maxLength={200} {...inputProps('line2')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <TextInput label="City" autoComplete="off" maxLength={100} {...inputProps('city')} />
        <TextInput label="Province, state or region" autoComplete="off" maxLength={100} {...inputProps('region')} />
        <TextInput label="Postal code" autoComplete="off" maxLength={20} {...inputProps('postalCode')} />
        <CountryField {...inputProps('countryCode')} />
      </SimpleGrid>
    </Stack>
  );
}

function CountryField(props: TextInputProps) {
  const code = typeof props.value === 'string' ? props.value : '';
  return (
    <TextInput
      label="Country code"
      placeholder="CA"
      autoComplete="off"
      maxLength={2}
      {...props}
      onChange={(event) => {
        event.currentTarget.value = event.currentTarget.value.toUpperCase();
        props.onChange?.(event);
      }}
      rightSectionWidth={150}
      rightSectionProps={{ style: { justifyContent: 'flex-end', paddingRight: 12, fontSize: '0.8rem', color: 'var(--ink-faint)' } }}
      rightSection={countryName(code)}
    />
  );
}
