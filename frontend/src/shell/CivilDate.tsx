// A date of the API, typed or picked. It stays "YYYY-MM-DD" all the way, so no time zone can move it.
import { DateInput } from '@mantine/dates';
import type { ReactNode } from 'react';

export function CivilDate(props: {
  label: string;
  placeholder?: string;
  description?: string;
  value?: string;
  onChange?: (value: string) => void;
  error?: ReactNode;
  required?: boolean;
}) {
  const { value, onChange, required = false, ...rest } = props;
  return (
    <DateInput
      {...rest}
      valueFormat="YYYY-MM-DD"
      clearable={!required}
      minDate="1970-01-01"
      maxDate="2199-12-31"
      value={value === undefined || value === '' ? null : value}
      onChange={(date) => onChange?.(date ?? '')}
    />
  );
}
