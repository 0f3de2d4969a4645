import type { FastifyReply } from 'fastify';

/** An answer that says what went wrong, as RFC 9457 has it. Nothing in it comes from an internal error. */
export class Problem extends Error {
  /**
   * A problem to be thrown from a route.
   *
   * @param status - HTTP status
   * @param title - what kind of problem this is; the same for every occurrence
   * @param detail - what the caller can do about it
   */
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail?: string,
  ) {
    super(title);
  }
}

/** Sends a problem as `application/problem+json`. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer error="invalid_token"');
  return reply.code(problem.status).type('application/problem+json').send({
    type: 'about:blank',
    title: problem.title,
    status: problem.status,
    detail: problem.detail,
    requestId: reply.request.id,
  });
}
