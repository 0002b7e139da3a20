/** Hosts by which a machine reaches itself, or a container its machine: pages that show secrets answer no others. */
export const LOOPBACK =
  /^(localhost|127\.0\.0\.1|\[::1\]|host\.containers\.internal|host\.docker\.internal|host\.testcontainers\.internal)(:\d+)?$/;
