import { experiment } from 'exptools';

// What there is to run when it is the runner that is measured.
export const trivial = experiment({ name: 'trivial' }, () => 1);
