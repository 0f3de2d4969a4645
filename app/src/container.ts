/** What a task definition has to know of the image that app/Dockerfile makes. A test holds the two together. */
export const container = {
  /** Port that the API listens on, in `PORT`. */
  port: 3000,
  /** User and group of the process; neither exists on a host. */
  user: '10001:10001',
  /** Asks `/health/live` on the container's own port; ends with 0 when it answers. No curl in the image. */
  healthCommand: ['CMD', 'node', '/app/health.js'],
  /** Path that the load balancer asks before it sends requests. */
  readinessPath: '/health/ready',
  /** Dockerfile, from the repository's root, which is also the build's context. */
  dockerfile: 'app/Dockerfile',
} as const;
