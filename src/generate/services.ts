// Ports that servers listen on. Some lie in the ephemeral range, as in life: there the port says nothing.

/** TCP, the commonest first. */
export const TCP_SERVICES: readonly number[] = [
  443, 8080, 5432, 6379, 9092, 8000, 9200, 389, 9090, 3000, 80, 3306, 27017, 22, 5672, 11211, 2049,
  50051, 25, 8443, 2181, 5000, 636, 3389, 10250, 61616,
];

/** UDP, the commonest first. */
export const UDP_SERVICES: readonly number[] = [
  53, 514, 8125, 161, 443, 3478, 1812, 4789, 6343, 27015, 51820,
];

/** UDP where both ends use the service port. */
export const SYMMETRIC_UDP: readonly number[] = [123, 500, 4500];

/** UDP that nobody answers: logs, metrics, samples, tunnels. */
export const ONE_WAY_UDP: readonly number[] = [514, 8125, 6343, 4789];
