// One line for the whole console while the service is away; calls go on trying meanwhile.
import { Loader, Transition } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { isAvailable, subscribeAvailability } from '../api/availability';
import classes from './AvailabilityBanner.module.css';

export function AvailabilityBanner() {
  const available = useSyncExternalStore(subscribeAvailability, isAvailable);
  return (
    <div role="status" aria-live="polite">
      <Transition mounted={!available} transition="slide-down" duration={150}>
        {(styles) => (
          <div className={classes.banner} style={styles}>
            <Loader size={14} color="currentColor" />
            The service is unavailable, retrying…
          </div>
        )}
      </Transition>
    </div>
  );
}
