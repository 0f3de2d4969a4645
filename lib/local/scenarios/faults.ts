/** Status of an answer that a planted fault gives: a server error that the application itself never sends. */
export const PLANTED_STATUS = '507';

/** A fault of a version: the program that runs before the application's own, in its process. */
export interface Fault {
  /** Its name, such as `crash`. */
  readonly name: string;
  /** Source of a CommonJS module. */
  readonly source: string;
}

/**
 * A fault in the answering of requests. Health checks of the load balancer are let through: a version whose health
 * checks fail never gets traffic, and is another fault.
 *
 * @param body - what is done for the request number `count`; `pass()` lets the application answer
 */
const answering = (name: string, body: string): Fault => ({
  name,
  source: `
const { Server } = require('node:http');
const emit = Server.prototype.emit;
let count = 0;
Server.prototype.emit = function (event, request, response) {
  const pass = () => emit.apply(this, arguments);
  if (event !== 'request' || /HealthChecker/.test(request.headers['user-agent'] ?? '')) return pass();
  count += 1;
  ${body}
  return pass();
};
`,
});

/** Ends before it listens. */
export const CRASHES: Fault = { name: 'crash', source: 'process.exit(1);\n' };

/** Lets in who has no token: healthy, of the right version, and wrong. */
export const LETS_EVERYONE_IN: Fault = answering(
  'open-door',
  `if (request.url === '/v1/me') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{}');
    return true;
  }`,
);

/** Tells another version to who asks at the public listener: right wherever it is tried before. */
export const IS_ANOTHER_IN_PUBLIC: Fault = answering(
  'other-in-public',
  `if (request.url === '/version' && request.headers['x-forwarded-port'] === '443') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"version":"0.0.0","commit":"another"}');
    return true;
  }`,
);

/** Answers one of fifty requests, 2 %, with an error. */
export const FAILS_2_PERCENT: Fault = answering(
  'errors',
  `if (count % 50 === 0) {
    response.writeHead(${PLANTED_STATUS});
    response.end();
    return true;
  }`,
);

/** Takes two seconds for an answer once it has warmed up, past the 1.5 s of the latency alarm. */
export const IS_SLOW: Fault = answering(
  'slow',
  `if (count > 30) {
    setTimeout(pass, 2_000);
    return true;
  }`,
);
