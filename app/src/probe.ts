import { request } from 'node:http';

// The container's health check: the image has no curl, and needs none.
const probe = request(
  { host: '127.0.0.1', port: process.env.PORT ?? 3000, path: '/health/live', timeout: 3000 },
  (response) => process.exit(response.statusCode === 200 ? 0 : 1),
);
probe.on('timeout', () => process.exit(1));
probe.on('error', () => process.exit(1));
probe.end();
