// Colours, type and the defaults of components. Calm greens of ledger ink on cool paper; status colours are used for status only.
import { createTheme } from '@mantine/core';
import type { MantineColorsTuple } from '@mantine/core';
import type { MouseEvent } from 'react';

const petrol: MantineColorsTuple = [
  '#e9f5f3', '#d3e8e5', '#a6d0ca', '#76b7ae', '#4f9f95', '#338b81', '#1a7268', '#0e5a54', '#0a4742', '#06342f',
];
const gray: MantineColorsTuple = [
  '#f6f8f7', '#eef2f1', '#e2e8e6', '#d2dad8', '#b8c4c1', '#90a09c', '#63736f', '#4a5956', '#2f3c3a', '#16211f',
];
const dark: MantineColorsTuple = [
  '#dbe4e2', '#b8c5c2', '#94a4a0', '#6a7b78', '#3b4a48', '#2b3836', '#1d2827', '#161f1e', '#0f1716', '#0a1010',
];
const brick: MantineColorsTuple = [
  '#fdeeea', '#f8d9d1', '#f0b1a3', '#e78772', '#df6449', '#d84e30', '#c23f23', '#a8331b', '#8b2a16', '#6f2112',
];
const amber: MantineColorsTuple = [
  '#fdf4e3', '#f9e6c4', '#f2cd8a', '#ebb24c', '#e39d22', '#c98512', '#a66c0c', '#855609', '#694407', '#523505',
];

const SANS = "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif";

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  colors: { petrol, gray, dark, brick, amber },
  fontFamily: SANS,
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  headings: {
    fontFamily: `'Schibsted Grotesk Variable', ${SANS}`,
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.2' },
      h2: { fontSize: '1.1875rem', lineHeight: '1.3' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
    },
  },
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Alert: {
      vars: (_theme: unknown, props: { color?: string }) => {
        const tone = props.color === 'brick' ? 'bad' : 'warn';
        return { root: { '--alert-bg': `var(--tone-${tone}-wash)`, '--alert-color': `var(--tone-${tone})` } };
      },
    },
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: {
      defaultProps: {
        size: 'sm',
        checkIconPosition: 'right',
        selectFirstOptionOnChange: true,
        // What is typed next replaces the chosen text, as it does when the field is reached by the keyboard.
        onClick: (event: MouseEvent<HTMLInputElement>) => event.currentTarget.select(),
      },
    },
    DateInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' }, overlayProps: { backgroundOpacity: 0.35 } } },
    Modal: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' }, overlayProps: { backgroundOpacity: 0.35 }, centered: true },
    },
  },
});
