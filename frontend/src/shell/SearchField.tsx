import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';

export function SearchField(props: { label: string; initial: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(props.initial);
  const input = useRef<HTMLInputElement>(null);
  const change = (value: string) => {
    setText(value);
    props.onChange(value.trim());
  };
  return (
    <TextInput
      ref={input}
      type="search"
      aria-label={props.label}
      placeholder={props.label}
      maxLength={100}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      leftSection={<IconSearch size={16} />}
      rightSection={
        text === '' ? null : (
          <CloseButton
            size="sm"
            aria-label="Clear the search"
            onClick={() => {
              change('');
              input.current?.focus();
            }}
          />
        )
      }
      w={{ base: '100%', xs: 280 }}
    />
  );
}
