// Providers and routes.
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { RouterProvider, createBrowserRouter } from 'react-router';
import { retryRead, retryWait } from './api/retry';
import { currentKey, subscribeSession } from './api/session';
import { CustomersPage } from './customers/CustomersPage';
import { QuickPage } from './generate/QuickPage';
import { HomePage } from './home/HomePage';
import { InvoicePage } from './invoices/InvoicePage';
import { InvoicesPage } from './invoices/InvoicesPage';
import { KeyPrompt } from './shell/KeyPrompt';
import { NotFound } from './shell/NotFound';
import { Shell } from './shell/Shell';
import { theme } from './theme/theme';
import { VendorsPage } from './vendors/VendorsPage';

const queryClient = new QueryClient({
  defaultOptions: {
    // A console on an office network must not take the browser's idea of being offline for the truth.
    queries: { retry: retryRead, retryDelay: retryWait, networkMode: 'always', staleTime: 10_000 },
  },
});

const router = createBrowserRouter([
  {
    Component: Shell,
    children: [
      { index: true, Component: HomePage },
      { path: 'generate', Component: QuickPage },
      { path: 'invoices', Component: InvoicesPage },
      { path: 'invoices/:id', Component: InvoicePage },
      { path: 'customers', Component: CustomersPage },
      { path: 'customers/:id', Component: CustomersPage },
      { path: 'vendors', Component: VendorsPage },
      { path: 'vendors/:id', Component: VendorsPage },
      { path: '*', Component: NotFound },
    ],
  },
]);

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queryClient}>
        <SignedIn />
      </QueryClientProvider>
    </MantineProvider>
  );
}

function SignedIn() {
  const key = useSyncExternalStore(subscribeSession, currentKey);
  useEffect(() => {
    // What one key could read must not be shown to the next.
    if (key === undefined) queryClient.clear();
  }, [key]);
  return key === undefined ? <KeyPrompt /> : <RouterProvider router={router} />;
}
