// The frame of every page: navigation at the left (behind a button on small screens), the page at the right.
import { ActionIcon, AppShell, Burger, Group, NavLink, Text, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconBolt,
  IconBuildingStore,
  IconFileInvoice,
  IconHome,
  IconLogout,
  IconMoon,
  IconSun,
  IconUsers,
} from '@tabler/icons-react';
import { useEffect } from 'react';
import { Link, Outlet, useLocation } from 'react-router';
import { forgetKey } from '../api/session';
import { AvailabilityBanner } from './AvailabilityBanner';
import classes from './Shell.module.css';

const PAGES = [
  { to: '/', label: 'Overview', icon: IconHome },
  { to: '/generate', label: 'Generate', icon: IconBolt },
  { to: '/invoices', label: 'Invoices', icon: IconFileInvoice },
  { to: '/customers', label: 'Customers', icon: IconUsers },
  { to: '/vendors', label: 'Vendors', icon: IconBuildingStore },
];

export function Shell() {
  const [isOpen, navigation] = useDisclosure(false);
  const { pathname } = useLocation();
  const { close } = navigation;
  useEffect(() => {
    close();
    window.scrollTo(0, 0);
  }, [pathname, close]);

  return (
    <AppShell
      layout="alt"
      header={{ height: { base: 56, sm: 0 } }}
      navbar={{ width: 228, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      className={classes.shell ?? ''}
    >
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <AppShell.Header hiddenFrom="sm" className={classes.header ?? ''}>
        <Group h="100%" px="md" justify="space-between">
          <Brand />
          <Burger opened={isOpen} onClick={navigation.toggle} size="sm" aria-label={isOpen ? 'Close the menu' : 'Open the menu'} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar ?? ''} aria-label="Main">
        <Group justify="space-between" className={classes.brandRow ?? ''}>
          <Brand />
          <Burger opened={isOpen} onClick={navigation.toggle} size="sm" hiddenFrom="sm" aria-label="Close the menu" />
        </Group>
        <div className={classes.links}>
          {PAGES.map((page) => (
            <NavLink
              key={page.to}
              component={Link}
              to={page.to}
              label={page.label}
              leftSection={<page.icon size={18} stroke={1.7} />}
              active={isCurrent(page.to, pathname)}
              {...(isCurrent(page.to, pathname) ? { 'aria-current': 'page' } : {})}
              className={classes.link ?? ''}
            />
          ))}
        </div>
        <Group gap="xs" className={classes.foot ?? ''}>
          <SchemeToggle />
          <Tooltip label="Forget the API key of this tab">
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Leave" onClick={forgetKey}>
              <IconLogout size={18} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </AppShell.Navbar>
      <AppShell.Main className={classes.main ?? ''}>
        <AvailabilityBanner />
        <div id="main" tabIndex={-1} className={classes.content}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  );
}

function isCurrent(to: string, pathname: string): boolean {
  return to === '/' ? pathname === '/' : pathname === to || pathname.startsWith(`${to}/`);
}

function Brand() {
  return (
    <Link to="/" className={classes.brand}>
      <img src="/mark.svg" width={28} height={28} alt="" />
      <Text component="span" className={classes.brandName ?? ''}>
        Invoice Enterprise
      </Text>
    </Link>
  );
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'dark' ? 'light' : 'dark';
  const Icon = scheme === 'dark' ? IconSun : IconMoon;
  return (
    <Tooltip label={other === 'dark' ? 'Dark colours' : 'Light colours'}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Use ${other} colours`}
        onClick={() => setColorScheme(other)}
      >
        <Icon size={18} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  );
}
